/** The promise kept where it is hardest: nobody knows what became of a message, and the Sent folder does. Real workers. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, afterEach, before, test } from "node:test";
import type { Waits } from "#lib/letters/deliveries/evidence";
import { messageId } from "#lib/letters/deliveries/message-id";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { db, disconnect, sql, sqlOn, transaction } from "#lib/machine/db";
import { readSentFolders } from "#lib/returns/mailbox/sent";
import { sendingCampaign } from "#testing/deliveries";
import { type Dovecot, sentFolder, startDovecot } from "#testing/dovecot";
import { type Fate, type FilingServer, startFilingServer } from "#testing/filing-server";
import { giveMailbox } from "#testing/mail-accounts";
import { nameOf } from "#testing/names";
import { until, untilMoving } from "#testing/until";

/** Seconds instead of minutes. */
const quick: Waits = { first: 0, margin: 1, quiet: 6, filing: 2, patience: 30, again: [0], most: 3600 };

let mailbox: Dovecot;
const workers: ChildProcess[] = [];
const servers: FilingServer[] = [];
before(async () => {
  mailbox = await startDovecot();
  await mailbox.create(sentFolder);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map(kill));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await sql`update relays set archived_at = now() where kind = 'smtp'`;
});
after(async () => {
  await disconnect();
  await mailbox.stop();
});

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ["lib/worker/main.ts"], {
    env: { ...process.env, SRC_LEASE_SECONDS: "2", LOG_LEVEL: "error" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  workers.push(worker);
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.kill("SIGKILL");
  await gone;
}

/** A campaign whose relay has the mailbox. `fates` by number of recipient, at its first coming. */
async function open(recipients: number, fates: Record<number, Fate>, pace = 0) {
  const server = await startFilingServer(
    mailbox,
    (address, before) => (before === 0 ? fates[Number(/^r(\d+)@/.exec(address)?.[1])] : undefined),
    pace,
  );
  servers.push(server);
  const { campaign, relay } = await sendingCampaign({ port: server.port, recipients, maxConnections: 2 });
  await giveMailbox(relay, mailbox);
  await sql`insert into sent_folders (relay_id, reading_since) values (${relay}, now() - interval '1 day')`;
  const rows = await sql<{
    id: number;
  }>`select id from deliveries where campaign_id = ${campaign} order by id`;
  const idOf = (n: number) => rows[n - 1]?.id ?? 0;
  return { server, campaign, relay, idOf };
}

const read = async () => {
  await sql`update sent_folders set due_at = now(), lease_until = null`;
  return readSentFolders(quick);
};
const statusOf = async (id: number) =>
  (await db.delivery.findUniqueOrThrow({ where: { id }, select: { status: true } })).status;
const logOf = (id: number) => sql`select outcome, reason from attempts where delivery_id = ${id} order by id`;

/** All sent. A lost one is looked for some seconds apart, and does not move meanwhile. */
async function untilSettled({ campaign, server }: Awaited<ReturnType<typeof open>>) {
  const open = () => db.delivery.count({ where: { campaignId: campaign, status: { not: "sent" } } });
  const settled = async () => {
    await read();
    return (await open()) === 0;
  };
  await untilMoving(settled, async () => `${server.accepted.size} ${await open()}`, "all sent", 30);
}

const waitingForLocks = () =>
  sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

/** Nobody twice, nobody lost, and the ledger says the server's own count. */
async function assertOnce({ server, campaign, relay }: Awaited<ReturnType<typeof open>>, recipients: number) {
  assert.deepEqual(
    [...server.accepted].filter(([, times]) => times !== 1),
    [],
    "nobody twice",
  );
  assert.equal(server.accepted.size, recipients, "nobody lost");
  const [ledger] = await sql<{ n: number }>`
    select sum(n)::int as n from relay_usage
    where relay_id = ${relay} and campaign_id = ${campaign} and outcome in ('sent', 'unknown')`;
  assert.equal(ledger?.n, recipients, "the ledger is the server's count");
}

test("a server that dies before its answer, drops the connection, or files late", {
  timeout: 120_000,
}, async () => {
  const campaign = await open(
    50,
    { 5: { cut: "reply" }, 6: { accept: false }, 7: { cut: "reply", filed: 600 }, 8: { cut: "data" } },
    100,
  );
  startWorker();
  await untilSettled(campaign);
  await assertOnce(campaign, 50);
  const found = [
    { outcome: "unknown", reason: "connectionLost" },
    { outcome: "sent", reason: "foundInSent" },
  ];
  const absent = [
    { outcome: "unknown", reason: "connectionLost" },
    { outcome: "requeued", reason: "notInSent" },
    { outcome: "sent", reason: null },
  ];
  assert.deepEqual(await logOf(campaign.idOf(5)), found);
  assert.deepEqual(await logOf(campaign.idOf(7)), found);
  assert.deepEqual(await logOf(campaign.idOf(6)), absent);
  assert.deepEqual(await logOf(campaign.idOf(8)), absent);
});

test("a worker killed with -9 after the answer and before the commit, before the answer, and before the acceptance", {
  timeout: 180_000,
}, async () => {
  const answered = Promise.withResolvers<void>();
  const discarded = Promise.withResolvers<void>();
  const accepted = Promise.withResolvers<void>();
  const came = new Set<number>();
  const whole = (n: number, until: Promise<void>) => () => {
    came.add(n);
    return until;
  };
  const campaign = await open(
    60,
    {
      10: { beforeReply: whole(10, answered.promise) },
      20: { hold: whole(20, discarded.promise), accept: false },
      30: { hold: whole(30, accepted.promise) },
    },
    60,
  );
  const first = startWorker();
  await until(() => came.has(10), "the tenth is accepted");
  await transaction(async (client) => {
    await sqlOn(client)`select 1 from deliveries where id = ${campaign.idOf(10)} for update`;
    answered.resolve();
    await until(async () => (await waitingForLocks()).length > 0, "the worker settles");
    await kill(first);
    // PostgreSQL would go on waiting, and commit for a client that is gone.
    for (const { pid } of await waitingForLocks()) await sql`select pg_terminate_backend(${pid})`;
    await until(async () => (await waitingForLocks()).length === 0, "nobody settles");
  });
  assert.equal(await statusOf(campaign.idOf(10)), "sending", "the answer was never written down");

  const second = startWorker();
  await until(() => came.has(20), "the twentieth is handed over");
  await kill(second);
  discarded.resolve();

  const third = startWorker();
  await until(() => came.has(30), "the thirtieth is handed over");
  await kill(third);
  startWorker();
  await until(async () => (await statusOf(campaign.idOf(30))) === "unknown", "the thirtieth is unknown");
  await read();
  assert.equal(await statusOf(campaign.idOf(30)), "unknown", "absent, and not yet evidence");
  // The server had it all along, and takes it only now that everybody has given up.
  accepted.resolve();

  await untilSettled(campaign);
  await assertOnce(campaign, 60);
  const last = async (n: number) =>
    (await logOf(campaign.idOf(n))).map(({ outcome, reason }) => reason ?? outcome);
  assert.deepEqual(await last(10), ["workerLost", "foundInSent"]);
  assert.deepEqual(await last(20), ["workerLost", "notInSent", "sent"]);
  assert.deepEqual(await last(30), ["workerLost", "foundInSent"]);
});

test("an account that files nothing: nothing is sent again, and people decide", {
  timeout: 60_000,
}, async () => {
  const nothing = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i + 1, { filed: null } as Fate]));
  const campaign = await open(12, { ...nothing, 3: { filed: null, cut: "reply" } }, 50);
  startWorker();
  await until(
    async () =>
      (await db.delivery.count({ where: { campaignId: campaign.campaign, status: "sent" } })) === 11,
    "11 sent",
  );
  const flagged = async () => {
    await read();
    return (
      (await db.sentFolder.findUniqueOrThrow({ where: { relayId: campaign.relay } })).filesCopies === false
    );
  };
  await until(flagged, "told to file nothing");
  await until(async () => {
    await read();
    return (await db.lookup.findUnique({ where: { deliveryId: campaign.idOf(3) } }))?.verdict === "noCopies";
  }, "looked for in vain");
  assert.equal(await statusOf(campaign.idOf(3)), "unknown");
  assert.deepEqual(await settleUnknown(campaign.campaign, "sent", null), { ok: true, settled: 1 });
  await assertOnce(campaign, 12);
});

test("two workers settle by themselves, each delivery once", { timeout: 60_000 }, async () => {
  const campaign = await open(20, {});
  // As two workers would find it after a fall of everything: half of them accepted, and one before and one after.
  await sql`
    update deliveries set status = 'unknown', relay_id = ${campaign.relay}, attempts = 1, reason = 'workerLost',
      announced_at = now() - interval '25 minutes', unknown_at = now() - interval '24 minutes'
    where campaign_id = ${campaign.campaign} and id between ${campaign.idOf(2)} and ${campaign.idOf(19)}`;
  await sql`
    update deliveries set status = 'sent', relay_id = ${campaign.relay}, attempts = 1, settled_at = now(),
      announced_at = now() - case id when ${campaign.idOf(1)} then interval '30 minutes' else interval '5 minutes' end
    where id in (${campaign.idOf(1)}, ${campaign.idOf(20)})`;
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20])
    await mailbox.append(
      Buffer.from(`Message-ID: ${messageId(await nameOf(campaign.idOf(n)), "iut.example")}\r\n\r\n`),
      new Date(),
      sentFolder,
    );
  startWorker();
  startWorker();
  await until(
    async () =>
      (await db.delivery.count({ where: { campaignId: campaign.campaign, status: "sent" } })) === 20,
    "all settled",
    40,
  );
  assert.equal(campaign.server.accepted.size, 9, "only those that were absent left again");
  assert.ok([...campaign.server.accepted.values()].every((times) => times === 1));
  const log = await sql`
    select a.reason, count(*)::int as n from attempts a join deliveries d on d.id = a.delivery_id
    where d.campaign_id = ${campaign.campaign} and a.reason is not null group by 1 order by 1`;
  assert.deepEqual(log, [
    { reason: "foundInSent", n: 9 },
    { reason: "notInSent", n: 9 },
  ]);
});
