import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { pool, promptly, sql } from "#lib/machine/db";
import { until } from "#testing/until";

test("a connection that dies while it is taken fails its next statement, and nothing else", async () => {
  const taken = await pool().connect();
  const { rows } = await taken.query("select pg_backend_pid() as pid");
  const { pid } = rows[0];
  await sql`select pg_terminate_backend(${pid}::int)`;
  const alive = () => sql`select from pg_stat_activity where pid = ${pid}::int`;
  // Nothing is asked of it while its end is heard.
  await until(async () => (await alive()).length === 0, "the connection is dead");
  await alive();
  await assert.rejects(taken.query("select 1"));
  taken.release(true);
  assert.deepEqual(await sql`select 1 as one`, [{ one: 1 }]);
});

test("whoever waits at a screen waits two seconds for what another holds", async () => {
  const [topic] = await sql<{ id: number }>`select min(id)::int as id from topics`;
  const lock = "select from topics where id = $1 for update";
  const other = await pool().connect();
  await other.query("begin");
  await other.query(lock, [topic?.id]);
  await assert.rejects(
    promptly((client) => client.query(lock, [topic?.id])),
    { code: "55P03" },
  );
  await other.query("rollback");
  other.release();
  assert.equal((await promptly((client) => client.query(lock, [topic?.id]))).rowCount, 1);
});
