/** The same people as JSON: what comes out is what XML gives, and what is broken is refused as strictly. */
import "#testing/database";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RawContact } from "#lib/sites/sources/format";
import { readContacts } from "#lib/sites/sources/read";
import { FileRefused } from "#lib/sites/sources/refusal";
import { known, take } from "#testing/feeds";
import { once } from "#testing/sources";

const schemas = join(import.meta.dirname, "../../../public/schemas");
const read = (text: string | Uint8Array, key = "essai") => Array.fromAsync(readContacts(once(text), key));
const file = (contacts: string, rows: number | null, head = '"source": "essai", "version": "1.1"') =>
  `{${head}, "contacts": [${contacts}]${rows === null ? "" : `, "rows": ${rows}`}}`;
const refused = (reason: string, text: string | Uint8Array, line?: number) =>
  assert.rejects(read(text), (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.deepEqual([error.reason, line && error.line], [reason, line], String(text).slice(0, 80));
    return true;
  });

test("the example says in JSON what it says in XML", async () => {
  const without = ({ line: _, organisationLine, fields, emails, subscribes, ...rest }: RawContact) => ({
    ...rest,
    organisation: organisationLine !== null,
    fields: Object.entries(fields).flatMap(([name, { value }]) => (value ? [[name, value]] : [])),
    emails: emails.map(({ value, primary }) => [value, primary]),
    subscribes: subscribes.map(({ topic, at, proof }) => [topic, at, proof]),
  });
  const of = async (name: string) =>
    (await read(readFileSync(join(schemas, name)), "bordeauxelab")).map(without);
  assert.deepEqual(await of("contacts-example.json"), await of("contacts-example.xml"));
});

test("cut anywhere it is refused, and whatever the pieces it is the same", async () => {
  const text = file('{"id": "é{\\"]", "lastName": "Zoé \\\\"},\n {"id": "2", "lastName": "B"}', 2);
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut++)
    await assert.rejects(read(bytes.subarray(0, cut)), FileRefused, `cut at ${cut}`);
  async function* drip() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  const dripped = await Array.fromAsync(readContacts(drip(), "essai"));
  assert.deepEqual(dripped, await read(text));
  assert.deepEqual(
    dripped.map(({ id, line }) => [id, line]),
    [
      ['é{"]', 1],
      ["2", 2],
    ],
  );
});

test("what is not the format is refused with its line", async () => {
  const one = '{"id": "1", "lastName": "A"}';
  await refused("endCount", file(one, 2));
  await refused("noEnd", file(one, null));
  await refused("otherSource", file(one, 1, '"source": "autre", "version": "1.1"'));
  await refused("version", file(one, 1, '"source": "essai", "version": "1.0"'));
  await refused("malformedJson", file(`${one} ${one}`, 2));
  await refused("malformedJson", file(`${one},,${one}`, 2));
  await refused("malformedJson", file(`${one},`, 1));
  await refused("malformedJson", file(`,${one}`, 1));
  await refused("malformedJson", file(`[${one}]`, 1));
  await refused("malformedJson", file(`\n\n{"id": 1 2}`, 1), 3);
  await refused("malformedJson", `${file(one, 1)} {}`);
  await refused("depth", file(`{"id": "1", "x": ${"[".repeat(20)}${"]".repeat(20)}}`, 1));
  await refused("tooLong", file(`{"id": "1", "lastName": "${"x".repeat(70_000)}"}`, 1));
  await refused("tooLong", `{"x": "${"x".repeat(70_000)}"}`);
  await refused("bytes", Buffer.from(file('{"id": "1", "lastName": "\xe9"}', 1), "latin1"));
  await refused("truncated", '{"source": "essai"}');
});

test("only « contacts », in the object itself, is the list of people", async () => {
  const one = '{"id": "1", "lastName": "A"}';
  const around = `{"tags": ["a", {"contacts": [${one}]}], "source": "essai", "version": "1.1", "contacts": [${one}], "notes": ["b", []], "rows": 1}`;
  assert.deepEqual(
    (await read(around)).map(({ id }) => id),
    ["1"],
  );
});

test("a value that is no text is left out and noted; names of JavaScript are names", async () => {
  const [odd] = await read(
    file(
      '{"id": "1", "lastName": "\\ud800", "phone": ["1"], "firstName": "a\\u0000b", "__proto__": {"x": 1}, "constructor": "c", "emails": "e", "clear": ["kind"], "locale": null}',
      1,
    ),
  );
  assert.deepEqual(
    odd?.faults.map(({ field, reason }) => [field, reason]),
    [
      ["lastName", "text"],
      ["phone", "text"],
      ["firstName", "text"],
      ["__proto__", "unknownElement"],
      ["constructor", "unknownElement"],
      ["emails", "text"],
      ["clear", "clear"],
    ],
  );
  const [rounded] = await read(file('{"id": 12345678901234567890, "lastName": "A"}', 1));
  assert.equal(rounded?.id, "");
});

test("a file of JSON is imported like any other", async () => {
  const text = file(
    '{"id": "j1", "lastName": "Jason", "phone": "05 57 12 20 44", "address": {"city": "Bègles"}}',
    1,
  );
  assert.equal((await take(once(text))).created, 1);
  assert.deepEqual([(await known("j1")).phone, (await known("j1")).city], ["+33 5 57 12 20 44", "Bègles"]);
  assert.equal((await take(once(`  \n${text}`))).unchanged, 1);
});
