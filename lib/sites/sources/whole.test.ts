/** Format 1.1: a file says how many people it holds, and that a field is empty; 1.0 is read as before. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { known, lastChange, openSource, take } from "#testing/feeds";
import { once } from "#testing/sources";

const file = (body: string, end = "") =>
  take(once(`<?xml version="1.0"?>\n<contacts source="essai" version="1.1">\n${body}\n${end}</contacts>`));
const refused = (reason: string, line: number) => (error: { reason: string; line: number }) => {
  assert.deepEqual([error.reason, error.line], [reason, line]);
  return true;
};
const person = (id: string, body: string, attributes = "") =>
  `<contact id="${id}"${attributes}><lastName>Entier-${id}</lastName>${body}</contact>`;

before(() => openSource());

test("without its end, or with another count, nothing is written", async () => {
  const one = person("e1", "<phone>05 57 12 20 44</phone>");
  await assert.rejects(file(one), refused("noEnd", 4));
  await assert.rejects(file(one, '<end rows="2"/>'), refused("endCount", 4));
  await assert.rejects(file(one, "<end/>"), refused("endCount", 4));
  await assert.rejects(file("", `<end rows="0"/>${one}`), refused("afterEnd", 4));
  assert.deepEqual(await sql`select from external_identities where external_id = 'e1'`, []);
  assert.equal((await file(one, '<end rows="1"/>')).created, 1);
});

test("« end » is an unknown element of 1.0, and needed by nobody there", async () => {
  const old = `<contacts source="essai" version="1.0">${person("e2", "")}<end rows="7"/></contacts>`;
  const report = await take(once(old));
  assert.deepEqual([report.created, report.rejected], [1, 1]);
});

test("clear empties what the site had said, and silence empties nothing", async () => {
  const all = `<firstName>Ada</firstName><graduationYear>2008</graduationYear><phone>05 57 12 20 44</phone>
    <website>https://ada.example/</website><address><street>1 rue Haute</street><postcode>33000</postcode><city>Bordeaux</city></address>`;
  await file(person("c1", all), '<end rows="1"/>');
  assert.equal((await file(person("c1", "<phone/>"), '<end rows="1"/>')).updated, 0);
  const cleared = `<firstName clear="true"/><graduationYear clear="true"/><phone clear="true"/><website clear="1"/><address clear="true"/>`;
  const report = await file(person("c1", cleared), '<end rows="1"/>');
  assert.deepEqual([report.updated, report.notes], [1, 0]);
  const { id, ...now } = await known("c1");
  assert.deepEqual(
    [now.first_name, now.graduation_year, now.phone, now.website, now.street, now.postcode, now.city],
    ["", null, "", "", "", "", ""],
  );
  assert.deepEqual((await lastChange(id))?.values.phone, ["+33 5 57 12 20 44", ""]);
  assert.equal((await file(person("c1", cleared), '<end rows="1"/>')).unchanged, 1);
  // Said again, it is written again: the memory forgot it too.
  assert.equal((await file(person("c1", all), '<end rows="1"/>')).updated, 1);
  assert.equal((await known("c1")).phone, "+33 5 57 12 20 44");
});

test("clear does not empty what a person corrected here, nor what another source said", async () => {
  await file(
    person("c2", "<phone>05 57 12 20 45</phone><address><city>Pessac</city></address>"),
    '<end rows="1"/>',
  );
  const { id } = await known("c2");
  await sql`update contacts set phone = '+33612345678', city = 'Talence' where id = ${id}`;
  await file(person("c2", '<phone clear="true"/><address clear="true"/>'), '<end rows="1"/>');
  const now = await known("c2");
  assert.deepEqual([now.phone, now.city], ["+33612345678", "Talence"]);
});

test("what cannot be emptied is noted, and means nothing in 1.0", async () => {
  const report = await file(person("c3", '<locale clear="true"/>'), '<end rows="1"/>');
  assert.deepEqual(
    report.errors.map(({ field, reason, rejected }) => [field, reason, rejected]),
    [["locale", "clear", false]],
  );
  await take(
    once(
      `<contacts source="essai" version="1.0">${person("c4", "<phone>05 57 12 20 46</phone>")}</contacts>`,
    ),
  );
  await take(
    once(`<contacts source="essai" version="1.0">${person("c4", '<phone clear="true"/>')}</contacts>`),
  );
  assert.equal((await known("c4")).phone, "+33 5 57 12 20 46");
});

test("the date of the schema, updatedAt, is the one that « newest » compares", async () => {
  await file(
    person("n1", "<phone>05 57 12 20 47</phone>", ' updatedAt="2020-01-01T00:00:00Z"'),
    '<end rows="1"/>',
  );
  const newest = { "*": "newest" };
  const { id } = await known("n1");
  await sql`update contacts set phone = '+33611111111' where id = ${id}`;
  const say = (at: string) =>
    take(
      once(
        `<contacts source="essai" version="1.1">${person("n1", "<phone>05 57 12 20 48</phone>", ` updatedAt="${at}"`)}<end rows="1"/></contacts>`,
      ),
      null,
      "essai",
      newest,
    );
  await say(new Date(Date.now() - 60_000).toISOString());
  assert.equal((await known("n1")).phone, "+33 5 57 12 20 48");
});
