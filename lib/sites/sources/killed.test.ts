/** A worker killed with -9 wherever a run stands: the book is as it was, and the next worker brings it to exactly after. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pool, sql } from "#lib/machine/db";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { applyDecision, cancelRun, requestSync, undoRun } from "#lib/sites/sources/mutations";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { says, startSite } from "#testing/remote-site";
import { peopleXml } from "#testing/sources";

const site = await startSite(says(""));
after(() => site.close());
const staff = await hireStaff();
let source = 0;

const give = (turn: number, extra = 0) => {
  const people = Array.from({ length: 12 + extra }, (_, n) => ({
    id: `p${n}`,
    emails: [`p${n}-${n < 4 ? turn : 0}@src.example`],
    body: `<phone>05 57 12 ${20 + turn} 0${n % 10}</phone><organisation><name>Agence ${turn}</name></organisation>
      <newsletters><subscribe topic="src" at="2024-09-14" proof="f"/></newsletters>`,
  }));
  site.answer = says(peopleXml(people, "killed"));
};

/** All that a run may write, without the numbers and hours that differ from one try to the next. */
async function book() {
  const { rows } = await pool().query(`
    select c.last_name, c.phone, e.external_id, encode(e.row_hash, 'hex') as hash, r.phone as said, r.organisation_name,
      array(select m.address || m.is_primary from email_addresses m where m.contact_id = c.id order by 1) as addresses,
      array(select o.name || (f.ended_at is null) from affiliations f join organisations o on o.id = f.organisation_id where f.contact_id = c.id order by 1) as places,
      (select count(*)::int from subscriptions n where n.contact_id = c.id) as newsletters,
      (select count(*)::int from activities a where a.contact_id = c.id) as told
    from contacts c left join external_identities e on e.contact_id = c.id left join remembered_rows r on r.identity_id = e.id
    order by e.external_id, c.id`);
  return rows;
}

const worker = (work: string): ChildProcess =>
  spawn(process.execPath, ["--input-type=module", "-e", work], {
    cwd: `${import.meta.dirname}/../../..`,
    stdio: "ignore",
  });
const syncs = `import("#lib/sites/sources/sync").then((sync) => sync.runQueuedSyncs())`;
const undoes = `import("#lib/people/change-sets/undo").then((undo) => undo.undoChangeSets())`;

/** A worker stopped where it first writes `table`, which somebody holds, and what to do to it there. */
async function stoppedAt(
  table: string,
  work: string,
  act: (child: ChildProcess) => Promise<void>,
  mode = "share",
) {
  const blocker = await pool().connect();
  try {
    await blocker.query(`begin; lock table ${table} in ${mode} mode`);
    const child = worker(work);
    const gone = new Promise((resolve) => child.on("exit", resolve));
    // The server's own cleaning waits there too, in a mode that no worker asks for.
    const waits = async () =>
      (
        await sql`select from pg_locks where not granted and relation = ${table}::regclass and mode <> 'ShareUpdateExclusiveLock'`
      ).length > 0;
    for (const end = Date.now() + 30_000; !(await waits()); await wait(20))
      assert.ok(Date.now() < end && child.exitCode === null, `the worker never wrote ${table}`);
    await act(child);
    if (child.exitCode === null) child.kill("SIGKILL");
    await gone;
  } finally {
    await blocker.query("rollback");
    blocker.release();
  }
  // What the dead one left behind in the server ends a moment later.
  while ((await sql`select from pg_locks where not granted`).length > 0) await wait(20);
}
const kill = async (child: ChildProcess) => void child.kill("SIGKILL");

/** The task passes again, as in life, until the run is over. */
async function finish(id: number) {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(50)) {
    await runQueuedSyncs();
    const [run] = await sql`select * from sync_runs where id = ${id}`;
    if (run && !["queued", "running"].includes(run.status)) return run;
  }
  return assert.fail("the run never ended");
}
const ask = async () => {
  const asked = await requestSync(source, staff);
  assert.ok(asked.ok);
  return asked.runId;
};

before(async () => {
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, ownership, hold_updated, hold_created)
    values ('killed', 'K', ${site.url}, true, 'former_src', '{"*": "remote"}', 100, 1000) returning id`;
  source = row?.id ?? 0;
});

// In the order in which a run comes to them; the first is only read: all is staged by then.
const points = [
  "external_identities read",
  "contacts",
  "email_addresses",
  "organisations",
  "affiliations",
  "subscriptions",
  "external_identities",
  "remembered_rows",
  "activities",
  "changes",
  "sync_run_errors",
];

for (const [turn, point] of points.entries())
  test(`killed at ${point}: exactly before, then exactly after`, async () => {
    give(turn, turn);
    const id = await ask();
    const was = await book();
    const [table = "", read] = point.split(" ");
    await stoppedAt(table, syncs, kill, read ? "access exclusive" : "share");
    assert.deepEqual(await book(), was);
    const run = await finish(id);
    assert.deepEqual([run.status, run.error, run.rows_read, run.attempts], ["succeeded", null, 12 + turn, 2]);
    const now = await book();
    assert.equal(now.length, 12 + turn);
    for (const one of now) {
      const n = Number(one.external_id.slice(1));
      const phone = `+33 5 57 12 ${20 + turn} 0${n % 10}`;
      assert.deepEqual([one.phone, one.said, one.organisation_name], [phone, phone, `Agence ${turn}`]);
      assert.deepEqual([one.newsletters, one.places.includes(`Agence ${turn}true`)], [1, true]);
    }
    // Once: a second run finds nothing to do.
    const again = await finish(await ask());
    assert.deepEqual([again.created, again.updated, again.unchanged], [0, 0, 12 + turn]);
  });

test("killed as its site speaks: asked again, whole", async () => {
  give(11, 11);
  const whole = site.answer;
  let child: ChildProcess | undefined;
  await new Promise<void>((heard) => {
    site.answer = (_, response) => {
      response.writeHead(200).write("<contacts");
      heard();
    };
    ask().then(() => {
      child = worker(syncs);
    });
  });
  child?.kill("SIGKILL");
  site.answer = whole;
  const [run] = await sql<{ id: number }>`select max(id)::int as id from sync_runs`;
  assert.equal((await finish(run?.id ?? 0)).status, "succeeded");
});

test("killed as it keeps a proposal: nothing proposed, then proposed once", async () => {
  await sql`update sources set applies = 'ask'`;
  give(11, 20);
  const id = await ask();
  const was = await book();
  await stoppedAt("change_sets", syncs, kill);
  assert.deepEqual(await book(), was);
  const run = await finish(id);
  assert.equal(run.status, "held");
  assert.deepEqual(await book(), was);
  assert.equal((await sql`select from change_sets where status = 'waiting'`).length, 1);
  // And as its decision is carried out.
  const decided = await applyDecision(id, staff);
  assert.ok(decided.ok);
  await stoppedAt("remembered_rows", syncs, kill);
  assert.deepEqual(await book(), was);
  assert.equal((await sql`select from change_sets where status = 'waiting'`).length, 1);
  assert.equal((await finish(decided.runId)).status, "succeeded");
  assert.equal((await book()).length, 32);
});

test("killed as it undoes: whole or not begun, then exactly before", async () => {
  await sql`update sources set applies = 'auto'`;
  const states = () => sql`select contact_id, state from contact_states order by contact_id`;
  const was = await states();
  give(12, 22);
  const run = await finish(await ask());
  const then = await states();
  assert.notDeepEqual(then, was);
  assert.deepEqual(await undoRun(run.id, staff), { ok: true });
  for (const table of ["email_addresses", "activities", "changes"]) {
    await stoppedAt(table, undoes, kill);
    assert.deepEqual(await states(), then);
  }
  const open = async () => (await sql`select from change_sets where status = 'undoing'`).length > 0;
  while (await open()) await undoChangeSets();
  assert.deepEqual(await states(), was);
});

test("stopped by somebody, it leaves exactly before, whether it waited or wrote; a colleague does not take it up", async () => {
  give(13, 24);
  const was = await book();
  const id = await ask();
  await stoppedAt("affiliations", syncs, async (child) => {
    assert.deepEqual(await cancelRun(id, staff), { ok: true });
    assert.deepEqual(await cancelRun(id, staff), { ok: false, reason: "notOpen" });
    // Its statement is cancelled from another connection; the book is let go while the lock is still there.
    const stopped = async () =>
      (await sql`select from sync_runs where id = ${id} and status = 'failed'`).length > 0;
    for (const end = Date.now() + 30_000; !(await stopped()); await wait(50))
      assert.ok(Date.now() < end, "it never stopped");
    await kill(child);
  });
  const run = await finish(id);
  assert.deepEqual([run.status, run.error, run.attempts], ["failed", "cancelled", 1]);
  const queued = await ask();
  await cancelRun(queued, staff);
  assert.deepEqual([(await finish(queued)).error, (await finish(queued)).attempts], ["cancelled", 0]);
  // Its worker died before it heard.
  const killed = await ask();
  await stoppedAt("affiliations", syncs, async (child) => {
    await kill(child);
    await sql`update sync_runs set cancelled_at = now() where id = ${killed}`;
  });
  assert.deepEqual([(await finish(killed)).error, (await finish(killed)).attempts], ["cancelled", 1]);
  assert.deepEqual(await book(), was);
});
