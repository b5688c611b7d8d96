import { type TestContext, test } from "node:test";
import "#testing/database";
import assert from "node:assert/strict";
import { sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { emptyReport, importContacts, type Report } from "#lib/sites/sources/import";
import { contactXml, fileXml, once, type Person, peopleXml } from "#testing/sources";

let made = 0;

/** A source of its own for each test, and what it takes to import into it. */
async function feed(_: TestContext) {
  const key = `feed-${++made}`;
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind, identity, updated_at) values (${key}, ${key}, 'former_src', 'address', now()) returning id`;
  const take = async (text: string): Promise<Report> => {
    const report = emptyReport();
    const origin = {
      sourceId: source?.id ?? 0,
      sourceKey: key,
      defaultKind: "former_src",
      runId: null,
      userId: null,
    };
    await transaction((client) => importContacts(client, once(text), origin, report));
    return report;
  };
  return {
    id: source?.id ?? 0,
    key,
    take: (...people: Person[]) => take(peopleXml(people, key)),
    takeXml: (text: string) => take(fileXml(text, key)),
  };
}

const counts = ({ created, updated, unchanged, archived, rejected }: Report) => ({
  created,
  updated,
  unchanged,
  archived,
  rejected,
});
const none = { created: 0, updated: 0, unchanged: 0, archived: 0, rejected: 0 };
const faults = (report: Report) => report.errors.map(({ line, field, reason }) => [line, field, reason]);
const owner = async (address: string) =>
  (
    await sql<{ id: number; last_name: string; is_primary: boolean }>`
    select c.id, c.last_name, m.is_primary from email_addresses m join contacts c on c.id = m.contact_id where m.address = ${address}`
  )[0];
const all = `<kind>professional</kind><firstName>Élodie</firstName><graduationYear>2008</graduationYear><phone>05 57 12 20 44</phone>
  <address><street>12 rue X</street><postcode>33000</postcode><city>Bordeaux</city><country>be</country></address>
  <website>exemple.fr</website><locale>en</locale>`;

test("a new row is a contact with everything the file says", async (t) => {
  const { id, take } = await feed(t);
  const report = await take({ id: "a", emails: ["One@Exemple.FR", "two@exemple.fr"], body: all });
  assert.deepEqual(counts(report), { ...none, created: 1 });
  const [row] = await sql`
    select c.*, e.external_id, e.row_hash is not null as hashed from contacts c join external_identities e on e.contact_id = c.id where e.source_id = ${id}`;
  assert.equal(row?.kind, "professional");
  assert.deepEqual(
    [
      row?.first_name,
      row?.graduation_year,
      row?.city,
      row?.country,
      row?.website,
      row?.locale,
      row?.external_id,
      row?.hashed,
    ],
    ["Élodie", 2008, "Bordeaux", "BE", "https://exemple.fr", "en", "a", true],
  );
  const addresses =
    await sql`select address, is_primary, address_hash, source_id from email_addresses where contact_id = ${row?.id} order by id`;
  assert.deepEqual(
    addresses.map((a) => a.source_id),
    [id, id],
    "letters tell their reader where the address comes from",
  );
  assert.deepEqual(
    addresses.map((a) => [a.address, a.is_primary]),
    [
      ["one@exemple.fr", true],
      ["two@exemple.fr", false],
    ],
  );
  assert.deepEqual(new Uint8Array(addresses[0]?.address_hash), hashAddress("one@exemple.fr"));
  const [activity] = await sql`select kind, data from activities where contact_id = ${row?.id}`;
  assert.deepEqual([activity?.kind, activity?.data.sourceId], ["contact.imported", id]);
});

test("the same file again changes nothing, and a changed row only what changed", async (t) => {
  const { take } = await feed(t);
  const people = [
    { id: "1", emails: ["same1@exemple.fr"], body: all },
    { id: "2", emails: ["same2@exemple.fr"] },
  ];
  await take(...people);
  const before = await owner("same1@exemple.fr");
  const activities = async () => (await sql`select count(*)::int as n from activities`)[0]?.n;
  const known = await activities();
  assert.deepEqual(counts(await take(...people)), { ...none, unchanged: 2 });
  assert.equal(await activities(), known);
  // Staff corrected the name meanwhile: what the site did not change stays theirs.
  await sql`update contacts set first_name = 'Elodie', notes = 'appelée' where id = ${before?.id}`;
  const report = await take(
    {
      id: "1",
      emails: ["same1@exemple.fr"],
      body: all.replace("2008", "2009").replace("<firstName>Élodie</firstName>", ""),
    },
    people[1] as Person,
  );
  assert.deepEqual(counts(report), { ...none, updated: 1, unchanged: 1 });
  const [row] = await sql`select * from contacts where id = ${before?.id}`;
  assert.deepEqual([row?.graduation_year, row?.first_name, row?.notes], [2009, "Elodie", "appelée"]);
  const [activity] =
    await sql`select data from activities where contact_id = ${before?.id} and kind = 'contact.updated'`;
  assert.deepEqual(activity?.data.fields, ["graduationYear"]);
});

test("an empty element erases nothing", async (t) => {
  const { take } = await feed(t);
  await take({ id: "1", emails: ["kept@exemple.fr"], body: all });
  const report = await take({ id: "1", body: "<kind/><firstName></firstName><phone/>" });
  assert.deepEqual(counts(report), { ...none, unchanged: 1 });
  assert.ok(await owner("kept@exemple.fr"));
});

test("an unknown id is looked for by address, and adopted", async (t) => {
  const first = await feed(t);
  const second = await feed(t);
  await first.take({ id: "1", emails: ["shared@exemple.fr"] });
  const report = await second.take({
    id: "x",
    lastName: "Durand",
    emails: ["SHARED@exemple.fr", "more@exemple.fr"],
  });
  assert.deepEqual(counts(report), { ...none, updated: 1 });
  const [ids] =
    await sql`select count(*)::int as n from external_identities where contact_id = ${(await owner("shared@exemple.fr"))?.id}`;
  assert.equal(ids?.n, 2);
  assert.equal((await owner("more@exemple.fr"))?.is_primary, false);
});

test("an address of somebody else refuses the row, not the file", async (t) => {
  const { take } = await feed(t);
  await take({ id: "1", emails: ["mine@exemple.fr"] }, { id: "2", emails: ["yours@exemple.fr"] });
  const report = await take(
    { id: "1", emails: ["mine@exemple.fr", "yours@exemple.fr"] },
    { id: "2", emails: ["yours@exemple.fr"] },
    { id: "3", emails: ["mine@exemple.fr"] },
    { id: "4", emails: ["free@exemple.fr"] },
  );
  assert.deepEqual(counts(report), { ...none, created: 1, unchanged: 1, rejected: 2 });
  assert.deepEqual(faults(report), [
    [3, "email", "addressTaken"],
    [5, "email", "addressTaken"],
  ]);
  assert.equal(report.errors[0]?.value, "yours@exemple.fr");
});

test("an address of two known people is nobody's", async (t) => {
  const { take } = await feed(t);
  const other = await feed(t);
  await take({ id: "1", emails: ["p@exemple.fr"] }, { id: "2", emails: ["q@exemple.fr"] });
  const report = await other.take({ id: "9", emails: ["p@exemple.fr", "q@exemple.fr"] });
  assert.deepEqual(faults(report), [[3, "email", "addressTaken"]]);
});

test("ids and addresses that come twice in a file keep their first", async (t) => {
  const { take } = await feed(t);
  const report = await take(
    { id: "1", lastName: "Premier", emails: ["first@exemple.fr"] },
    { id: "1", lastName: "Second", emails: ["other@exemple.fr"] },
    { id: "3", lastName: "Tiers", emails: ["FIRST@exemple.fr"] },
    { id: "4", emails: ["dup@exemple.fr", "Dup@Exemple.fr"] },
  );
  assert.deepEqual(counts(report), { ...none, created: 2, rejected: 2 });
  assert.deepEqual(faults(report), [
    [4, "id", "duplicateId"],
    [5, "email", "duplicateAddress"],
  ]);
  assert.equal((await owner("first@exemple.fr"))?.last_name, "Premier");
});

test("two rows found to be one contact by two addresses keep the first", async (t) => {
  const { take } = await feed(t);
  const other = await feed(t);
  await take({ id: "1", emails: ["u@exemple.fr", "v@exemple.fr"] });
  const report = await other.take(
    { id: "a", emails: ["u@exemple.fr"] },
    { id: "b", emails: ["v@exemple.fr"] },
  );
  assert.deepEqual(faults(report), [[4, "id", "sameContact"]]);
});

test("a row whose primary address changes moves the mail, unless the new one is known dead", async (t) => {
  const { take } = await feed(t);
  await take({ id: "1", emails: ["old@exemple.fr"] });
  await take({ id: "1", emails: ["new@exemple.fr", "old@exemple.fr"] });
  assert.equal((await owner("new@exemple.fr"))?.is_primary, true);
  assert.equal((await owner("old@exemple.fr"))?.is_primary, false);
  await sql`update email_addresses set standing = 'hard' where address = 'old@exemple.fr'`;
  await take({ id: "1", emails: ["old@exemple.fr"] });
  assert.equal((await owner("new@exemple.fr"))?.is_primary, true);
});

test("an archived contact stays archived and untouched, and is counted apart", async (t) => {
  const { take } = await feed(t);
  await take({ id: "1", lastName: "Avant", emails: ["away@exemple.fr"] });
  await sql`update contacts set archived_at = now() where id = ${(await owner("away@exemple.fr"))?.id}`;
  const report = await take({ id: "1", lastName: "Après", emails: ["away@exemple.fr", "away2@exemple.fr"] });
  assert.deepEqual(counts(report), { ...none, archived: 1 });
  assert.deepEqual(
    report.errors.map((e) => [e.reason, e.rejected]),
    [["archived", false]],
  );
  assert.equal((await owner("away@exemple.fr"))?.last_name, "Avant");
  assert.equal(await owner("away2@exemple.fr"), undefined);
});

test("subscriptions are made once, with proof, and a « no » is never undone", async (t) => {
  const { take } = await feed(t);
  const asks = (topic: string) =>
    `<newsletters><subscribe topic="${topic}" at="2024-09-14" proof="formulaire"/></newsletters>`;
  await take(
    { id: "1", emails: ["sub@exemple.fr"], body: asks("src") },
    { id: "2", emails: ["no@exemple.fr"], body: asks("src") },
  );
  const contact = (await owner("sub@exemple.fr"))?.id;
  const [event] =
    await sql`select change, basis, via, proof from subscription_events where contact_id = ${contact}`;
  assert.deepEqual(
    [event?.change, event?.basis, event?.via, event?.proof.proof, event?.proof.externalId],
    ["subscribed", "public_task", "import", "formulaire", "1"],
  );
  const no = (await owner("no@exemple.fr"))?.id;
  await sql`update subscriptions set subscribed_at = null, unsubscribed_at = now() where contact_id = ${no}`;
  // The address of somebody who opposed and was erased comes back.
  await sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress("erased@exemple.fr"))}, 'erasure')`;
  await sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress("bounced@exemple.fr"))}, 'hard_bounce')`;
  await take(
    { id: "2", lastName: "Autre", emails: ["no@exemple.fr"], body: asks("src") },
    { id: "3", emails: ["erased@exemple.fr"], body: asks("4media") },
    { id: "4", emails: ["bounced@exemple.fr"], body: asks("4media") },
  );
  const subscribed = async (address: string) =>
    (
      await sql`select count(*)::int as n from subscriptions where contact_id = ${(await owner(address))?.id} and subscribed_at is not null`
    )[0]?.n;
  assert.deepEqual(
    [
      await subscribed("no@exemple.fr"),
      await subscribed("erased@exemple.fr"),
      await subscribed("bounced@exemple.fr"),
    ],
    [0, 0, 1],
  );
  const [lifted] = await sql`select count(*)::int as n from suppressions where lifted_at is not null`;
  assert.equal(lifted?.n, 0);
});

test("a newsletter founded on consent wants its proof", async (t) => {
  await sql`insert into topics (key, name, legal_basis) values ('opt', 'Opt', 'consent') on conflict do nothing`;
  const { take } = await feed(t);
  const report = await take({
    id: "1",
    emails: ["opt@exemple.fr"],
    body: `<newsletters><subscribe topic="opt"/><subscribe topic="nope"/><subscribe topic="src" at="hier"/></newsletters>`,
  });
  assert.deepEqual(counts(report), { ...none, created: 1 });
  assert.deepEqual(
    report.errors.map((e) => [e.reason, e.rejected]),
    [
      ["proof", false],
      ["topic", false],
      ["date", false],
    ],
  );
  assert.equal(report.notes, 3);
});

test("organisations are found by SIRET, then by folded name, else created once", async (t) => {
  const { take } = await feed(t);
  const at = (name: string, siret = "", job = "") =>
    `<organisation role="payroll"><name>${name}</name>${siret && `<siret>${siret}</siret>`}${job && `<jobTitle>${job}</jobTitle>`}</organisation>`;
  await sql`insert into organisations (name, updated_at) values ('Éditions du Port', now())`;
  await take(
    { id: "1", emails: ["o1@exemple.fr"], body: at("EDITIONS DU PORT", "198 013 443 00017") },
    { id: "2", emails: ["o2@exemple.fr"], body: at("Autre nom", "19801344300017") },
    { id: "3", emails: ["o3@exemple.fr"], body: at("éditions du port") },
    { id: "4", emails: ["o4@exemple.fr"], body: at("Studio Neuf") },
    { id: "5", emails: ["o5@exemple.fr"], body: at("STUDIO NEUF", "", "DRH") },
  );
  const rows = await sql<{ name: string; siret: string; n: number }>`
    select o.name, o.siret, count(*)::int as n from organisations o join affiliations a on a.organisation_id = o.id and a.role = 'payroll' group by o.id order by o.id`;
  assert.deepEqual(
    rows.map((r) => [r.name, r.siret, r.n]),
    [
      ["Éditions du Port", "19801344300017", 3],
      ["Studio Neuf", null, 2],
    ],
  );
  const report = await take({
    id: "5",
    emails: ["o5@exemple.fr"],
    body: at("Studio Neuf", "", "Directrice"),
  });
  assert.deepEqual(counts(report), { ...none, updated: 1 });
  const [job] =
    await sql`select job_title from affiliations a join email_addresses m using (contact_id) where m.address = 'o5@exemple.fr'`;
  assert.equal(job?.job_title, "Directrice");
});

test("a bad detail is left out and noted with line, field and value; only who is nobody is refused", async (t) => {
  const { takeXml } = await feed(t);
  const report = await takeXml(
    [
      contactXml({ id: "", lastName: "Sans" }),
      contactXml({ id: "2", lastName: " " }),
      contactXml({ id: "3", body: "<kind>alien</kind>" }),
      contactXml({ id: "4", body: "<graduationYear>20O8</graduationYear>" }),
      contactXml({ id: "5", emails: ["pas une adresse"] }),
      contactXml({
        id: "6",
        emails: ["ok6@exemple.fr"],
        body: "<phone>néant</phone><website>javascript:x</website><organisation><name>X</name><siret>1</siret></organisation>",
      }),
      contactXml({ id: "7", body: "<organisation><jobTitle>DG</jobTitle></organisation>" }),
    ].join(""),
  );
  assert.deepEqual(counts(report), { ...none, created: 5, rejected: 2 });
  assert.equal(report.notes, 7);
  assert.deepEqual(
    report.errors.map((error) => [error.line, error.field, error.reason, error.rejected]),
    [
      [3, "id", "required", true],
      [4, "lastName", "required", true],
      [5, "kind", "kind", false],
      [6, "graduationYear", "year", false],
      [7, "email", "email", false],
      [8, "phone", "phone", false],
      [8, "website", "website", false],
      [8, "organisation/siret", "siret", false],
      [9, "organisation/name", "empty", false],
    ],
  );
});

test("ten thousand bad rows are all counted, the first thousand told", async (t) => {
  const { takeXml } = await feed(t);
  const report = await takeXml(
    Array.from({ length: 10_000 }, (_, n) => contactXml({ id: `${n}`, lastName: "" })).join(""),
  );
  assert.deepEqual([report.rowsRead, report.rejected, report.errors.length], [10_000, 10_000, 1000]);
});

test("text that means something to SQL or COPY is only text", async (t) => {
  const { take } = await feed(t);
  const nasty = "O'Brien\\N \\. \t; drop table contacts";
  await take({ id: "\\N", lastName: nasty, emails: ["o'brien@exemple.fr"] });
  assert.equal((await owner("o'brien@exemple.fr"))?.last_name, "O'Brien\\N \\. ; drop table contacts");
});

test("an address taken at a screen during the import is seen, not crashed upon", async (t) => {
  const { key, id } = await feed(t);
  const [person] = await sql<{
    id: number;
  }>`insert into contacts (kind, last_name, updated_at) values ('staff', 'Ailleurs', now()) returning id`;
  const report = emptyReport();
  const origin = { sourceId: id, sourceKey: key, defaultKind: "former_src", runId: null, userId: null };
  const slowly = async function* () {
    yield Buffer.from(peopleXml([{ id: "1", emails: ["race@exemple.fr"] }], key));
    await sql`insert into email_addresses (contact_id, address, address_hash, is_primary) values (${person?.id}, 'race@exemple.fr', ${Buffer.from(hashAddress("race@exemple.fr"))}, true)`;
  };
  await transaction((client) => importContacts(client, slowly(), origin, report));
  // The first time a source meets somebody, what is known of them stays.
  assert.deepEqual(counts(report), { ...none, unchanged: 1 });
  assert.deepEqual((await owner("race@exemple.fr"))?.last_name, "Ailleurs");
});
