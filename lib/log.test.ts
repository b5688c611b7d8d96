import "#lib/test-db";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, sql } from "#lib/db";
import { describeError } from "#lib/log";
import { hashAddress } from "#lib/seal";

test("an error is told without the address it is about", async () => {
  const address = "jeanne@exemple.fr";
  const taken = { address, addressHash: hashAddress(address) };
  await db.contact.create({ data: { kind: "staff", lastName: "Martin", addresses: { create: taken } } });
  const error: unknown = await sql`
    insert into email_addresses (contact_id, address, address_hash)
    select contact_id, address, address_hash from email_addresses where address = ${address}`.catch(
    (thrown: unknown) => thrown,
  );
  const told = describeError(error);
  assert.deepEqual(
    [told.code, told.constraint, told.table],
    ["23505", "email_addresses_address_key", "email_addresses"],
  );
  assert.doesNotMatch(JSON.stringify(told), /jeanne|exemple\.fr/);
});

test("addresses quoted in the words themselves are masked, places in the code are not", () => {
  const told = describeError(
    Object.assign(new Error('550 <jeanne@exemple.fr>: "paul@exemple.fr" unknown'), {
      response: "paul@exemple.fr",
    }),
  );
  assert.equal(told.message, '550 <…@…>: "…@…" unknown');
  assert.doesNotMatch(JSON.stringify(told), /jeanne|paul/);
  assert.match(told.stack ?? "", /log\.test\.ts/);
  const place = "at node_modules/@prisma/client/runtime.js:1:2";
  assert.equal(describeError(Object.assign(new Error("x"), { stack: place })).stack, place);
});
