/** Situations that people reported of other tools: the files of reports/, and siblings of each kind. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { declared, known, nameOf, notesOf, openSource, take, takeFile, takeRows } from "#testing/feeds";
import { once } from "#testing/sources";

before(() => openSource());

test("01 an empty address is no address: the person is imported, and it is noted", async () => {
  const report = await takeFile("01-empty-email");
  assert.deepEqual([report.created, report.rejected, report.notes], [3, 0, 3]);
  assert.ok(report.errors.every(({ reason, rejected }) => reason === "empty" && !rejected));
  assert.deepEqual((await known("vide-3")).addresses, ["vaudry@example.org"]);
});

test("01 bis no field that cannot be used refuses its row", async () => {
  const report = await takeRows(`
    <contact id="v-1"><lastName>Un</lastName><organisation/><graduationYear>0</graduationYear></contact>
    <contact id="v-2"><lastName>Deux</lastName><organisation role="chief"><name> </name></organisation><graduationYear>0000</graduationYear></contact>
    <contact id="v-3"><lastName>Trois</lastName><phone/><website/><kind/><locale/><address/><newsletters/><email>x@</email><email>v3@example.org</email></contact>
    <contact id="v-4"><lastName>Quatre</lastName><lastName>Encore</lastName><nickname>Q</nickname>stray<city>Pau</city></contact>
    <contact id="v-5"><lastName>${"x".repeat(101)}</lastName><firstName>Cinq</firstName></contact>
    <contact id="v-6"><lastName>\u3164</lastName><email>six@example.org</email></contact>
    <contact id="v-7"><email>jérôme@example.org</email><firstName>Jérôme</firstName></contact>
    <contact id="v-8"><lastName>\u200b</lastName><email/></contact>
    <contact id="v-9"><email primary="1">a9@example.org</email><email primary="1">b9@example.org</email><lastName>Neuf</lastName></contact>`);
  assert.deepEqual([report.created, report.rejected], [8, 1]);
  assert.deepEqual(
    notesOf(report).filter(([, , rejected]) => rejected),
    [["lastName", "required", true]],
  );
  assert.deepEqual(
    [await nameOf("v-4"), await nameOf("v-5"), await nameOf("v-6"), await nameOf("v-7")],
    [
      ["", "Quatre"],
      ["Cinq", ""],
      ["", "six@example.org"],
      ["Jérôme", ""],
    ],
  );
  assert.deepEqual((await known("v-7")).addresses, []);
  assert.ok(notesOf(report).some(([field, reason]) => field === "email" && reason === "emailNotAscii"));
  assert.deepEqual((await known("v-9")).addresses, ["a9@example.org", "b9@example.org"]);
});

test("02 invisible characters are dropped before addresses are compared", async () => {
  const report = await takeFile("02-invisible-in-address");
  assert.deepEqual([report.created, report.rejected], [1, 4]);
  assert.ok(report.errors.every(({ reason }) => reason === "duplicateAddress"));
  assert.deepEqual((await known("inv-0")).addresses, ["nadia.perrin@example.org"]);
});

test("03 a file said to be Latin-1 whose accents are UTF-8 is read as UTF-8, and it is said", async () => {
  const report = await takeFile("03-says-latin1-is-utf8");
  assert.deepEqual(await nameOf("moji-1"), ["Zoé", "Dupré"]);
  assert.equal((await known("moji-1")).city, "Sète");
  assert.deepEqual(report.errors[0], {
    line: 1,
    field: "encoding",
    reason: "charset",
    value: "ISO-8859-1",
    rejected: false,
  });
});

test("03 bis a charset goes by its aliases, and HTTP's goes before none", async () => {
  const row = (id: string) => `<contact id="${id}"><lastName>Élodie</lastName></contact>`;
  for (const [n, alias] of [
    "latin-1",
    "win-1252",
    "ISO_8859-1",
    "cp-1252",
    "Windows_1252",
    "utf8",
    "UTF_8",
  ].entries()) {
    const bytes = Buffer.from(declared(row(`alias-${n}`), alias), /utf/i.test(alias) ? "utf8" : "latin1");
    const report = await take(once(bytes));
    assert.equal((await known(`alias-${n}`)).last_name, "Élodie", alias);
    assert.equal(report.notes, 0);
  }
  await take(once(Buffer.from(declared(row("http-1")), "latin1")), "iso-8859-1");
  await take(once(Buffer.from(declared(row("http-2"), "utf-8"), "latin1")), "ISO-8859-1");
  await take(once(Buffer.from(declared(row("http-3"), "iso-8859-1"), "latin1")), "utf-8");
  const report = await take(once(Buffer.from(declared(row("http-4"), "iso-8859-1"), "utf8")), "utf-8");
  for (const id of ["http-1", "http-2", "http-3", "http-4"])
    assert.equal((await known(id)).last_name, "Élodie", id);
  assert.equal(report.notes, 0);
});

test("03 ter accents late in the file, or cut between two pieces, decide as well", async () => {
  const bytes = Buffer.from(
    declared(`${"<contact id='late'><lastName>"}${"x".repeat(90)}É</lastName></contact>`, "latin1"),
  );
  const report = await take(once(...[...bytes].map((byte) => Buffer.of(byte))));
  assert.equal(String((await known("late")).last_name).at(-1), "É");
  assert.equal(report.notes, 1);
});

test("04 a reference of Windows is the letter it means", async () => {
  await takeFile("04-windows-references");
  assert.deepEqual(await nameOf("ref-1"), ["Cœur", "L’Hermitte"]);
  assert.equal((await known("ref-1")).city, "L’Isle");
});

test("05 a date that is none is left out and noted; a time without a zone is Paris", async () => {
  const report = await takeFile("05-dates-that-do-not-exist");
  assert.deepEqual(notesOf(report), [
    ["newsletters/subscribe", "date", false],
    ["newsletters/subscribe", "date", false],
  ]);
  const proved = await sql<{ last_name: string; at: string }>`
    select c.last_name, v.proof ->> 'at' as at from subscription_events v join contacts c on c.id = v.contact_id
    where c.last_name in ('Fevrier', 'Avril', 'Sansfuseau')`;
  assert.deepEqual(
    proved.map(({ last_name, at }) => [last_name, new Date(at).toISOString()]),
    [["Sansfuseau", "2024-07-13T22:30:00.000Z"]],
  );
});

test("05 bis days of no calendar, hours that no clock showed, and seasons of Paris", async () => {
  const at: [string, string | null][] = [
    ["2023-02-29", null],
    ["2024-04-31T10:00:00+02:00", null],
    ["2024-03-31T02:30:00", null],
    ["0000-00-00", null],
    ["2024-01-15T24:30:00", null],
    ["2024-01-15", "2024-01-14T23:00:00.000Z"],
    ["2024-01-15T12:00", "2024-01-15T11:00:00.000Z"],
    ["2024-07-15T12:00:30.5", "2024-07-15T10:00:30.500Z"],
    ["2024-07-15T12:00:00Z", "2024-07-15T12:00:00.000Z"],
    ["2024-07-15T12:00:00-04:00", "2024-07-15T16:00:00.000Z"],
    ["2024-02-29", "2024-02-28T23:00:00.000Z"],
  ];
  const report = await takeRows(
    at
      .map(
        ([text], n) =>
          `<contact id="d-${n}"><lastName>D${n}</lastName><newsletters><subscribe topic="src" at="${text}"/></newsletters></contact>`,
      )
      .join(""),
  );
  assert.equal(report.notes, 5);
  for (const [n, [text, instant]] of at.entries()) {
    const [proof] = await sql<{ at: string }>`
      select v.proof ->> 'at' as at from subscription_events v where v.contact_id = ${(await known(`d-${n}`)).id}`;
    assert.equal(proof ? new Date(proof.at).toISOString() : null, instant, text);
  }
});

test("07 a number keeps its place, a website its letters, an entity is read once more", async () => {
  await takeFile("09-overseas-phones");
  await takeFile("10-websites");
  await takeFile("11-escaped-twice");
  assert.deepEqual(
    [(await known("tel-1")).phone, (await known("tel-2")).phone],
    ["+262 692 12 34 56", "+590 590 12 34 56"],
  );
  assert.deepEqual(
    [(await known("web-1")).website, (await known("web-2")).website, (await known("web-3")).website],
    ["https://example.org/?page=a/", "https://example.org/#/profil/", "https://example.org:8080/portfolio"],
  );
  assert.deepEqual(await nameOf("ent-1"), ["Zoé", "Dupré"]);
  const [place] = await sql`select o.name from organisations o join affiliations a on a.organisation_id = o.id
    where a.contact_id = ${(await known("ent-1")).id}`;
  assert.equal(place?.name, "Bois & Fils");
});
