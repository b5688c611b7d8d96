/** A run says what it would do before it does it; somebody decides; what was decided happens, and no more. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import type { Decision } from "#lib/people/change-sets/decide";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { applyDecision, decideChanges, replayRun, requestSync, undoRun } from "#lib/sites/sources/mutations";
import { runQueuedSyncs } from "#lib/sites/sources/sync";
import { hireStaff } from "#testing/feeds";
import { says, startSite } from "#testing/remote-site";
import { type Person, peopleXml } from "#testing/sources";

const site = await startSite(says(""));
after(() => site.close());
const staff = await hireStaff();

let source = 0;
let key = "";
let n = 0;

/** A source that asks before it writes, unless told otherwise. */
beforeEach(async () => {
  key = `decided-${++n}`;
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind, applies, absent)
    values (${key}, ${key}, ${site.url}, true, 'former_src', 'ask', 'propose') returning id`;
  source = row?.id ?? 0;
});

const set = (column: string, value: string) =>
  sql`update sources set applies = case when ${column} = 'applies' then ${value} else applies end,
    ownership = case when ${column} = 'ownership' then ${column === "ownership" ? value : "{}"}::jsonb else ownership end where id = ${source}`;

const give = (people: (Person & { phone?: string; year?: number })[]) => {
  const body = ({ phone, year }: { phone?: string; year?: number }) =>
    (phone ? `<phone>${phone}</phone>` : "") + (year ? `<graduationYear>${year}</graduationYear>` : "");
  site.answer = says(
    peopleXml(
      people.map((one) => ({
        ...one,
        id: one.id,
        emails: [`${one.id}.${key}@src.example`],
        body: body(one),
      })),
      key,
    ),
  );
};

async function run() {
  const asked = await requestSync(source, staff);
  assert.ok(asked.ok);
  return finish(asked.runId);
}
async function finish(id: number) {
  await runQueuedSyncs();
  const [row] = await sql`select * from sync_runs where id = ${id}`;
  assert.ok(row && row.error === null, row?.error);
  return row;
}
async function carryOut(id: number) {
  const queued = await applyDecision(id, staff);
  assert.ok(queued.ok, JSON.stringify(queued));
  return finish(queued.runId);
}
const settle = async (id: number, ...decisions: Decision[]) => {
  for (const one of decisions) assert.deepEqual(await decideChanges(id, one, staff), { ok: true });
  return carryOut(id);
};
const proposed = async (id: number) =>
  (
    await sql`
    select c.key, c.sort, c.before, c.after, c.outcome, c.id from changes c join sync_runs r on r.proposal_id = c.set_id
    where r.id = ${id} order by c.key, c.sort`
  ).map(
    (row) =>
      row as {
        key: string;
        sort: string;
        before: object | null;
        after: Record<string, unknown>;
        outcome: string | null;
        id: number;
      },
  );
const sortsOf = async (id: number) => (await proposed(id)).map((one) => `${one.key} ${one.sort}`);
const totals = async (id: number) =>
  (
    await sql`
    select c.created, c.updated, c.questions, c.archived, c.fields from change_sets c join sync_runs r on r.proposal_id = c.id where r.id = ${id}`
  )[0];
const person = async (id: string) =>
  (
    await sql`
    select c.id, c.phone, c.graduation_year as year, c.archived_at is not null as away
    from external_identities e join contacts c on c.id = e.contact_id where e.source_id = ${source} and e.external_id = ${id}`
  )[0];
const count = async () => (await sql`select count(*)::int as n from contacts`)[0]?.n;
const book = () => sql`select contact_id, state from contact_states order by contact_id`;

const [ana, bob] = [
  { id: "ana", phone: "05 57 12 20 01", year: 2001 },
  { id: "bob", phone: "05 57 12 20 02", year: 2002 },
];
/** Ana and Bob, already in the book. */
const known = async () => {
  give([ana, bob]);
  await carryOut((await run()).id);
};

test("a run that must be approved has written nothing, and says what it would", async () => {
  give([ana, bob]);
  const before = await book();
  const held = await run();
  assert.deepEqual([held.status, held.created, held.change_set_id], ["held", 2, null]);
  assert.deepEqual(held.held_for, [{ guard: "ask", count: 2, limit: 0 }]);
  assert.deepEqual(await book(), before);
  const rows = await proposed(held.id);
  assert.deepEqual(
    rows.map(({ key, sort, before }) => [key, sort, before]),
    [
      ["ana", "created", null],
      ["bob", "created", null],
    ],
  );
  assert.deepEqual([rows[0]?.after.phone, rows[0]?.after.graduationYear], ["+33 5 57 12 20 01", 2001]);
  const done = await carryOut(held.id);
  assert.deepEqual(
    [done.status, done.created, done.origin, done.user_id],
    ["succeeded", 2, "decision", staff],
  );
  assert.equal((await person("ana"))?.phone, "+33 5 57 12 20 01");
  assert.deepEqual((await finish(held.id)).status, "decided");
  assert.deepEqual(
    (await proposed(held.id)).map(({ outcome }) => outcome),
    ["applied", "applied"],
  );
  // Once.
  assert.deepEqual(await applyDecision(held.id, staff), { ok: false, reason: "notWaiting" });
  // And undone like any other.
  assert.deepEqual(await undoRun(done.id, staff), { ok: true });
  await undoChangeSets();
  assert.deepEqual(await book(), before);
});

test("a field refused of all, and one person's, are not written, nor proposed again until the site says others", async () => {
  await known();
  const moved = [
    { id: "ana", phone: "05 57 12 20 11", year: 2011 },
    { id: "bob", phone: "05 57 12 20 12", year: 2012 },
  ];
  give(moved);
  const held = await run();
  assert.deepEqual(await sortsOf(held.id), ["ana updated", "bob updated"]);
  const bobs = (await proposed(held.id)).find((one) => one.key === "bob")?.id ?? 0;
  const done = await settle(
    held.id,
    { field: "phone", accepted: false },
    { changeId: bobs, field: "phone", accepted: true },
    { changeId: bobs, field: "graduationYear", accepted: false },
  );
  assert.deepEqual([done.status, done.updated], ["succeeded", 2]);
  assert.deepEqual(
    [await person("ana"), await person("bob")].map((one) => [one?.phone, one?.year]),
    [
      ["+33 5 57 12 20 01", 2011],
      ["+33 5 57 12 20 12", 2002],
    ],
  );
  const again = await run();
  assert.deepEqual([again.status, again.unchanged, again.proposal_id], ["held", 2, again.proposal_id]);
  assert.deepEqual(await proposed(again.id), []);
  give([{ id: "ana", phone: "05 57 12 20 21", year: 2011 }, moved[1] as Person]);
  const next = await run();
  assert.deepEqual(
    (await proposed(next.id)).map(({ key, after }) => [key, after]),
    [["ana", { phone: "+33 5 57 12 20 21" }]],
  );
});

test("a person refused is not created, nor proposed each hour, whatever the site says of them", async () => {
  give([ana, bob]);
  const held = await run();
  const bobs = (await proposed(held.id)).find((one) => one.key === "bob")?.id ?? 0;
  const done = await settle(held.id, { changeId: bobs, accepted: false });
  assert.deepEqual([done.created, await person("bob")], [1, undefined]);
  assert.deepEqual(
    (await proposed(held.id)).map(({ outcome }) => outcome),
    ["applied", "refused"],
  );
  give([ana, { ...bob, year: 2020 }]);
  assert.deepEqual(await proposed((await run()).id), []);
});

test("all refused writes nothing, and all of it is remembered", async () => {
  await known();
  give([{ ...ana, year: 2010 }, { ...bob, year: 2010 }, { id: "eve" }]);
  const held = await run();
  const before = await book();
  const done = await settle(
    held.id,
    { changeId: (await proposed(held.id))[0]?.id ?? 0, accepted: true },
    { accepted: false },
  );
  assert.deepEqual([done.status, done.created, done.updated, done.change_set_id], ["succeeded", 0, 0, null]);
  assert.deepEqual(await book(), before);
  assert.deepEqual(await proposed((await run()).id), []);
});

test("what somebody changed since it was shown stays, is listed, and is proposed again", async () => {
  await known();
  give([{ ...ana, phone: "05 57 12 20 31", year: 2031 }, bob]);
  const held = await run();
  const id = (await person("ana"))?.id;
  await sql`update contacts set phone = '+33 6' where id = ${id}`;
  await carryOut(held.id);
  assert.deepEqual([(await person("ana"))?.phone, (await person("ana"))?.year], ["+33 6", 2031]);
  const [row] =
    await sql`select c.outcome, c.kept from changes c where id = ${(await proposed(held.id))[0]?.id}`;
  assert.deepEqual(row, { outcome: "applied", kept: ["phone"] });
  const again = await run();
  assert.deepEqual(
    (await proposed(again.id)).map(({ sort, before, after }) => [sort, before, after]),
    [["question", { phone: "+33 6" }, { phone: "+33 5 57 12 20 31" }]],
  );
});

test("both sides changed a field: asked, and the answer is remembered; an owner needs no question", async () => {
  await known();
  await set("applies", "auto");
  const id = (await person("ana"))?.id;
  const both = async (phone: string) => {
    await sql`update contacts set phone = '+33 6' where id = ${id}`;
    give([{ ...ana, phone, year: 2001 + ++n }, bob]);
    return run();
  };
  const asking = await both("05 57 12 20 41");
  // The rest is written meanwhile.
  assert.deepEqual([asking.status, asking.updated, (await person("ana"))?.phone], ["succeeded", 1, "+33 6"]);
  assert.deepEqual(await sortsOf(asking.id), ["ana question"]);
  const one = { created: 0, updated: 0, questions: 1, archived: 0, fields: { phone: 1 } };
  assert.deepEqual(await totals(asking.id), one);
  // Left without an answer it is asked again; refused, no more.
  const again = await run();
  assert.deepEqual(await sortsOf(again.id), ["ana question"]);
  assert.deepEqual(await applyDecision(asking.id, staff), { ok: false, reason: "notWaiting" });
  await settle(again.id, { sort: "question", accepted: false });
  assert.equal((await person("ana"))?.phone, "+33 6");
  assert.equal((await run()).proposal_id, null);
  const third = await both("05 57 12 20 42");
  await settle(third.id, { sort: "question", accepted: true });
  assert.equal((await person("ana"))?.phone, "+33 5 57 12 20 42");
  await set("ownership", '{"phone": "local", "*": "remote"}');
  assert.equal((await both("05 57 12 20 43")).proposal_id, null);
  assert.equal((await person("ana"))?.phone, "+33 6");
  await set("ownership", '{"*": "remote"}');
  assert.equal((await both("05 57 12 20 44")).proposal_id, null);
  assert.equal((await person("ana"))?.phone, "+33 5 57 12 20 44");
});

test("the newest of both has the last word, when the site says when; else it is asked", async () => {
  await known();
  await set("applies", "auto");
  await set("ownership", '{"*": "newest"}');
  const id = (await person("ana"))?.id;
  const both = async (phone: string, updated: string) => {
    await sql`update contacts set phone = '+33 6' where id = ${id}`;
    await sql`insert into activities (kind, contact_id, user_id, data) values ('contact.updated', ${id}, ${staff}, '{"fields": ["phone"]}')`;
    give([{ ...ana, phone }, bob]);
    const { answer } = site;
    const text = peopleXml(
      [
        { id: "ana", emails: [`ana.${key}@src.example`], body: `<phone>${phone}</phone>` },
        { id: "bob", emails: [`bob.${key}@src.example`] },
      ],
      key,
    );
    site.answer = updated ? says(text.replace('id="ana"', `id="ana" updated="${updated}"`)) : answer;
    return run();
  };
  await both("05 57 12 20 51", "2001-01-01T00:00:00Z");
  assert.equal((await person("ana"))?.phone, "+33 6");
  await both("05 57 12 20 52", new Date(Date.now() + 3_600_000).toISOString());
  assert.equal((await person("ana"))?.phone, "+33 5 57 12 20 52");
  assert.deepEqual(await sortsOf((await both("05 57 12 20 53", "")).id), ["ana question"]);
});

test("whom the site no longer gives is proposed to be put away, and undone comes back", async () => {
  await known();
  await set("applies", "auto");
  give([ana]);
  const first = await run();
  assert.deepEqual(
    [first.status, await sortsOf(first.id), (await person("bob"))?.away],
    ["succeeded", ["bob archived"], false],
  );
  const done = await settle(first.id, { sort: "archived", accepted: true });
  assert.equal((await person("bob"))?.away, true);
  await undoRun(done.id, staff);
  await undoChangeSets();
  assert.equal((await person("bob"))?.away, false);
  const second = await run();
  await settle(second.id, { sort: "archived", accepted: false });
  assert.equal((await run()).proposal_id, null);
  // Given again, then gone again: asked again.
  give([ana, bob]);
  await run();
  give([ana]);
  assert.deepEqual(await sortsOf((await run()).id), ["bob archived"]);
});

test("a new run supersedes one that waits, and keeps what was decided", async () => {
  await known();
  give([
    { ...ana, year: 2010 },
    { ...bob, year: 2010 },
  ]);
  const first = await run();
  const anas = (await proposed(first.id))[0]?.id ?? 0;
  await decideChanges(first.id, { changeId: anas, accepted: false }, staff);
  const second = await run();
  assert.equal((await finish(first.id)).status, "superseded");
  assert.deepEqual(await decideChanges(first.id, { accepted: true }, staff), {
    ok: false,
    reason: "notWaiting",
  });
  await carryOut(second.id);
  assert.deepEqual([(await person("ana"))?.year, (await person("bob"))?.year], [2001, 2010]);
});

test("a run below its guards writes by itself; above, it waits with the reason", async () => {
  await set("applies", "auto");
  await sql`update sources set hold_created = 2 where id = ${source}`;
  give([ana, bob]);
  assert.equal((await run()).status, "succeeded");
  const before = await count();
  give([ana, bob, { id: "c" }, { id: "d" }, { id: "e" }]);
  const held = await run();
  assert.deepEqual(
    [held.status, held.held_for, await count()],
    ["held", [{ guard: "created", count: 3, limit: 2 }], before],
  );
  give([]);
  const none = await run();
  assert.deepEqual([none.status, none.held_for], ["held", [{ guard: "fewer", count: 0, limit: 2 }]]);
  assert.deepEqual(await sortsOf(none.id), ["ana archived", "bob archived"]);
  assert.deepEqual(await totals(none.id), { created: 0, updated: 0, questions: 0, archived: 2, fields: {} });
});

test("a kept file is read again: what was corrected here meanwhile is proposed back, and waits", async () => {
  await known();
  await set("applies", "auto");
  give([{ ...ana, year: 2005 }, bob]);
  const done = await run();
  await sql`update contacts set graduation_year = 1999 where id = ${(await person("ana"))?.id}`;
  const queued = await replayRun(done.id, staff);
  assert.ok(queued.ok);
  const held = await finish(queued.runId);
  assert.deepEqual([held.status, held.held_for], ["held", [{ guard: "replay", count: 0, limit: 0 }]]);
  assert.deepEqual(
    (await proposed(held.id)).map(({ key, sort, before, after }) => [key, sort, before, after]),
    [["ana", "question", { graduationYear: 1999 }, { graduationYear: 2005 }]],
  );
  await settle(held.id, { accepted: true });
  assert.equal((await person("ana"))?.year, 2005);
  await sql`delete from sync_chunks`;
  assert.deepEqual(await replayRun(done.id, staff), { ok: false, reason: "notKept" });
});
