/** The promise of the product: workers die, nobody gets the mail twice and nobody is forgotten. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, test } from "node:test";
import { messageId } from "#lib/letters/deliveries/message-id";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { disconnect, sql } from "#lib/machine/db";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { sendingCampaign } from "#testing/deliveries";
import { nameOf } from "#testing/names";
import { untilMoving } from "#testing/until";

const RECIPIENTS = 800;
const KILLS = 8;
const CONNECTIONS = 4;

const workers: ChildProcess[] = [];
let server: CountingServer;

after(async () => {
  for (const worker of workers) worker.kill("SIGKILL");
  await server.close();
  await disconnect();
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ["lib/worker/main.ts"], {
    env: { ...process.env, SRC_LEASE_SECONDS: "2", LOG_LEVEL: "error" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  workers.push(worker);
  return worker;
}

async function figures(campaign: number) {
  const rows = await sql<{ status: string; n: number }>`
    select status::text, count(*)::int as n from deliveries where campaign_id = ${campaign} group by status`;
  return Object.fromEntries(rows.map(({ status, n }) => [status, n])) as Partial<Record<string, number>>;
}

test("a worker killed with -9 eight times sends to nobody twice and forgets nobody", {
  timeout: 300_000,
}, async () => {
  // The pause before the answer keeps messages in flight at the moment of the kill.
  server = await startCountingServer({ delay: () => 15 });
  const { campaign } = await sendingCampaign({
    port: server.port,
    recipients: RECIPIENTS,
    maxConnections: CONNECTIONS,
  });

  for (let kill = 1; kill <= KILLS; kill++) {
    const worker = startWorker();
    const goal = Math.floor((RECIPIENTS * kill) / (KILLS + 1));
    const reached = () => {
      assert.equal(worker.exitCode, null, "the worker ended by itself");
      return server.accepted.size >= goal;
    };
    await untilMoving(reached, () => server.accepted.size, `${goal} before kill ${kill}`);
    worker.kill("SIGKILL");
    await new Promise((resolve) => worker.once("exit", resolve));
  }

  const last = startWorker();
  const settled = async () => {
    const now = await figures(campaign);
    return !now.queued && !now.sending;
  };
  await untilMoving(settled, () => server.accepted.size, "the queue is worked off");
  const found = await figures(campaign);
  const unknown = found.unknown ?? 0;
  assert.ok(
    unknown <= KILLS * CONNECTIONS,
    `${unknown} unknown for ${KILLS} kills of ${CONNECTIONS} connections`,
  );

  const twice = [...server.accepted].filter(([, times]) => times > 1);
  assert.deepEqual(twice, [], "nobody twice");
  const rows = await sql<{ id: number; address: string; status: string }>`
    select id, address, status::text from deliveries where campaign_id = ${campaign}`;
  for (const { address, status } of rows) {
    if (status === "sent")
      assert.equal(server.accepted.get(address), 1, `${address} is sent, and was received`);
    else assert.equal(status, "unknown");
  }
  // What is unknown is settled by what the server saw, and then nobody is missing.
  for (const { id, address, status } of rows) {
    if (status === "unknown")
      assert.equal(server.ids.has(messageId(await nameOf(id), "iut.example")), server.accepted.has(address));
  }
  await sql`
    update deliveries set status = 'sent', settled_at = now(), lease_token = null, lease_until = null
    where campaign_id = ${campaign} and status = 'unknown' and address = any(${[...server.accepted.keys()]})`;
  await sql`update campaigns set status = 'sending', finished_at = null where id = ${campaign}`;
  await settleUnknown(campaign, "requeue", null);
  const all = async () => (await figures(campaign)).sent === RECIPIENTS;
  await untilMoving(all, () => server.accepted.size, "what was lost is sent again");
  assert.equal(server.accepted.size, RECIPIENTS, "nobody lost");
  assert.ok([...server.accepted.values()].every((times) => times === 1));

  const [totals] = await sql<{ sent: number; queued: number; unknown: number }>`
    select sum(sent)::int as sent, sum(queued)::int as queued, sum(unknown)::int as unknown
    from campaign_totals where campaign_id = ${campaign}`;
  assert.deepEqual(
    totals,
    { sent: RECIPIENTS, queued: 0, unknown: 0 },
    "the counters say the same as the queue",
  );
  console.log(`${KILLS} kills, ${RECIPIENTS} recipients: ${unknown} unknown, each settled`);
  last.kill("SIGTERM");
  await new Promise((resolve) => last.once("exit", resolve));
});
