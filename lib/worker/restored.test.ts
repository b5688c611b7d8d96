/** A backup put back under an installation: real workers, a real server that counts, and nothing leaves unasked. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { getHealth } from "#lib/machine/health/queries";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { person, readyCampaign, segment } from "#testing/campaigns";
import { type CountingServer, startCountingServer } from "#testing/counting-server";
import { copyDatabase } from "#testing/database";
import { givePublicAddress, sendingCampaign } from "#testing/deliveries";
import { until, untilStill } from "#testing/until";

const workers: ChildProcess[] = [];
let server: CountingServer;
let folder: string;

beforeEach(async () => {
  server = await startCountingServer();
  folder = mkdtempSync(join(tmpdir(), "src-life-"));
});
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill("SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true });
});
test.after(disconnect);

/** Beside the installation's key, or on a machine that knows nothing of it. */
function startWorker(dataDir = folder): ChildProcess {
  const worker = spawn(process.execPath, ["lib/worker/main.ts"], {
    env: { ...process.env, SRC_DATA_DIR: dataDir, SRC_LEASE_SECONDS: "2", LOG_LEVEL: "silent" },
    stdio: "inherit",
  });
  workers.push(worker);
  return worker;
}

async function stop(worker: ChildProcess) {
  worker.kill("SIGTERM");
  await once(worker, "exit");
}

const held = async () =>
  (await sql<{ why: string | null }>`select held_why as why from installation`)[0]?.why ?? null;
const beside = () =>
  globSync(join(folder, "oppositions/*.jsonl"))
    .map((file) => readFileSync(file, "utf8"))
    .join("");
const most = () => Math.max(0, ...server.accepted.values());

/** One campaign under way, another due in three seconds, as of last night; then all of it leaves in the morning. */
async function nightAndMorning() {
  const { campaign, identity, relay } = await sendingCampaign({
    port: server.port,
    recipients: 60,
    perMinute: 30,
  });
  await givePublicAddress();
  for (let i = 0; i < 40; i++) await person();
  const scheduled = await readyCampaign({ identityId: identity, segmentId: await segment() });
  let worker = startWorker();
  await until(() => server.accepted.size === 30, "half of it before the night");
  await until(async () => (await sql`select from installation where beat > 0`).length > 0, "it beats");
  await stop(worker);
  await sql`update relays set per_minute = null, spent_until = null where id = ${relay}`;
  await sql`update campaigns set status = 'scheduled', scheduled_for = now() + interval '1 second' where id = ${scheduled}`;
  const backup = await copyDatabase();
  worker = startWorker();
  await until(() => server.accepted.size === 100, "all of both in the morning");
  await suppress({ addressHash: hashAddress("stop@src.example"), topicId: null, reason: "unsubscribe" });
  await until(
    () => beside().includes(Buffer.from(hashAddress("stop@src.example")).toString("hex")),
    "kept beside",
  );
  await stop(worker);
  assert.equal(most(), 1);
  return { campaign, scheduled, backup };
}

test("a backup of last night put back: nobody is mailed again, on the machine that knows better nor on a new one", async () => {
  const { backup, scheduled } = await nightAndMorning();
  for (const dataDir of [folder, join(folder, "elsewhere")]) {
    await backup.putBack();
    const worker = startWorker(dataDir);
    await until(async () => (await sql`select from workers where stopped_at is null`).length > 0, "it works");
    await until(held, "it is held");
    await untilStill(() => server.accepted.size + most(), "nothing leaves", 2_500, 5);
    assert.equal(most(), 1, "nobody twice");
    assert.equal(await held(), dataDir === folder ? "behind" : "absent");
    const [still] = await sql<{ status: string }>`select status from campaigns where id = ${scheduled}`;
    assert.equal(still?.status, "scheduled", "not launched");
    const { status, held: said } = await getHealth();
    assert.deepEqual([status, said], ["degraded", true]);
    const [put] = await sql<{ n: number }>`select oppositions as n from restores order by id desc limit 1`;
    const stopped = await sql`select from suppressions where reason = 'unsubscribe'`;
    assert.equal(put?.n, dataDir === folder ? 1 : 0, "who said stop in the morning is known again");
    assert.equal(stopped.length, put?.n);
    await stop(worker);
  }
  await backup.drop();
});
