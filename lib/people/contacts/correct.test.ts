/** An address corrected where a return says that it is dead. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { correctAddress } from "#lib/people/contacts/mutations";
import { suppress } from "#lib/people/suppressions/mutations";
import { givePerson } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

let by = 0;
test.before(async () => {
  by = (await db.user.create({ data: { email: "k@src.example", name: "Ada", role: "secretariat" } })).id;
});

test("the right address takes the place of the dead one, main and alive, though it was dead itself", async () => {
  const { id, addresses } = await givePerson("jeane@exemple.fr");
  const wrong = addresses[0]?.id ?? 0;
  await sql`update email_addresses set standing = 'hard' where id = ${wrong}`;
  await suppress({ addressHash: hashAddress("jeane@exemple.fr"), topicId: null, reason: "hard_bounce" });
  await suppress({ addressHash: hashAddress("jeanne@exemple.fr"), topicId: null, reason: "hard_bounce" });
  assert.ok((await correctAddress(wrong, "jeanne@exemple.fr", by)).ok);
  const now = await db.emailAddress.findMany({ where: { contactId: id } });
  assert.deepEqual(
    now.map(({ address, isPrimary, standing, typed }) => [address, isPrimary, standing, typed]),
    [["jeanne@exemple.fr", true, "ok", true]],
  );
  assert.deepEqual(await listSuppressions(hashAddress("jeanne@exemple.fr")), []);
  assert.equal((await listSuppressions(hashAddress("jeane@exemple.fr"))).length, 1);
});

test("an address beside the main one stays beside it; the same one again is alive again", async () => {
  const { id } = await givePerson("main@exemple.fr");
  await sql`insert into email_addresses (contact_id, address, address_hash, standing)
    values (${id}, 'second@exemple.fr', ${Buffer.from(hashAddress("second@exemple.fr"))}, 'hard')`;
  const second = await db.emailAddress.findUniqueOrThrow({ where: { address: "second@exemple.fr" } });
  assert.ok((await correctAddress(second.id, "second@exemple.fr", by)).ok);
  const again = await db.emailAddress.findUniqueOrThrow({ where: { address: "second@exemple.fr" } });
  assert.deepEqual([again.isPrimary, again.standing], [false, "ok"]);
});

test("somebody else's address is refused with their name, and nothing goes", async () => {
  const { addresses } = await givePerson("mine@exemple.fr");
  await givePerson("theirs@exemple.fr");
  const refused = await correctAddress(addresses[0]?.id ?? 0, "theirs@exemple.fr", by);
  assert.equal(!refused.ok && refused.reason, "addressTaken");
  assert.equal(await db.emailAddress.count({ where: { address: "mine@exemple.fr" } }), 1);
  assert.deepEqual(await correctAddress(0, "nobody@exemple.fr", by), { ok: false, reason: "notFound" });
});
