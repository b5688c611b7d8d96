/** A run too large for one transaction: killed with -9 between its slices it ends exactly after, stopped there it ends exactly before. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { after, beforeEach, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pool, sql } from "#lib/machine/db";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { applyDecision, cancelRun, decideChanges, requestSync, undoRun } from "#lib/sites/sources/mutations";
import { findProgress } from "#lib/sites/sources/queries";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { says, startSite } from "#testing/remote-site";
import { peopleXml } from "#testing/sources";
import { until, within } from "#testing/until";

const site = await startSite(says(""));
after(() => site.close());
const staff = await hireStaff();
const limits = { atOnce: 50, slice: 30 };
const people = 200;
const last = people - 1;
let source = 0;
let key = "";
let made = 0;

/** The first two exchange their addresses from one turn to the next; all say another number, and work elsewhere. */
const give = (turn: number, count = people) => {
  const addressOf = (n: number) =>
    `p${n === 0 && turn > 0 ? last : n === last && turn > 0 ? 0 : n}.${key}@src.example`;
  const list = Array.from({ length: count }, (_, n) => ({
    id: `p${n}`,
    emails: [addressOf(n), `q${n}-${n % 7 === 0 ? turn : 0}.${key}@src.example`],
    body: `<phone>05 57 12 ${20 + turn} ${10 + (n % 90)}</phone><organisation><name>Agence ${turn} ${n % 40}</name></organisation>`,
  }));
  site.answer = says(peopleXml(list, key));
};

beforeEach(async () => {
  await sql`truncate contacts, organisations, change_sets restart identity cascade`;
  key = `sliced-${++made}`;
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, ownership, absent, hold_updated, hold_created, hold_emptied, hold_fewer)
    values (${key}, 'S', ${site.url}, true, 'former_src', '{"*": "remote"}', 'propose', 200, 10000, 200, 100) returning id`;
  source = row?.id ?? 0;
});

/** All that a run may write, without the numbers and hours that differ from one try to the next. */
async function book() {
  const { rows } = await pool().query(`
    select c.id, c.last_name, c.phone, c.archived_at is not null as away, e.external_id, encode(e.row_hash, 'hex') as hash,
      to_jsonb(r) - '{identity_id,said_at,organisation_id}'::text[] as said,
      array(select m.address || m.is_primary from email_addresses m where m.contact_id = c.id order by 1) as addresses,
      array(select o.name || (f.ended_at is null) from affiliations f join organisations o on o.id = f.organisation_id where f.contact_id = c.id order by 1) as places
    from contacts c left join external_identities e on e.contact_id = c.id left join remembered_rows r on r.identity_id = e.id
    order by e.external_id, c.id`);
  return rows;
}

const worker = (): ChildProcess =>
  spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import("#lib/sites/sources/sync").then((sync) => sync.runQueuedSyncs(${JSON.stringify(limits)}))`,
    ],
    { cwd: `${import.meta.dirname}/../../..`, stdio: "inherit" },
  );

const ask = async () => {
  const asked = await requestSync(source, staff);
  assert.ok(asked.ok);
  return asked.runId;
};

/** The task passes again, as in life, until the run is over. */
async function finish(id: number) {
  for (const end = Date.now() + 120_000; Date.now() < end; await wait(50)) {
    await runQueuedSyncs(limits);
    const [run] = await sql`select * from sync_runs where id = ${id}`;
    if (run && !["queued", "running"].includes(run.status)) return run;
  }
  return assert.fail("the run never ended");
}
const load = async (turn: number, count = people) => {
  give(turn, count);
  const run = await finish(await ask());
  assert.deepEqual([run.status, run.error], ["succeeded", null]);
  return run;
};

const written = async (id: number) =>
  (
    await sql<{ written: number; planned: number; status: string }>`
    select c.written, c.planned, c.status from sync_runs r join change_sets c on c.id = r.change_set_id where r.id = ${id}`
  )[0];

/** A worker that comes to somebody whom a colleague holds, with slices before and after; then what befalls it. */
async function stoppedHalfWay(id: number, held: number, act: (child: ChildProcess) => Promise<unknown>) {
  const blocker = await pool().connect();
  await blocker.query(`begin; select from contacts where id = ${held} for update`);
  const child = worker();
  const gone = new Promise((resolve) => child.on("exit", resolve));
  try {
    await until(async () => ((await written(id))?.written ?? 0) >= 60, "two slices", 120);
    await act(child);
  } finally {
    child.kill("SIGKILL");
    await gone;
    await blocker.query("rollback");
    blocker.release();
  }
}
const kill = async (child: ChildProcess) => void child.kill("SIGKILL");
const total = async (table: string) =>
  Number((await pool().query(`select count(*) from ${table}`)).rows[0].count);

test("killed between two slices: in part then, exactly after at the end, each told once", async () => {
  await load(0);
  give(1);
  const id = await ask();
  const was = await book();
  await stoppedHalfWay(id, 120, kill);
  const half = await written(id);
  assert.deepEqual([half?.planned, half?.status], [people, "applying"]);
  const moved = (await book()).filter((one, n) => one.phone !== was[n]?.phone).length;
  assert.equal(moved, half?.written, "a slice is whole or not begun");
  assert.ok(moved > 0 && moved < people);
  const progress = await findProgress(id);
  assert.deepEqual([progress?.written, progress?.planned, progress?.changed], [moved, people, moved]);
  assert.deepEqual([progress?.rowsRead, progress?.matched, progress?.left], [people, people, people - moved]);
  const run = await finish(id);
  assert.deepEqual(
    [run.status, run.error, run.attempts, run.created, run.updated, run.unchanged, run.rows_read],
    ["succeeded", null, 2, 0, people, 0, people],
  );
  for (const one of await book()) {
    const n = Number(one.external_id.slice(1));
    assert.equal(one.phone, `+33 5 57 12 21 ${10 + (n % 90)}`);
    assert.ok(one.places.includes(`Agence 1 ${n % 40}true`) && one.said.phone === one.phone);
  }
  const [first] =
    await sql`select contact_id from email_addresses where address = ${`p${last}.${key}@src.example`}`;
  assert.equal(first?.contact_id, 1);
  assert.equal((await sql`select from activities where kind = 'contact.updated'`).length, people);
  const [set] =
    await sql`select status, created, updated, fields ->> 'phone' as phones from change_sets where id = ${run.change_set_id}`;
  assert.deepEqual(set, { status: "applied", created: 0, updated: people, phones: String(people) });
  assert.equal(await total("remembered_before"), 0);
  // Once: a second run finds nothing to do. And all of it can be undone.
  const again = await finish(await ask());
  assert.deepEqual([again.created, again.updated, again.unchanged], [0, 0, people]);
  assert.deepEqual(await undoRun(id, staff), { ok: true });
  while (await undoChangeSets(limits));
  const states = (rows: Awaited<ReturnType<typeof book>>) =>
    rows.map(({ phone, addresses, places }) => [phone, addresses, places]);
  assert.deepEqual(states(await book()), states(was));
});

test("a first load killed between two slices is exactly a first load", async () => {
  give(0);
  const id = await ask();
  const whole = async () => (await book()).map(({ id: _, ...one }) => one);
  // Nobody is there to be held: the set itself is, once it is begun.
  const child = worker();
  const gone = new Promise((resolve) => child.on("exit", resolve));
  await until(async () => ((await written(id))?.written ?? 0) > 0, "a slice", 120);
  child.kill("SIGKILL");
  await gone;
  const run = await finish(id);
  assert.deepEqual([run.created, run.updated, run.attempts, await total("contacts")], [people, 0, 2, people]);
  const sliced = await whole();
  await undoRun(id, staff);
  while (await undoChangeSets(limits));
  assert.equal(await total("contacts"), 0);
  await sql`update sources set key = ${`${key}x`} where id = ${source}`;
  await sql`insert into sources (key, name, url, allow_private, default_kind, ownership, hold_created) values (${key}, 'W', ${site.url}, true, 'former_src', '{"*": "remote"}', 10000)`;
  source = (await sql<{ id: number }>`select id from sources where key = ${key}`)[0]?.id ?? 0;
  const [queued] = [await ask()];
  await runQueuedSyncs({ atOnce: 10_000, slice: 60 });
  assert.equal((await sql`select status from sync_runs where id = ${queued}`)[0]?.status, "succeeded");
  assert.deepEqual(await whole(), sliced);
});

test("stopped between two slices, even if killed as it goes back: exactly before, and the next run says the same again", async () => {
  await load(0);
  // Somebody known, whom this source will name for the first time.
  await sql`insert into contacts (kind, last_name) values ('staff', 'Connue')`;
  await sql`insert into email_addresses (contact_id, address, address_hash, is_primary) select max(id), ${`p${people}.${key}@src.example`}, sha256('c'), true from contacts`;
  const was = await book();
  give(1, people + 30);
  const id = await ask();
  await stoppedHalfWay(id, 150, async (child) => {
    assert.deepEqual(await cancelRun(id, staff), { ok: true });
    await until(async () => (await written(id))?.status === "undoing", "it goes back", 120);
    await kill(child);
  });
  const run = await finish(id);
  assert.deepEqual([run.status, run.error, run.created, run.updated], ["failed", "cancelled", 0, 0]);
  assert.deepEqual(await book(), was);
  assert.equal(
    (await sql`select status from change_sets where id = ${run.change_set_id}`)[0]?.status,
    "undone",
  );
  assert.equal(await total("remembered_before"), 0);
  const next = await finish(await ask());
  assert.deepEqual([next.status, next.created, next.updated], ["succeeded", 29, people + 1]);
});

test("killed between two slices and stopped before it is taken up: exactly before", async () => {
  await load(0);
  const was = await book();
  give(1);
  const id = await ask();
  await stoppedHalfWay(id, 120, kill);
  assert.notDeepEqual(await book(), was);
  await sql`update sync_runs set status = 'queued' where id = ${id}`;
  assert.deepEqual(await cancelRun(id, staff), { ok: true });
  const run = await finish(id);
  assert.deepEqual([run.status, run.error], ["failed", "cancelled"]);
  assert.deepEqual(await book(), was);
});

test("a decision in slices: killed, carried out once; stopped, it waits again as it was", async () => {
  await load(0);
  await sql`update sources set applies = 'ask' where id = ${source}`;
  give(1, 150);
  const held = await finish(await ask());
  assert.equal(held.status, "held");
  const proposal = () =>
    sql`select key, sort, outcome, kept from changes where set_id = ${held.proposal_id} order by id`;
  const [was, waited] = [await book(), await proposal()];
  await decideChanges(held.id, { field: "phone", sort: "updated", accepted: false }, staff);
  await decideChanges(held.id, { sort: "archived", accepted: true }, staff);
  const stop = await applyDecision(held.id, staff);
  assert.ok(stop.ok);
  await stoppedHalfWay(stop.runId, 120, () => cancelRun(stop.runId, staff));
  assert.equal((await finish(stop.runId)).error, "cancelled");
  assert.deepEqual(await book(), was);
  assert.deepEqual(await proposal(), waited);
  const queued = await applyDecision(held.id, staff);
  assert.ok(queued.ok);
  await stoppedHalfWay(queued.runId, 120, kill);
  assert.deepEqual(await decideChanges(held.id, { accepted: false }, staff), {
    ok: false,
    reason: "notWaiting",
  });
  const run = await finish(queued.runId);
  assert.deepEqual([run.status, run.error, run.attempts], ["succeeded", null, 2]);
  const now = await book();
  assert.equal(now.filter(({ away }) => away).length, 50);
  // Who hands an address on is not in the file: nobody gets it.
  assert.equal(now.filter((one, n) => one.phone !== was[n]?.phone).length, 0, "refused");
  assert.equal(
    now.filter((one) => one.places.includes(`Agence 1 ${Number(one.external_id.slice(1)) % 40}true`)).length,
    149,
  );
  const outcomes = new Set((await proposal()).map(({ outcome }) => outcome));
  assert.deepEqual(outcomes, new Set(["applied"]));
  assert.equal((await sql`select status from sync_runs where id = ${held.id}`)[0]?.status, "decided");
});

test("a note that is being written about somebody and a slice do not wait for each other", async () => {
  await load(0);
  give(1);
  const [person] = await sql<{ id: number }>`select min(id)::int as id from contacts`;
  const colleague = await pool().connect();
  try {
    await colleague.query("begin");
    await colleague.query(
      `insert into activities (kind, contact_id, user_id) values ('note', ${person?.id}, ${staff})`,
    );
    const run = await within(finish(await ask()), "the run waits for the note", 60);
    assert.equal(run.status, "succeeded");
  } finally {
    await colleague.query("rollback");
    colleague.release();
  }
});

test("what a colleague changed meanwhile is theirs: of a decision that runs, and of one that goes back", async () => {
  await load(0);
  await sql`update sources set applies = 'ask' where id = ${source}`;
  give(1);
  const held = await finish(await ask());
  const queued = await applyDecision(held.id, staff);
  assert.ok(queued.ok);
  await stoppedHalfWay(queued.runId, 120, async (child) => {
    await sql`update contacts set phone = '+33 1' where id in (10, 180)`;
    await kill(child);
  });
  const run = await finish(queued.runId);
  assert.equal(run.status, "succeeded");
  const phone = async (id: number) => (await sql`select phone from contacts where id = ${id}`)[0]?.phone;
  assert.deepEqual(
    [await phone(10), await phone(180), await phone(181)],
    ["+33 1", "+33 1", `+33 5 57 12 21 ${10 + (180 % 90)}`],
  );
  const [stale] = await sql`select kept from changes where set_id = ${held.proposal_id} and contact_id = 180`;
  assert.deepEqual(stale?.kept, ["phone"]);
});

test("a large run that a guard may hold is judged first, and then goes in slices", async () => {
  await load(0);
  await sql`update sources set hold_updated = 50 where id = ${source}`;
  give(1);
  const held = await finish(await ask());
  assert.deepEqual([held.status, held.held_for[0].guard], ["held", "updated"]);
  // Their rows are other ones, nothing in them is: few are changed, and it goes through.
  await sql`update external_identities set row_hash = null where source_id = ${source}`;
  give(0);
  const run = await finish(await ask());
  assert.deepEqual(
    [run.status, run.updated, run.unchanged, run.change_set_id],
    ["succeeded", 0, people, null],
  );
});
