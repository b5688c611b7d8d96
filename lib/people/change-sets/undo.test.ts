/** What an act changed is written down as it happened, and undone to exactly before, but for what people changed since. */
import "#testing/database";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { beforeEach, test } from "node:test";
import type pg from "pg";
import { pool, sql, transaction } from "#lib/machine/db";
import { isUndoable, startUndo } from "#lib/people/change-sets/mutations";
import { observe, recordChanges } from "#lib/people/change-sets/record";
import { undoChangeSets } from "#lib/people/change-sets/undo";

let staff = 0;

beforeEach(async () => {
  await sql`truncate contacts, change_sets, organisations restart identity cascade`;
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('staff@src.example', 'S', 'secretariat')
    on conflict (email) do update set name = 'S' returning id`;
  staff = user?.id ?? 0;
  // Ana (1) and Bob (2), each with an address and a place, Ana with a newsletter.
  await sql`insert into organisations (name) values ('Un'), ('Deux')`;
  await sql`insert into contacts (kind, last_name, phone, graduation_year) values ('staff', 'Ana', '+33 1', 2008), ('staff', 'Bob', '', null)`;
  await sql`insert into email_addresses (contact_id, address, address_hash, is_primary, standing) values
    (1, 'ana@src.example', sha256('a'), true, 'soft'), (2, 'bob@src.example', sha256('b'), true, 'ok'), (2, 'second@src.example', sha256('c'), false, 'ok')`;
  await sql`insert into affiliations (contact_id, organisation_id, role, job_title, started_at) values (1, 1, 'employee', 'Chef', '2020-02-03')`;
});

/** Everything a set may write, as text: equal before the set and after its undo. */
async function book() {
  const tables = {
    contacts:
      "id, kind, first_name, last_name, graduation_year, phone, street, city, country, website, locale, archived_at",
    email_addresses: "contact_id, address, is_primary, standing, source_id, typed",
    affiliations: "contact_id, organisation_id, role, job_title, started_at, ended_at",
    subscriptions: "contact_id, topic_id, subscribed_at, unsubscribed_at",
  };
  const all = [];
  for (const [table, columns] of Object.entries(tables))
    all.push((await pool().query(`select ${columns} from ${table} order by 1, 2, 3`)).rows);
  return all;
}

/** Somebody's work, observed. */
const act = (work: (client: pg.PoolClient) => Promise<unknown>) =>
  transaction(async (client) => {
    await observe(client, "select id as contact_id from contacts");
    const [first] = (await client.query("select coalesce(max(id), 0) as id from contacts")).rows;
    await work(client);
    return recordChanges(
      client,
      "sync",
      null,
      `select id as contact_id from contacts where id > ${first.id}`,
    );
  });

async function undo(set: number | null) {
  assert.ok(set);
  assert.deepEqual(await startUndo(pool(), set, staff), { ok: true });
  await undoChangeSets();
  const [row] =
    await sql`select status, created, updated, fields, restored, removed, put_away, stale from change_sets where id = ${set}`;
  return row;
}

const everything = async (client: pg.PoolClient) => {
  await client.query(
    "update contacts set phone = '+33 2', graduation_year = 2009, kind = 'former_src' where id = 1",
  );
  await client.query("update contacts set graduation_year = 2001 where id = 2");
  await client.query("update affiliations set ended_at = now(), job_title = 'Cheffe'");
  await client.query(
    "insert into affiliations (contact_id, organisation_id, role) values (1, 2, 'employee'), (2, 2, 'employee')",
  );
  await client.query(
    "insert into subscriptions (contact_id, topic_id, subscribed_at) select 2, min(id), now() from topics",
  );
  // Bob's second address becomes Ana's first; she gets one more.
  await client.query("update email_addresses set is_primary = false where contact_id = 1");
  await client.query(
    "update email_addresses set contact_id = 1, is_primary = true where address = 'second@src.example'",
  );
  await client.query(
    "insert into email_addresses (contact_id, address, address_hash) values (1, 'new@src.example', sha256('d'))",
  );
  await client.query("insert into contacts (kind, last_name) values ('staff', 'Nouvelle')");
  await client.query("insert into activities (kind, contact_id) values ('contact.imported', 3)");
};

test("a set says what changed, and undone it leaves exactly what was", async () => {
  const before = await book();
  const set = await act(everything);
  const changes =
    await sql`select contact_id, before, after from changes where set_id = ${set} order by contact_id`;
  assert.deepEqual(
    changes.map(({ contact_id, before, after }) => [
      contact_id,
      Object.keys(before ?? {}).sort(),
      Object.keys(after).sort(),
    ]),
    [
      [
        1,
        ["addresses", "graduationYear", "kind", "phone", "places"],
        ["addresses", "graduationYear", "kind", "phone", "places"],
      ],
      [
        2,
        ["addresses", "graduationYear", "newsletters", "places"],
        ["addresses", "graduationYear", "newsletters", "places"],
      ],
      [3, [], []],
    ],
  );
  assert.deepEqual(
    [changes[0]?.before.phone, changes[0]?.after.phone, changes[1]?.before.graduationYear],
    ["+33 1", "+33 2", null],
  );
  assert.notDeepEqual(await book(), before);
  assert.deepEqual(await undo(set), {
    status: "undone",
    created: 1,
    updated: 2,
    fields: { addresses: 2, graduationYear: 2, kind: 1, newsletters: 1, phone: 1, places: 2 },
    restored: 2,
    removed: 1,
    put_away: 0,
    stale: 0,
  });
  assert.deepEqual(await book(), before);
  const [told] =
    await sql`select user_id, data from activities where contact_id = 1 and kind = 'contact.updated'`;
  assert.deepEqual([told?.user_id, told?.data.values.phone], [staff, ["+33 2", "+33 1"]]);
  assert.deepEqual(told?.data.fields.sort(), ["email", "graduationYear", "kind", "organisation", "phone"]);
});

test("nothing changed is no set", async () => {
  assert.equal(await act((client) => client.query("update contacts set phone = phone")), null);
  assert.equal((await sql`select from change_sets`).length, 0);
});

test("what people changed since stays, and is listed; the rest goes back", async () => {
  const set = await act(everything);
  await sql`update contacts set phone = '+33 3' where id = 1`;
  await sql`update subscriptions set unsubscribed_at = now() where contact_id = 2`;
  const row = await undo(set);
  assert.deepEqual([row?.restored, row?.stale], [2, 2]);
  const kept =
    await sql`select contact_id, kept, outcome from changes where set_id = ${set} order by contact_id`;
  assert.deepEqual(kept, [
    { contact_id: 1, kept: ["phone"], outcome: "restored" },
    { contact_id: 2, kept: ["newsletters"], outcome: "restored" },
  ]);
  const [ana] = await sql`select phone, graduation_year from contacts where id = 1`;
  assert.deepEqual(ana, { phone: "+33 3", graduation_year: 2008 });
  // The « no » said since is still there.
  assert.equal(
    (await sql`select from subscriptions where contact_id = 2 and unsubscribed_at is not null`).length,
    1,
  );
});

test("an address handed on goes back with both sides, or stays with both", async () => {
  const set = await act(everything);
  await sql`insert into email_addresses (contact_id, address, address_hash) values (2, 'typed@src.example', sha256('e'))`;
  const held = (await book())[1];
  const row = await undo(set);
  assert.deepEqual((await book())[1], held);
  assert.deepEqual([row?.restored, row?.stale], [2, 2]);
});

test("an address that is another person's now, or nobody's, is not given back", async () => {
  for (const since of [
    "update email_addresses set contact_id = 3, is_primary = false where address = 'second@src.example'",
    "delete from email_addresses where address = 'second@src.example'",
  ]) {
    const set = await act(async (client) => {
      await client.query("update email_addresses set contact_id = 1 where address = 'second@src.example'");
      await client.query("update contacts set phone = phone || '1' where id = 2");
    });
    await sql`insert into contacts (id, kind, last_name) values (3, 'staff', 'Carl') on conflict do nothing`;
    await pool().query(since);
    await undo(set);
    const changes = await sql`select kept, outcome from changes where set_id = ${set} order by contact_id`;
    assert.deepEqual(changes, [
      { kept: ["addresses"], outcome: "stale" },
      { kept: ["addresses"], outcome: "restored" },
    ]);
    await sql`update email_addresses set contact_id = 2 where address = 'second@src.example'`;
  }
});

test("who was created goes; who was written to is put away; whom staff took up, or who said no, stays", async () => {
  const set = await act(async (client) => {
    await client.query(
      "insert into contacts (kind, last_name) select 'staff', 'N' || n from generate_series(1, 7) n",
    );
    // Who asked for the act has not taken them up.
    await client.query(
      "insert into activities (kind, contact_id, user_id) values ('contact.imported', 8, $1)",
      [staff],
    );
  });
  await sql`update contacts set notes = 'rencontrée au salon' where id = 3`;
  await act((client) => client.query("update contacts set phone = '+33 9' where id in (1, 9)"));
  await sql`insert into activities (kind, contact_id, user_id, at) values ('contact.updated', 4, ${staff}, now() + interval '1 second')`;
  await sql`insert into subscriptions (contact_id, topic_id, unsubscribed_at) select 5, min(id), now() from topics`;
  const [relay] = await sql`select id from relays where kind = 'sandbox'`;
  await sql`
    insert into received_mails (relay_id, digest, uid, class, contact_id, raw) values (${relay?.id}, sha256('x'), 1, 'reply', 6, '')`;
  const row = await undo(set);
  const left = await sql`select id, archived_at is not null as away from contacts where id > 2 order by id`;
  assert.deepEqual(left, [
    { id: 3, away: false },
    { id: 4, away: false },
    { id: 5, away: false },
    { id: 6, away: true },
    { id: 9, away: false },
  ]);
  assert.deepEqual([row?.stale, row?.removed, row?.put_away], [4, 2, 1]);
});

test("only what is applied, and lately, can be undone, once", async () => {
  const set = (await act(everything)) ?? 0;
  await sql`update change_sets set created_at = now() - interval '31 days' where id = ${set}`;
  assert.deepEqual(await startUndo(pool(), set, staff), { ok: false, reason: "notUndoable" });
  await sql`update change_sets set created_at = now() where id = ${set}`;
  assert.equal(await undoChangeSets(), 0);
  // Of another, only the counts are left: its term has come.
  const old = (await act((client) => client.query("update contacts set phone = 'x'"))) ?? 0;
  await sql`delete from changes where set_id = ${old}`;
  assert.deepEqual(await startUndo(pool(), old, staff), { ok: false, reason: "notUndoable" });
  assert.deepEqual(await startUndo(pool(), set, staff), { ok: true });
  assert.deepEqual(await startUndo(pool(), set, staff), { ok: false, reason: "notUndoable" });
});

const worker = (limits: object): ChildProcess =>
  spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import("#lib/people/change-sets/undo").then((undo) => undo.undoChangeSets(${JSON.stringify(limits)}))`,
    ],
    { cwd: `${import.meta.dirname}/../../..`, stdio: "ignore" },
  );

test("a worker killed in a slice leaves it whole or not begun, and a colleague goes on exactly after", async () => {
  await sql`insert into contacts (kind, last_name, phone) select 'staff', 'P' || n, '+33 ' || n from generate_series(1, 400) n`;
  const before = await book();
  const set =
    (await act((client) => client.query("update contacts set phone = 'x' || id, graduation_year = 1999"))) ??
    0;
  await startUndo(pool(), set, staff);
  const blocker = await pool().connect();
  try {
    // Half-way, a colleague's save holds one person: the worker waits there, in a slice, and is killed.
    await blocker.query("begin; update contacts set locale = locale where id = 250");
    const child = worker({ atOnce: 100, slice: 40 });
    const waits = async () =>
      (await sql`select from pg_locks where not granted`).length > 0 &&
      (await sql`select from change_sets where id = ${set} and position > 0`).length > 0;
    const end = Date.now() + 20_000;
    while (!(await waits()))
      assert.ok(Date.now() < end && child.exitCode === null, "the worker never waited");
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  } finally {
    await blocker.query("rollback");
    blocker.release();
  }
  const [half] = await sql<{ restored: number; truly: number }>`
    select s.restored, (select count(*)::int from contacts where phone not like 'x%') as truly from change_sets s where id = ${set}`;
  assert.ok(half && half.restored > 0 && half.restored < 402 && half.restored % 40 === 0);
  assert.equal(half.truly, half.restored);
  // The dead worker's connection may hold the set a moment longer: the task passes again, as in life.
  const statusOf = async () => (await sql`select status from change_sets where id = ${set}`)[0]?.status;
  while ((await statusOf()) === "undoing") await undoChangeSets({ atOnce: 100, slice: 40 });
  assert.deepEqual(await book(), before);
  const [row] = await sql`select status, restored, stale from change_sets where id = ${set}`;
  assert.deepEqual(row, { status: "undone", restored: 402, stale: 0 });
  // Told once to each.
  assert.equal((await sql`select from activities where kind = 'contact.updated'`).length, 402);
});

test("only what is applied is offered to be undone, for thirty days", () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  assert.equal(isUndoable({ status: "applied", createdAt: ago(29.9) }), true);
  assert.equal(isUndoable({ status: "applied", createdAt: ago(30.1) }), false);
  for (const status of ["undoing", "undone", "proposed"])
    assert.equal(isUndoable({ status, createdAt: ago(1) }), false, status);
});
