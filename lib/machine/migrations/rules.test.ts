import assert from "node:assert/strict";
import { test } from "node:test";
import { checksumOf, mayRetry, planMigrations, tablesCreatedBy } from "#lib/machine/migrations/rules";

const first = { name: "0001_init", sql: "create table a (id int);" };
const second = { name: "0002_more", sql: "create table b (id int);" };
const applied = (migration: typeof first) => ({
  name: migration.name,
  checksum: checksumOf(migration.sql),
  finished: true,
  logs: null,
});

test("what is not recorded is pending, in order", () => {
  assert.deepEqual(planMigrations([first, second], []).pending, [first, second]);
  assert.deepEqual(planMigrations([first, second], [applied(first)]).pending, [second]);
});

test("an edited migration stops everything", () => {
  assert.throws(
    () => planMigrations([{ ...first, sql: "-- edited" }], [applied(first)]),
    /has changed since/,
  );
});

test("one that was mended for older servers is known as it was first written, and no other text of it", () => {
  const mended = { name: "0261_came_to_something", sql: "-- as it is today" };
  const row = (checksum: string) => ({ ...applied(mended), checksum });
  const was = "735833dec90c4d5c147a3fb5f8f120739d28dfa48c4bb549e7c33248e0c55763";
  assert.deepEqual(planMigrations([mended], [row(was)]).pending, []);
  assert.throws(() => planMigrations([mended], [row(checksumOf("-- else"))]), /has changed since/);
  assert.throws(() =>
    planMigrations([{ ...mended, name: "0001_init" }], [{ ...row(was), name: "0001_init" }]),
  );
});

test("a database of a newer version is left alone", () => {
  assert.throws(() => planMigrations([first], [applied(first), applied(second)]), /unknown to this version/);
});

test("a migration begun by the CLI is neither pending nor done", () => {
  const plan = planMigrations([first], [{ ...applied(first), finished: false }]);
  assert.deepEqual(plan, { pending: [], unfinished: [{ migration: first, logs: null }] });
});

test("an unfinished migration is tried again only when it cannot have been applied", () => {
  assert.equal(mayRetry("ERROR: syntax error", [], []), true, "the CLI noted the failure");
  assert.equal(mayRetry(null, ["a"], []), true, "none of its tables is there");
  assert.equal(mayRetry(null, ["a"], ["a"]), false, "its table is there");
  assert.equal(mayRetry(null, [], []), false, "it creates no table: nothing to tell by");
});

test("the tables of a script are found whatever the quoting", () => {
  const sql =
    'CREATE TABLE "users" (id int);\ncreate table if not exists topics ();\n  create table public.kinds ();';
  assert.deepEqual(tablesCreatedBy(sql), ["users", "topics", "kinds"]);
});
