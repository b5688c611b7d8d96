/** What a file wrote, undone: employers, moves, exchanged addresses and all. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { pool, sql } from "#lib/machine/db";
import { startUndo } from "#lib/people/change-sets/mutations";
import { undoChangeSets } from "#lib/people/change-sets/undo";
import { hireStaff, takeFile } from "#testing/feeds";

const staff = await hireStaff();

/** Everybody as a change-set compares them, whatever order they are in. */
const book = () => sql`select contact_id, state from contact_states order by contact_id`;

async function undoLast() {
  const [set] = await sql<{ id: number }>`select id from change_sets order by id desc limit 1`;
  assert.deepEqual(await startUndo(pool(), set?.id ?? 0, staff), { ok: true });
  await undoChangeSets();
  return (await sql`select status, stale from change_sets where id = ${set?.id}`)[0];
}

for (const [first, second] of [
  ["06-employer-1", "06-employer-2"],
  ["07-moved-1", "07-moved-2"],
  ["08-correction-1", "08-correction-2"],
  ["15-swap-1", "15-swap-2"],
] as const)
  test(`${second} is undone to what ${first} left, and that to nobody`, async () => {
    const empty = await book();
    const created = await takeFile(first);
    assert.ok(created.created > 0);
    const before = await book();
    const report = await takeFile(second);
    assert.ok(report.updated > 0);
    assert.notDeepEqual(await book(), before);
    assert.deepEqual(await undoLast(), { status: "undone", stale: 0 });
    assert.deepEqual(await book(), before);
    await sql`delete from change_sets where id = (select max(id) from change_sets)`;
    await sql`update contacts set updated_at = created_at`;
    await sql`delete from activities where user_id is not null`;
    assert.deepEqual(await undoLast(), { status: "undone", stale: 0 });
    assert.deepEqual(await book(), empty);
  });
