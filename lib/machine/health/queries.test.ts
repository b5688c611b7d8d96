import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { status } from "#lib/machine/health/command";
import { getHealth } from "#lib/machine/health/queries";

test("a fresh installation has a database and no worker", async () => {
  const health = await getHealth();
  assert.equal(health.status, "degraded");
  assert.deepEqual(health.worker, { ok: false, count: 0, heartbeatAge: null });
  assert.deepEqual(health.queue, { ok: true, waiting: 0, oldestDue: 0 });
});

test("a worker counts while it gives signs of life and has not left", async () => {
  await sql`insert into workers (id, hostname, pid, heartbeat_at, stopped_at) values
    (gen_random_uuid(), 'a', 1, now(), null),
    (gen_random_uuid(), 'b', 2, now() - interval '10 minutes', null),
    (gen_random_uuid(), 'c', 3, now(), now())`;
  const { worker, status: verdict } = await getHealth();
  assert.equal(verdict, "ok");
  assert.equal(worker.count, 1);
  assert.equal(await status(["--json"]), 0);
});

test("a database that does not answer is an answer", async () => {
  const url = env.databaseUrl ?? "";
  await disconnect();
  env.databaseUrl = "postgresql://nobody@127.0.0.1:1/none";
  assert.equal((await getHealth()).status, "down");
  assert.equal(await status([]), 1);
  await disconnect();
  env.databaseUrl = url;
});
