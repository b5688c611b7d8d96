import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { getHealth } from "#lib/machine/health/queries";
import { sendingCampaign } from "#testing/deliveries";

test("a fresh installation has a database and no worker", async () => {
  const health = await getHealth();
  assert.equal(health.status, "degraded");
  assert.deepEqual(health.worker, { ok: false, count: 0, heartbeatAge: null });
  assert.deepEqual(health.queue, { ok: true, waiting: 0, oldestDue: 0 });
});

test("a worker counts while it gives signs of life and has not left", async () => {
  await sql`insert into workers (id, hostname, pid, heartbeat_at, stopped_at) values
    (gen_random_uuid(), 'a', 1, now(), null),
    (gen_random_uuid(), 'a', 4, now(), null),
    (gen_random_uuid(), 'b', 2, now() - interval '10 minutes', null),
    (gen_random_uuid(), 'c', 3, now() + interval '1 hour', now())`;
  const { worker, status: verdict } = await getHealth();
  assert.ok(
    (worker.heartbeatAge ?? -1) >= 0 && (worker.heartbeatAge ?? 99) < 60,
    "of those that have not left",
  );
  assert.equal(verdict, "ok");
  assert.equal(worker.count, 2);
});

test("what waits is of campaigns under way and of letters; what is late is the oldest due of these", async () => {
  const waiting = async () => {
    const { queue } = await getHealth();
    return [queue.waiting, Math.round(queue.oldestDue / 60)];
  };
  const { campaign } = await sendingCampaign({ port: 1, recipients: 4 });
  const letter = await sendingCampaign({ port: 1, recipients: 2 });
  await sql`update deliveries set due_at = now() - interval '20 minutes' where campaign_id = ${campaign}`;
  await sql`update deliveries set due_at = now() - interval '50 minutes' where campaign_id = ${letter.campaign}`;
  assert.deepEqual(await waiting(), [6, 50]);
  await sql`update campaigns set status = 'paused' where id = ${letter.campaign}`;
  assert.deepEqual(await waiting(), [4, 20], "a pause is somebody’s wish");
  await sql`
    update deliveries set status = 'failed', reason = 'givenUp', settled_at = now(), due_at = now() - interval '3 hours'
    where id in (select min(id) from deliveries where campaign_id = ${campaign})`;
  assert.deepEqual(await waiting(), [3, 20], "what has ended is not late");
  await sql`update deliveries set campaign_id = null where campaign_id = ${letter.campaign}`;
  assert.deepEqual(await waiting(), [5, 50], "letters by hand");
  await sql`update deliveries set status = 'failed', reason = 'givenUp', settled_at = now() where campaign_id is null`;
  assert.deepEqual(await waiting(), [3, 20]);
});

test("a database that does not answer is an answer", async () => {
  const url = env.databaseUrl ?? "";
  await disconnect();
  env.databaseUrl = "postgresql://nobody@127.0.0.1:1/none";
  assert.equal((await getHealth()).status, "down");
  await disconnect();
  env.databaseUrl = url;
});
