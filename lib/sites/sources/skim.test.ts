/** A contact that says the same to the letter is passed over, and nothing else is: the file is judged as if all of it were read. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "#lib/machine/db";
import type { RawContact } from "#lib/sites/sources/format";
import { parseContacts } from "#lib/sites/sources/parse";
import { FileRefused } from "#lib/sites/sources/refusal";
import { judge, judging, rowHash } from "#lib/sites/sources/rules";
import type { KnownText, Skimmed } from "#lib/sites/sources/skim";
import { known, openSource, takeRows } from "#testing/feeds";
import { bulkContact, once } from "#testing/sources";

const people = Array.from({ length: 40 }, (_, n) => bulkContact(n));
const head = `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="feed" version="1.1">\n`;
const tail = (rows: number) => `<end rows="${rows}"/></contacts>\n`;
const whole = head + people.join("") + tail(40);

/** What comes out of a file, or why it is refused: [id, line] of each, and how many were passed over. */
async function read(text: string, texts: Map<string, KnownText> | null, size = 65_536) {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const skim = texts && {
    context: "",
    lookUp: async (ids: string[]) => new Map([...texts].filter(([id]) => ids.includes(id))),
  };
  const rows: (string | number)[][] = [];
  let [passed, refused] = [0, false];
  const hashes = new Map<string, KnownText>();
  try {
    for await (const one of parseContacts(once(...pieces), "feed", {}, skim)) {
      rows.push([one.id, one.line]);
      if (isSkimmed(one)) passed++;
      else if (one.textHash) hashes.set(one.id, { textHash: one.textHash, rowHash: one.textHash });
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    refused = true;
    rows.push([error.reason, error.line ?? 0]);
  }
  return { rows, passed, refused, hashes };
}
const isSkimmed = (one: RawContact | Skimmed): one is Skimmed => "skimmed" in one;

const { hashes } = await read(whole, new Map());

test("each contact's text is known after it was read, and then none is read again, whatever the pieces", async () => {
  const plain = await read(whole, null);
  assert.equal(hashes.size, 40);
  for (const size of [1, 7, 64, 1000, 65_536]) {
    const again = await read(whole, hashes, size);
    assert.deepEqual([again.passed, again.rows], [40, plain.rows], `pieces of ${size}`);
  }
});

test("a letter, a blank inside, or another version of the format is read; its neighbours are not", async () => {
  const other = (change: (text: string) => string) => whole.replace(people[7] ?? "", change(people[7] ?? ""));
  for (const change of [
    (text: string) => text.replace("Bordeaux", "Bordeauy"),
    (text: string) => text.replace("<kind>", " <kind>"),
    (text: string) => text.replace('id="u7"', "id='u7'"),
    (text: string) => text.replace('id="u7"', 'id="v7"'),
  ]) {
    const text = other(change);
    const { rows, passed } = await read(text, hashes);
    assert.deepEqual([passed, rows], [39, (await read(text, null)).rows]);
  }
  const older = whole.replace('"1.1"', '"1.0"').replace(/<end[^>]*>/, "");
  assert.equal((await read(older, hashes)).passed, 0);
});

const [first = "", second = ""] = people;
const traps: Record<string, [text: string, passed: number]> = {
  "a contact in a comment": [`${head}<!-- ${first} -->${second}${tail(1)}`, 1],
  "in a comment that looks closed": [`${head}<!-- <b> ${first} -->${second}${tail(1)}`, 1],
  "in CDATA": [
    `${head}<contact id="x"><lastName><![CDATA[${first}]]></lastName></contact>${second}${tail(2)}`,
    1,
  ],
  "in a processing instruction": [`${head}<?php ${first} ?>${second}${tail(1)}`, 1],
  "in another contact": [`${head}<contact id="x">${first}</contact>${second}${tail(2)}`, 1],
  "after a stray word": [`${head}mot ${first}${second}${tail(2)}`, 1],
  "after the end": [`${head}${first}${tail(1).replace("</contacts>", "")}${second}</contacts>`, 1],
  "in a second root": [`${head}${first}</contacts><contacts>${second}</contacts>`, 1],
  "without a root": [first + second, 0],
  "under a document type": [`<!DOCTYPE contacts>${head}${first}${tail(1)}`, 0],
  "of a wrong count": [`${head}${first}${second}${tail(3)}`, 2],
  "between returns": [`${head}\r\n\r${first}\r\n${second}<contact/>${tail(3)}`, 2],
  twice: [`${head}${first}${first}${tail(2)}`, 2],
  "not whole": [`${head}${first}${second.slice(0, -20)}`, 1],
  "whose tag ends with a blank": [
    `${head}${first.replace("</contact>", "</contact >")}${second}${tail(2)}`,
    0,
  ],
  "of another source": [whole.replace('"feed"', '"autre"'), 0],
};
for (const [name, [text, passed]] of Object.entries(traps))
  test(`known contacts ${name}`, async () => {
    const plain = await read(text, null);
    for (const size of [1, 100, 65_536]) {
      const skimmed = await read(text, hashes, size);
      // Of a file that is refused nothing is kept: why and where is what counts.
      const told = (rows: (string | number)[][]) => (plain.refused ? rows.slice(-1) : rows);
      assert.deepEqual(told(skimmed.rows), told(plain.rows));
      assert.ok(skimmed.passed <= passed, `${skimmed.passed} passed over`);
    }
  });

test("who follows a comment is read each time, and nobody else", async () => {
  const text = whole.replace(people[7] ?? "", `${people[7]}<!-- fiche -->\n`);
  for (const size of [1, 100, 65_536]) {
    assert.deepEqual((await read(text, hashes, size)).passed, 39);
    const fresh = await read(text, new Map(), size);
    assert.deepEqual(
      [fresh.hashes.size, fresh.hashes.has("u8"), fresh.rows],
      [39, false, (await read(text, null)).rows],
    );
  }
});

test("half of what was read is nobody’s text, nor is what ends in the middle of somebody", async () => {
  const half = "\n<contact id='a'> --><lastName>Reste</lastName></contact>";
  const text = `${head}<contact id='a'><!-- </contact>${half}\n${first}${tail(2)}`;
  for (const size of [1, 100, 65_536]) {
    const once = await read(text, new Map(), size);
    assert.deepEqual([once.refused, once.rows.map(([id]) => id)], [false, ["a", "u0"]]);
    assert.deepEqual([...once.hashes.keys()], ["u0"]);
  }
});

test("two thousand are looked up at once, and no more than two million characters are held", async () => {
  const asked = async (contact: string, count: number) => {
    const sizes: number[] = [];
    const lookUp = async (ids: string[]) => {
      if (ids.length > 0) sizes.push(ids.length);
      return new Map<string, KnownText>();
    };
    const each = Array.from({ length: count }, (_, n) => contact.replace("N", String(n)));
    const pieces = [head, ...each, tail(count)].map((piece) => Buffer.from(piece));
    for await (const _ of parseContacts(once(...pieces), "feed", {}, { context: "", lookUp }));
    return sizes;
  };
  assert.deepEqual(await asked('<contact id="N"></contact>', 4500), [2000, 2000, 500]);
  const long = `<contact id="N">${"<!-- -->".repeat(7000)}</contact>`;
  assert.deepEqual(await asked(long, 80), [36, 36, 8]);
});

test("cut at each tenth, it is refused where it was", async () => {
  for (let tenth = 1; tenth < 10; tenth++) {
    const cut = whole.slice(0, (whole.length * tenth) / 10);
    assert.deepEqual((await read(cut, hashes)).rows, (await read(cut, null)).rows);
  }
});

const row = (id: string, body: string) =>
  `<contact id="${id}"><lastName>Skim</lastName><email>${id}@skim.example</email>${body}</contact>`;

test("in the book: passed over once written, read again when staff's newsletters change, never for a row with a note", async () => {
  await openSource("skim");
  const rows = row("s1", "<phone>0556000001</phone>") + row("s2", "<phone>pas un numéro</phone>");
  await takeRows(rows, "skim");
  const texts = async () =>
    (
      await sql`select text_hash is not null as known from external_identities where external_id in ('s1', 's2') order by external_id`
    ).map(({ known }) => known);
  assert.deepEqual(await texts(), [true, false]);
  const again = await takeRows(rows, "skim");
  assert.deepEqual([again.unchanged, again.notes, again.rowsRead], [2, 1, 2]);
  // Proof that it is not read: what is known of its row is what counts.
  await sql`update external_identities set row_hash = sha256('x') where external_id = 's1'`;
  await takeRows(rows, "skim");
  const hashOf = async () =>
    (await sql`select row_hash = sha256('x') as passed from external_identities where external_id = 's1'`)[0]
      ?.passed;
  assert.equal(await hashOf(), true);
  await sql`insert into topics (key, name, legal_basis) values ('skimmed', 'S', 'consent')`;
  await takeRows(rows, "skim");
  assert.equal(await hashOf(), false);
  assert.equal((await known("s1", "skim")).phone, "+33 5 56 00 00 01");
});

test("another judgement of the same text needs another number", () => {
  const rows = [0, 1, 2, 3].map((n) => ({
    line: n,
    id: `p${n}`,
    updated: "",
    fields: Object.fromEntries(
      Object.entries({
        lastName: " O’Neil ",
        phone: `05 57 12 20 ${10 + n}`,
        "address/country": n % 2 ? "France" : "be",
        website: "src.example",
        "organisation/name": "A  B",
        "organisation/siret": "55208131766522",
      }).map(([path, value]) => [path, { value, line: n }]),
    ),
    emails: [{ value: `P${n}@SRC.example`, primary: true, line: n }],
    subscribes: [],
    organisationLine: n,
    role: "",
    clears: [],
    partial: false,
    faults: [],
  }));
  const all = rows.map((raw) =>
    rowHash(judge(raw, new Map()).row ?? assert.fail("refused"))
      .toString("hex")
      .slice(0, 4),
  );
  assert.deepEqual(
    [judging, all],
    [1, ["7716", "1f0b", "9f46", "f664"]],
    "raise `judging` in rules.ts, then write the new figures here",
  );
});
