/** How far a source goes to find the person of a row it has not given before. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { sql } from "#lib/machine/db";
import { known, notesOf, openSource, takeRows } from "#testing/feeds";

const row = (id: string, body: string) => `<contact id="${id}">${body}</contact>`;
const lea = (more = "<phone>05 57 12 20 44</phone>") =>
  `<lastName>Léglise</lastName><firstName>Léa</firstName>${more}`;
let source = 0;
let there = 0;

const write = async (names: [last: string, first: string], phone: string, year: number | null = null) => {
  const [made] = await sql<{ id: number }>`
    insert into contacts (kind, last_name, first_name, phone, graduation_year)
    values ('former_src', ${names[0]}, ${names[1]}, ${phone}, ${year}) returning id`;
  return made?.id ?? 0;
};
const rule = (identity: string) => sql`update sources set identity = ${identity} where id = ${source}`;
const found = async (id: string, of = "essai") => (await known(id, of)).id;

beforeEach(async () => {
  await sql`truncate contacts, sources restart identity cascade`;
  source = await openSource();
  there = await write(["LEGLISE", "lea"], "+33 5 57 12 20 44", 2008);
  await sql`insert into email_addresses (contact_id, address, address_hash, is_primary) values (${there}, 'lea@src.example', sha256('lea'), true)`;
});

test("a new source finds the one person of the same names and telephone, its own identifier afterwards", async () => {
  const [made] = await sql<{ identity: string }>`select identity from sources`;
  assert.equal(made?.identity, "duplicates");
  const report = await takeRows(row("a", lea()));
  assert.deepEqual([report.created, await found("a")], [0, there]);
  // Known from now on, whatever it is called.
  await takeRows(row("a", "<lastName>Autre</lastName>"));
  assert.equal(await found("a"), there);
});

test("what could be somebody else is a new person", async () => {
  const others = {
    "another telephone": lea("<phone>05 57 12 20 45</phone>"),
    "no telephone": lea(""),
    "another first name":
      "<lastName>Léglise</lastName><firstName>Zoé</firstName><phone>05 57 12 20 44</phone>",
    "no first name": "<lastName>Léglise</lastName><phone>05 57 12 20 44</phone>",
    "another year": `${lea()}<graduationYear>2012</graduationYear>`,
  };
  for (const [why, body] of Object.entries(others)) {
    assert.equal((await takeRows(row(why, body))).created, 1, why);
    await sql`delete from contacts where id <> ${there}`;
  }
  assert.equal(
    (await takeRows(row("same-year", `${lea()}<graduationYear>2008</graduationYear>`))).created,
    0,
  );
});

test("two who fit are nobody, nor is one whom the source knows under another identifier", async () => {
  const twin = await write(["Léglise", "Léa"], "+33 5 57 12 20 44");
  assert.equal((await takeRows(row("a", lea()))).created, 1);
  await sql`delete from contacts where id not in (${there})`;
  assert.ok(twin);
  await takeRows(row("b", lea()));
  assert.equal(await found("b"), there);
  assert.equal((await takeRows(row("b", lea()) + row("c", lea()))).created, 1);
  assert.notEqual(await found("c"), there);
});

test("whom staff put away is found too, and stays away", async () => {
  await sql`update contacts set archived_at = now()`;
  const report = await takeRows(row("a", lea()));
  assert.deepEqual([report.created, report.archived], [0, 1]);
});

test("a source that goes as far as addresses finds by them, and no further", async () => {
  await rule("address");
  assert.equal((await takeRows(row("a", lea()))).created, 1);
  const report = await takeRows(row("b", "<lastName>Nom</lastName><email>lea@src.example</email>"));
  assert.deepEqual([report.created, await found("b")], [0, there]);
});

test("where only identifiers count, an address of the book refuses a new row, with its address", async () => {
  await rule("id");
  const report = await takeRows(
    row("a", lea()) + row("b", "<lastName>Nom</lastName><email>lea@src.example</email>"),
  );
  assert.deepEqual(
    [report.created, report.rejected, notesOf(report)],
    [1, 1, [["email", "addressTaken", true]]],
  );
  assert.notEqual(await found("a"), there);
  // A known row still is whom its identifier says, and its own address is no obstacle.
  await sql`insert into external_identities (source_id, external_id, contact_id) values (${source}, 'c', ${there})`;
  assert.equal(
    (await takeRows(row("c", "<lastName>Nom</lastName><email>lea@src.example</email>"))).rejected,
    0,
  );
});

test("one source’s rule is not another’s", async () => {
  await rule("id");
  await openSource("autre");
  assert.equal((await takeRows(row("a", lea()), "autre")).created, 0);
  assert.equal(await found("a", "autre"), there);
});
