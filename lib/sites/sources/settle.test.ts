/** Runs end, are taken up and are swept each by itself: what befalls one touches no other. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { pool, sql, transaction } from "#lib/machine/db";
import { keepChunks, keptBytes } from "#lib/sites/sources/chunks";
import { emptyReport } from "#lib/sites/sources/import";
import { FileRefused } from "#lib/sites/sources/refusal";
import { fail, succeed } from "#lib/sites/sources/settle";
import { runQueuedSyncs, runSync } from "#lib/sites/sources/sync";
import { says, startSite } from "#testing/remote-site";
import { once, peopleXml } from "#testing/sources";

const site = await startSite(says(""));
after(() => site.close());
beforeEach(() => sql`delete from sync_runs`);

let n = 0;

/** A run in any state, of a source of its own. */
async function runIn(status: string, more: Record<string, unknown> = {}): Promise<number> {
  const { origin = "pull", attempts = 1, url = site.url, hours = 0, archived = false, token = null } = more;
  const [run] = await sql<{ id: number }>`
    with source as (
      insert into sources (key, name, url, allow_private, default_kind, archived_at, sealed_token)
      values (${`settle-${++n}`}, 'S', ${url}, true, 'former_src', case when ${archived} then now() end, ${token}) returning id
    )
    insert into sync_runs (source_id, origin, status, attempts, started_at, finished_at, created_at)
    select id, ${origin}, ${status}::"SyncRunStatus", ${attempts}, now(), case when ${status} in ('failed', 'succeeded') then now() end,
      now() - make_interval(hours => ${hours}) from source returning id`;
  await sql`insert into sync_chunks (run_id, n, bytes) values (${run?.id}, 0, ${Buffer.from("déjà")})`;
  return run?.id ?? 0;
}

const stateOf = async (id: number) => {
  const [run] = await sql`
    select status, error, rows_read, attempts, exists (select from sync_chunks where run_id = r.id) as kept,
      (select count(*)::int from sync_run_errors where run_id = r.id) as errors
    from sync_runs r where id = ${id}`;
  return run;
};
const report = () => ({
  ...emptyReport(),
  rowsRead: 3,
  errors: [{ line: 4, field: "email", reason: "email", value: "x", rejected: true } as const],
});

test("a run that succeeds is that one", async () => {
  const [one, other] = [await runIn("running"), await runIn("running")];
  await transaction((client) =>
    succeed(client, { id: one, sourceId: 0, userId: null, origin: "pull", readsId: null }, report(), {
      set: null,
      asked: 0,
    }),
  );
  assert.deepEqual(
    [(await stateOf(one))?.status, (await stateOf(one))?.rows_read, (await stateOf(one))?.errors],
    ["succeeded", 3, 1],
  );
  assert.deepEqual([(await stateOf(other))?.status, (await stateOf(other))?.errors], ["running", 0]);
});

test("a run fails with its reason and its rows, and no other does", async () => {
  const [one, other] = [await runIn("running"), await runIn("running")];
  await fail({ id: one, attempts: 1 }, report(), new FileRefused("truncated", 7));
  assert.deepEqual(
    [(await stateOf(one))?.status, (await stateOf(one))?.error, (await stateOf(one))?.errors],
    ["failed", "truncated", 1],
  );
  assert.deepEqual([(await stateOf(other))?.status, (await stateOf(other))?.errors], ["running", 0]);
});

test("who lost a run to a colleague, or to its end, says nothing of it", async () => {
  const [taken, done] = [await runIn("running", { attempts: 2 }), await runIn("succeeded")];
  for (const id of [taken, done]) await fail({ id, attempts: 1 }, report(), new FileRefused("timeout"));
  assert.deepEqual(
    [(await stateOf(taken))?.status, (await stateOf(taken))?.error, (await stateOf(taken))?.errors],
    ["running", null, 0],
  );
  assert.deepEqual([(await stateOf(done))?.status, (await stateOf(done))?.errors], ["succeeded", 0]);
});

test("a fault of ours is « failure », without a word of the exception", async () => {
  const id = await runIn("running");
  await fail({ id, attempts: 1 }, report(), new Error("relation secrets does not exist"));
  assert.equal((await stateOf(id))?.error, "failure");
});

test("the dead are queued again while they may, and the third death is the last", async () => {
  const [young, old] = [
    await runIn("running", { url: null, attempts: 2 }),
    await runIn("running", { attempts: 3 }),
  ];
  await runQueuedSyncs();
  assert.deepEqual([(await stateOf(young))?.error, (await stateOf(young))?.attempts], ["noUrl", 3]);
  assert.deepEqual([(await stateOf(old))?.status, (await stateOf(old))?.error], ["failed", "interrupted"]);
});

test("what is wrong with a source is said without asking its site", async () => {
  const [archived, token] = [
    await runIn("queued", { archived: true }),
    await runIn("queued", { token: Buffer.from("sealed by another key") }),
  ];
  const asked = site.asked.length;
  assert.equal(await runQueuedSyncs(), 2);
  assert.deepEqual(
    [(await stateOf(archived))?.error, (await stateOf(token))?.error],
    ["archivedSource", "token"],
  );
  assert.equal(site.asked.length, asked);
});

test("a run that is not queued is left alone, and says so", async () => {
  const [running, done, queued] = [
    await runIn("running"),
    await runIn("succeeded"),
    await runIn("queued", { url: null }),
  ];
  assert.deepEqual([await runSync(running), await runSync(done)], [false, false]);
  assert.deepEqual(
    [(await stateOf(running))?.status, (await stateOf(done))?.status],
    ["running", "succeeded"],
  );
  assert.deepEqual([(await stateOf(queued))?.status, (await stateOf(queued))?.attempts], ["queued", 1]);
});

test("only what failed two hours ago is swept, and a run sweeps but its own file", async () => {
  const [oldFailed, oldDone, fresh, waiting] = [
    await runIn("failed", { hours: 3 }),
    await runIn("succeeded", { hours: 3 }),
    await runIn("failed", { hours: 1 }),
    await runIn("failed", { hours: 3, origin: "upload" }),
  ];
  await sql`update sync_runs set status = 'queued', finished_at = null where id = ${waiting}`;
  const ours = await runIn("queued", { url: null });
  await sql`update sync_runs set status = 'running' where id = ${waiting}`;
  await runSync(ours);
  assert.deepEqual(
    [(await stateOf(ours))?.kept, (await stateOf(waiting))?.kept, (await stateOf(oldDone))?.kept],
    [false, true, true],
  );
  // Dead, taken up again as its worker would: it reads its file, which is none.
  await runQueuedSyncs();
  assert.deepEqual(
    await Promise.all([oldFailed, oldDone, fresh].map(async (id) => (await stateOf(id))?.kept)),
    [false, true, true],
  );
  assert.equal((await stateOf(waiting))?.error, "notXml");
});

test("who lost a run as it fetched writes no more of its file", async () => {
  const id = await runIn("queued");
  await sql`delete from sync_chunks`;
  site.answer = async (_, response) => {
    await sql`update sync_runs set attempts = attempts + 1 where id = ${id}`;
    response.writeHead(200).end(peopleXml([{ id: "1" }], `settle-${n}`));
  };
  assert.equal(await runSync(id), true);
  assert.deepEqual(
    [(await stateOf(id))?.status, (await stateOf(id))?.error, (await stateOf(id))?.kept],
    ["running", null, false],
  );
});

test("who lost a run just before its file was whole does not say that it is", async () => {
  const other = await runIn("running");
  for (const change of ["attempts = attempts + 1", "status = 'failed', finished_at = now()"]) {
    const id = await runIn("queued");
    await sql`delete from sync_chunks where run_id = ${id}`;
    site.answer = async (_, response) => {
      await pool().query(`update sync_runs set ${change} where id = $1`, [id]);
      response.writeHead(200).end("");
    };
    assert.equal(await runSync(id), true);
    const [run] = await sql`select fetched_at, error from sync_runs where id = ${id}`;
    assert.deepEqual(run, { fetched_at: null, error: null });
  }
  site.answer = says(peopleXml([{ id: "1" }], `settle-${n + 1}`));
  const id = await runIn("queued");
  await runSync(id);
  assert.equal((await stateOf(id))?.status, "succeeded");
  // A run in another's hands keeps its file, and is not said to be whole.
  assert.equal((await stateOf(other))?.kept, true);
  assert.equal((await sql`select fetched_at from sync_runs where id = ${other}`)[0]?.fetched_at, null);
});

test("a run that ends while it is fetched keeps nothing more", async () => {
  const id = await runIn("queued");
  site.answer = async (_, response) => {
    await sql`update sync_runs set status = 'failed', finished_at = now() where id = ${id}`;
    response.writeHead(200).end("<contacts/>");
  };
  assert.equal(await runSync(id), true);
  assert.equal((await stateOf(id))?.kept, false);
});

test("a row seen again is dated once a day, not at each run", async () => {
  const id = await runIn("queued");
  const source = (await sql`select source_id from sync_runs where id = ${id}`)[0]?.source_id;
  const again = async (age: string) => {
    await sql`update external_identities set seen_at = now() - ${age}::interval where source_id = ${source}`;
    await sql`insert into sync_runs (source_id, origin) values (${source}, 'pull')`;
    await runQueuedSyncs();
    const [{ fresh } = {}] =
      await sql`select seen_at > now() - interval '1 hour' as fresh from external_identities where source_id = ${source}`;
    return fresh;
  };
  site.answer = says(peopleXml([{ id: "1" }], `settle-${n}`));
  await runSync(id);
  assert.deepEqual([await again("10 hours"), await again("21 hours")], [false, true]);
});

test("chunks are 256 kB, in order, each file its own, and too much is no size", async () => {
  const [one, other] = [await runIn("failed"), await runIn("failed")];
  await sql`delete from sync_chunks where run_id = ${one}`;
  const bytes = Buffer.alloc(700_000, "0123456789");
  const write = (at: number, piece: Buffer) =>
    sql`insert into sync_chunks (run_id, n, bytes) values (${one}, ${at}, ${piece})`;
  const pieces = Array.from({ length: 70 }, (_, i) => bytes.subarray(i * 10_000, (i + 1) * 10_000));
  assert.equal(await keepChunks(once(...pieces), 700_000, write), 700_000);
  assert.ok(Buffer.concat(await Array.fromAsync(keptBytes(one))).equals(bytes));
  assert.equal((await sql`select from sync_chunks where run_id = ${one}`).length, 3);
  assert.equal(Buffer.concat(await Array.fromAsync(keptBytes(other))).toString(), "déjà");
  assert.equal(await keepChunks(once(bytes), 699_999, async () => {}), null);
  assert.equal(await keepChunks(once(), 10, async () => assert.fail("an empty piece")), 0);
});
