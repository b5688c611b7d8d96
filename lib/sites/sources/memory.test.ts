/** What a source last said, and what it writes because of it: reports 07 and 08, and siblings of each. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { editContact, makePrimary, removeAddress } from "#lib/people/contacts/mutations";
import type { ContactInput } from "#lib/people/contacts/schema";
import { hireStaff, known, lastChange, openSource, person, takeFile, takeRows } from "#testing/feeds";

let staff = 0;

before(async () => {
  await openSource();
  staff = await hireStaff();
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
