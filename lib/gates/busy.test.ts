/** A colleague's save while something else holds the same person: a moment, then the truth, never an endless wait. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { publicAction } from "#lib/gates/action";
import { pool, sql } from "#lib/machine/db";
import { archiveContact } from "#lib/people/contacts/mutations";

test("a save waits two seconds for whoever writes the same person, then says why; let go of in time, it is done", async () => {
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('busy@src.example', 'B', 'secretariat') returning id`;
  const [one] = await sql<{ id: number }>`
    insert into contacts (kind, last_name) values ('staff', 'Ana') returning id`;
  const archive = publicAction(z.object({}), () => archiveContact(one?.id ?? 0, user?.id ?? 0));
  const holder = await pool().connect();
  try {
    await holder.query("begin");
    await holder.query("update contacts set phone = '1' where id = $1", [one?.id]);
    const began = Date.now();
    assert.deepEqual(await archive.run(null, {}).catch((error) => error.code), "55P03");
    assert.ok(Date.now() - began >= 1900, "it waited");
    const state = await archive(null, new FormData());
    assert.ok(state && !state.ok && "reason" in state);
    assert.equal(state.reason, "busy");
    const saved = archive.run(null, {});
    await holder.query("commit");
    assert.deepEqual(await saved, { ok: true });
  } finally {
    holder.release();
  }
  assert.equal((await sql`select from contacts where archived_at is not null`).length, 1);
});
