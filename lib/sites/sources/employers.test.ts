/** Where people work, by what their source says: reports 06 and 14, and siblings of each. */
import "#testing/database";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sql } from "#lib/machine/db";
import { addAffiliation, removeAffiliation } from "#lib/people/organisations/affiliate";
import {
  hireStaff,
  known,
  lastChange,
  notesOf,
  openSource,
  person,
  takeFile,
  takeRows,
} from "#testing/feeds";

let staff = 0;

before(async () => {
  await openSource();
  staff = await hireStaff();
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
