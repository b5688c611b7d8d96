import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, sql } from "#lib/machine/db";
import { describeError } from "#lib/machine/log";
import { hashAddress } from "#lib/machine/seal";

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

test("words of any length are masked in no time, and are not written out whole", () => {
  for (const part of ["a", "a,", "a;", "@", "a@", "@,", "%40", "a@,", "a@b=c,d", "a ", "(a@b", "é"]) {
    const startedAt = performance.now();
    const told = describeError(new Error(part.repeat(100_000)));
    const took = performance.now() - startedAt;
    assert.ok(took < 1_000, `${part}: ${took}`);
    assert.ok(JSON.stringify(told).length < 30_000, part);
  }
});

test("addresses glued to one another and to other words are all masked", () => {
  for (const words of [
    "a@b.fr,jeanne@exemple.fr",
    "a@b.fr=c,jeanne@exemple.fr",
    "a@,jeanne@exemple.fr;x@",
    "to=jeanne%40exemple.fr&b=1,jeanne@exemple.fr",
    "(a@b(jeanne@exemple.fr",
    "a@b@c,jeanne@exemple.fr",
    `${"x".repeat(1_990)} jeanne@exemple.fr`,
  ])
    assert.doesNotMatch(describeError(new Error(words)).message, /jeanne/, words);
});

test("what a parser of JSON quotes is what somebody sent: it is not told", () => {
  for (const sent of [
    "pwd=correct horse",
    "horse",
    'email=marie"dupont',
    "[1,\n{x: correct horse battery staple}",
    '{"a":"correct horse", b}',
  ]) {
    let thrown: unknown;
    try {
      JSON.parse(sent);
    } catch (error) {
      thrown = error;
    }
    const { message, stack } = describeError(thrown);
    assert.doesNotMatch(`${message}${stack}`, /correct|horse|battery|email|marie|pwd/);
    assert.match(message, /JSON/);
  }
  for (const part of ['"', "Unexpected token '\"', \"", "SyntaxError: ..."]) {
    const started = performance.now();
    describeError(new SyntaxError(part.repeat(20_000)));
    assert.ok(performance.now() - started < 1_000, part);
  }
});
