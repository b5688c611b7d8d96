/** How a mail is kept: its bytes compressed by PostgreSQL (decision 38), and gone at their term (lib/office/privacy). */
import "#testing/database";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign } from "#testing/received";

test("a real report takes less room than its bytes, and is given back as it came", async () => {
  const raw = readFileSync(new URL("../../../testing/corpus/sisimai/lhost-postfix-01.eml", import.meta.url));
  const { relayId } = await giveCampaign([]);
  const read = await readIncoming({ uid: 1, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
  const [row] = await sql<{ how: string | null; size: number }>`
    select pg_column_compression(raw) as how, pg_column_size(raw)::int as size from received_mails where id = ${id}`;
  assert.notEqual(row?.how, null);
  assert.ok((row?.size ?? raw.length) < raw.length * 0.8, `${row?.size} of ${raw.length}`);
  assert.deepEqual(Buffer.from((await db.receivedMail.findUniqueOrThrow({ where: { id } })).raw), raw);
});
