/** What a source last said, and what it writes because of it: reports 06, 07, 08, 14 and 15, and siblings of each. */
import "#lib/test-db";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { addAddress, editContact, makePrimary, removeAddress } from "#lib/contacts/mutations";
import type { ContactInput } from "#lib/contacts/schema";
import { sql } from "#lib/db";
import { addAffiliation, removeAffiliation } from "#lib/organisations/affiliate";
import { known, notesOf, openSource, takeFile, takeRows } from "#lib/sources/trial";

let staff = 0;

before(async () => {
  await openSource();
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('staff@src.example', 'Staff', 'secretariat') returning id`;
  staff = user?.id ?? 0;
});

/** What somebody of the secretariat types in the form of a contact. */
async function correct(externalId: string, change: Partial<ContactInput>) {
  const c = await known(externalId);
  const shown = {
    kind: c.kind,
    firstName: c.first_name,
    lastName: c.last_name,
    graduationYear: c.graduation_year,
    phone: c.phone,
    street: c.street,
    postcode: c.postcode,
    city: c.city,
    country: c.country,
    website: c.website,
    notes: c.notes,
    locale: c.locale,
  } as ContactInput;
  assert.deepEqual(await editContact(c.id, c.updated_at, { ...shown, ...change }, staff), { ok: true });
}

const lastChange = async (id: number) =>
  (
    await sql<{ data: { fields: string[]; values: Record<string, unknown[]> } }>`
    select data from activities where contact_id = ${id} and kind = 'contact.updated' order by id desc limit 1`
  )[0]?.data;

const address = async (text: string) =>
  (await sql<{ id: number }>`select id from email_addresses where address = ${text}`)[0]?.id ?? 0;

test("08 only what the site changed is written, and old values can be read", async () => {
  await takeFile("08-correction-1");
  await correct("cor-1", {
    firstName: "Norah",
    lastName: "Corrigée",
    phone: "+33 6 12 34 56 78",
    street: "2 rue Neuve",
    city: "Pessac",
  });
  assert.equal((await takeFile("08-correction-1")).unchanged, 1);
  const report = await takeFile("08-correction-2");
  assert.equal(report.updated, 1);
  const row = await known("cor-1");
  assert.deepEqual(
    [row.first_name, row.last_name, row.phone, row.street, row.city, row.postcode, row.graduation_year],
    ["Norah", "Corrigée", "+33 6 12 34 56 78", "2 rue Neuve", "Pessac", "33000", 2009],
  );
  const change = await lastChange(row.id);
  assert.deepEqual([change?.fields, change?.values], [["graduationYear"], { graduationYear: [2008, 2009] }]);
});

const person = (id: string, body: string) =>
  `<contact id="${id}"><lastName>Mem-${id}</lastName>${body}</contact>`;

test("08 bis what staff removed stays removed, until the site says something else", async () => {
  const say = (phone: string, more = "") =>
    takeRows(
      person(
        "rem",
        `<email>rem1@example.org</email><email>rem2@example.org</email><phone>${phone}</phone><website>https://a.example</website>${more}`,
      ),
    );
  await say("05 57 12 20 44");
  await correct("rem", { phone: "", website: "" });
  await removeAddress(await address("rem2@example.org"), staff);
  await say("05 57 12 20 44", "<graduationYear>2010</graduationYear>");
  let row = await known("rem");
  assert.deepEqual(
    [row.phone, row.website, row.addresses, row.graduation_year],
    ["", "", ["rem1@example.org"], 2010],
  );
  await say("05 57 12 20 45");
  row = await known("rem");
  assert.deepEqual([row.phone, row.website], ["+33 5 57 12 20 45", ""]);
  assert.deepEqual((await lastChange(row.id))?.values, { phone: ["", "+33 5 57 12 20 45"] });
});

test("08 ter the primary address that staff chose stays, until the site changes its own", async () => {
  const say = (...emails: string[]) =>
    takeRows(person("pri", emails.map((one) => `<email>${one}</email>`).join("")));
  await say("p1@example.org", "p2@example.org");
  await makePrimary(await address("p2@example.org"), staff);
  await say("p1@example.org", "p2@example.org", "p3@example.org");
  assert.deepEqual((await known("pri")).addresses, ["p2@example.org", "p1@example.org", "p3@example.org"]);
  await say("p3@example.org", "p1@example.org");
  const row = await known("pri");
  assert.deepEqual(row.addresses, ["p3@example.org", "p1@example.org", "p2@example.org"]);
  assert.deepEqual((await lastChange(row.id))?.values, {
    primaryEmail: ["p2@example.org", "p3@example.org"],
  });
});

test("08 quater silence forgets nothing: the same value said again later is no news", async () => {
  const say = (body: string) => takeRows(person("sil", body));
  await say("<phone>05 57 12 20 44</phone>");
  await correct("sil", { phone: "+33 6 12 34 56 78" });
  await say("");
  await say("<phone>05 57 12 20 44</phone><graduationYear>2011</graduationYear>");
  assert.equal((await known("sil")).phone, "+33 6 12 34 56 78");
});

test("08 quinquies before memory began, what staff edited is theirs and the rest is the site's", async () => {
  const say = (body: string) => takeRows(person("old", `<email>old@example.org</email>${body}`));
  await say("<firstName>Ana</firstName><phone>05 57 12 20 44</phone><address><city>Pau</city></address>");
  await correct("old", { phone: "", city: "Dax" });
  await sql`delete from remembered_rows`;
  await say(
    "<firstName>Anna</firstName><phone>05 57 12 20 45</phone><address><street>1 rue X</street><city>Pau</city></address>",
  );
  let row = await known("old");
  assert.deepEqual([row.first_name, row.phone, row.city, row.street], ["Anna", "", "Dax", ""]);
  // From then on the site's own changes are known.
  await say(
    "<firstName>Anna</firstName><phone>05 57 12 20 46</phone><address><street>1 rue X</street><city>Pau</city></address>",
  );
  row = await known("old");
  assert.deepEqual([row.phone, row.city], ["+33 5 57 12 20 46", "Dax"]);
});

test("an unchanged row of before memory is remembered, and nothing else", async () => {
  const rows = person(
    "same",
    "<phone>05 57 12 20 44</phone><organisation><name>Studio Même</name></organisation>",
  );
  await takeRows(rows);
  await sql`delete from remembered_rows`;
  assert.equal((await takeRows(rows)).unchanged, 1);
  const [memory] = await sql`
    select r.phone, r.last_name, r.organisation_name, r.organisation_id is not null as found from remembered_rows r
    join external_identities e on e.id = r.identity_id where e.external_id = 'same'`;
  assert.deepEqual(memory, {
    phone: "+33 5 57 12 20 44",
    last_name: "Mem-same",
    organisation_name: "Studio Même",
    found: true,
  });
});

test("a source that meets somebody for the first time fills what is empty, and corrects nothing", async () => {
  await takeRows(person("two", "<email>two@example.org</email><firstName>Zoé</firstName>"));
  await openSource("autre");
  await takeRows(
    `<contact id="x"><lastName>Autre</lastName><firstName>Zo</firstName><email>two@example.org</email><phone>05 57 12 20 44</phone><kind>staff</kind></contact>`,
    "autre",
  );
  const row = await known("two");
  assert.deepEqual(
    [row.first_name, row.last_name, row.phone, row.kind],
    ["Zoé", "Mem-two", "+33 5 57 12 20 44", "former_src"],
  );
});

test("the memory of a contact that is erased goes with it", async () => {
  await takeRows(person("gone", "<phone>05 57 12 20 44</phone>"));
  const { id } = await known("gone");
  await sql`delete from contacts where id = ${id}`;
  const [left] = await sql`select count(*)::int as n from remembered_rows where last_name = 'Mem-gone'`;
  assert.equal(left?.n, 0);
});

test("07 a postal address is one thing: a move empties what is not said", async () => {
  await takeFile("07-moved-1");
  await takeFile("07-moved-2");
  const row = await known("dem-1");
  assert.deepEqual([row.street, row.postcode, row.city, row.country], ["14 Low Quay", "", "Dublin", "IE"]);
  assert.deepEqual((await lastChange(row.id))?.values, {
    street: ["3 rue des Tilleuls, bât. B", "14 Low Quay"],
    postcode: ["33000", ""],
    city: ["Bordeaux", "Dublin"],
    country: ["FR", "IE"],
  });
});

test("07 bis a spelling is no move, a part added empties nothing, a move back home is in France", async () => {
  const say = (body: string) => takeRows(person("mov", `<address>${body}</address>`));
  const at = async () => {
    const { street, postcode, city, country } = await known("mov");
    return [street, postcode, city, country];
  };
  await say("<street>1 rue X</street><city>Saint-Étienne</city><country>BE</country>");
  await say("<street>1 RUE X</street><city>St Etienne Cedex 2</city>");
  assert.deepEqual(await at(), ["1 RUE X", "", "St Etienne Cedex 2", "BE"]);
  await say("<postcode>42000</postcode>");
  assert.deepEqual(await at(), ["1 RUE X", "42000", "St Etienne Cedex 2", "BE"]);
  await say("<city>Pau</city>");
  assert.deepEqual(await at(), ["", "", "Pau", "FR"]);
  await correct("mov", { street: "2 rue Y", postcode: "64000" });
  await say("<city>Pau</city><postcode>64100</postcode>");
  assert.deepEqual(await at(), ["2 rue Y", "64100", "Pau", "FR"]);
});

test("06 the employer last said is the present one, the others are past", async () => {
  await takeFile("06-employer-1");
  await takeFile("06-employer-2");
  assert.deepEqual(
    [(await known("emp-1")).places, (await known("emp-1")).past],
    [["Bureau Boréal, Chargée de projet"], ["Agence Alizé"]],
  );
  await takeFile("06-employer-3");
  const row = await known("emp-1");
  assert.deepEqual([row.places, row.past], [["Agence Alizé, Directrice"], ["Bureau Boréal"]]);
  assert.deepEqual((await lastChange(row.id))?.values, {
    organisation: ["Bureau Boréal, Chargée de projet", "Agence Alizé, Directrice"],
  });
});

const employed = (id: string, name = "", job = "", role = "employee") =>
  takeRows(
    person(
      id,
      name && `<organisation role="${role}"><name>${name}</name><jobTitle>${job}</jobTitle></organisation>`,
    ),
  );

test("06 bis what the site no longer says is past; what staff removed or added is theirs", async () => {
  await employed("job", "Studio Un");
  const row = await known("job");
  const [two] = await sql<{
    id: number;
  }>`insert into organisations (name) values ('Studio Deux') returning id`;
  await addAffiliation(
    { contactId: row.id, organisationId: two?.id ?? 0, role: "payroll", jobTitle: "" },
    staff,
  );
  await employed("job");
  assert.deepEqual(
    [(await known("job")).places, (await known("job")).past],
    [["Studio Deux"], ["Studio Un"]],
  );
  await employed("job", "Studio Trois");
  const [three] = await sql<{ id: number }>`
    select f.id from affiliations f join organisations o on o.id = f.organisation_id where f.contact_id = ${row.id} and o.name = 'Studio Trois'`;
  await removeAffiliation(three?.id ?? 0, staff);
  await takeRows(
    person(
      "job",
      `<organisation><name>STUDIO TROIS</name></organisation><graduationYear>2001</graduationYear>`,
    ),
  );
  assert.deepEqual(
    [(await known("job")).places, (await known("job")).graduation_year],
    [["Studio Deux"], 2001],
  );
});

test("06 ter a job title that staff corrected stays; a new role is another place", async () => {
  await employed("title", "Studio Titre", "Stagiaire");
  await sql`update affiliations set job_title = 'Chargée' where contact_id = ${(await known("title")).id}`;
  await takeRows(
    person(
      "title",
      `<organisation><name>Studio Titre</name><jobTitle>Stagiaire</jobTitle></organisation><graduationYear>2002</graduationYear>`,
    ),
  );
  assert.deepEqual((await known("title")).places, ["Studio Titre, Chargée"]);
  await employed("title", "Studio Titre", "Directrice", "decision_maker");
  assert.deepEqual(
    [(await known("title")).places, (await known("title")).past],
    [["Studio Titre, Directrice"], ["Studio Titre"]],
  );
});

test("06 quater an employer that another source still names is not past", async () => {
  await takeRows(
    person("both", `<email>both@example.org</email><organisation><name>Studio Commun</name></organisation>`),
  );
  await takeRows(`<contact id="b"><lastName>B</lastName><email>both@example.org</email></contact>`, "autre");
  await takeRows(
    `<contact id="b"><lastName>B</lastName><email>both@example.org</email><organisation><name>Studio Commun</name></organisation></contact>`,
    "autre",
  );
  await takeRows(person("both", `<email>both@example.org</email>`));
  assert.deepEqual((await known("both")).places, ["Studio Commun"]);
});

test("14 a name that is two organisations is nobody's, and noted", async () => {
  await takeFile("14-same-name-1");
  const report = await takeFile("14-same-name-2");
  assert.deepEqual(
    [report.created, report.notes, notesOf(report)],
    [1, 1, [["organisation/name", "organisation", false]]],
  );
  assert.deepEqual((await known("orme-3")).places, []);
  assert.equal((await sql`select from organisations where sort_name = 'lycee des saules'`).length, 2);
});

test("14 bis the town, the SIRET or the place somebody has already tells them apart", async () => {
  await sql`update organisations set city = 'Mulhouse' where siret = '94567812600018'`;
  await takeRows(
    `<contact id="orme-4"><lastName>Q</lastName><address><city>MULHOUSE CEDEX</city></address><organisation><name>Lycee des Saules</name></organisation></contact>`,
  );
  await takeRows(
    `<contact id="orme-1"><lastName>Bordelaise</lastName><organisation><name>Lycée des Saules</name><jobTitle>Proviseure</jobTitle></organisation></contact>`,
  );
  await takeRows(
    `<contact id="orme-5"><lastName>C</lastName><organisation><name>Lycée des Saules</name><siret>93456781900016</siret></organisation></contact>`,
  );
  const sirets = await sql`
    select e.external_id, o.siret from external_identities e join affiliations f on f.contact_id = e.contact_id
    join organisations o on o.id = f.organisation_id where e.external_id like 'orme-%' and f.ended_at is null order by 1`;
  assert.deepEqual(
    sirets.map(({ external_id, siret }) => [external_id, siret]),
    [
      ["orme-1", "93456781900016"],
      ["orme-2", "94567812600018"],
      ["orme-4", "94567812600018"],
      ["orme-5", "93456781900016"],
    ],
  );
});

test("15 two people who exchange addresses are applied together", async () => {
  await takeFile("15-swap-1");
  const report = await takeFile("15-swap-2");
  assert.deepEqual([report.updated, report.rejected], [2, 0]);
  assert.deepEqual(
    [(await known("ech-1")).addresses, (await known("ech-2")).addresses],
    [["direction@example.org"], ["accueil@example.org"]],
  );
  assert.deepEqual((await lastChange((await known("ech-1")).id))?.values, {
    primaryEmail: ["accueil@example.org", "direction@example.org"],
    email: ["accueil@example.org", "direction@example.org"],
  });
});

const having = (id: string, ...emails: string[]) =>
  person(id, emails.map((one) => `<email>${one}</email>`).join(""));

test("15 bis an address passes to a successor, known or new, with what its mailbox is known for", async () => {
  await takeRows(
    having("chief", "poste@example.org", "chief@example.org") + having("next", "next@example.org"),
  );
  await sql`update email_addresses set standing = 'soft', soft_bounces = 2 where address = 'poste@example.org'`;
  const first = await takeRows(
    having("chief", "chief@example.org") + having("next", "poste@example.org", "next@example.org"),
  );
  assert.deepEqual([first.updated, first.rejected], [2, 0]);
  assert.deepEqual(
    [(await known("chief")).addresses, (await known("next")).addresses],
    [["chief@example.org"], ["poste@example.org", "next@example.org"]],
  );
  await takeRows(having("next", "next@example.org") + having("newcomer", "poste@example.org"));
  assert.deepEqual(
    [(await known("next")).addresses, (await known("newcomer")).addresses],
    [["next@example.org"], ["poste@example.org"]],
  );
  const [standing] =
    await sql`select standing, soft_bounces from email_addresses where address = 'poste@example.org'`;
  assert.deepEqual(standing, { standing: "soft", soft_bounces: 2 });
});

test("15 ter three in a ring, all together or none", async () => {
  await takeRows(
    having("r1", "r1@example.org") + having("r2", "r2@example.org") + having("r3", "r3@example.org"),
  );
  const ring = having("r1", "r2@example.org") + having("r2", "r3@example.org");
  const refused = await takeRows(ring + having("r3", "r1@example.org", "both@example.org"));
  assert.equal(refused.rejected, 3);
  assert.deepEqual((await known("r1")).addresses, ["r1@example.org"]);
  const done = await takeRows(ring + having("r3", "r1@example.org"));
  assert.deepEqual([done.updated, done.rejected], [3, 0]);
  assert.deepEqual(
    [(await known("r1")).addresses, (await known("r2")).addresses, (await known("r3")).addresses],
    [["r2@example.org"], ["r3@example.org"], ["r1@example.org"]],
  );
});

test("15 quater an address that staff gave somebody is not handed on by the site", async () => {
  await takeRows(having("mine", "mine@example.org") + having("yours", "yours@example.org"));
  await addAddress((await known("mine")).id, "given@example.org", staff);
  const report = await takeRows(having("mine", "mine2@example.org") + having("yours", "given@example.org"));
  assert.deepEqual(notesOf(report), [["email", "addressTaken", true]]);
  assert.ok((await known("mine")).addresses.includes("given@example.org"));
});
