/** What was corrected here goes back to the site's webmaster, until the site says it too. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "#lib/machine/db";
import { ok } from "#lib/machine/result";
import { correctContact } from "#lib/people/contacts/correct";
import { correctionsCsv, correctionsXml } from "#lib/sites/sources/corrections";
import { hireStaff, known, openSource, takeRows } from "#testing/feeds";

const source = await openSource();
const staff = await hireStaff();
const said = (phone: string, city = "Bègles") =>
  `<contact id="k1"><firstName>Ada</firstName><lastName>Lovelace</lastName><email>ada@exemple.fr</email><phone>${phone}</phone><address><city>${city}</city></address></contact>`;
const text = async (lines: AsyncGenerator<string>) => (await Array.fromAsync(lines)).join("");
const csv = async () => (await text(correctionsCsv(source, ["id"]))).split("\r\n").slice(1, -1);
const correct = async (values: object) => {
  const { id } = await known("k1");
  const all = { firstName: "", lastName: "", email: "", phone: "", street: "", postcode: "", city: "" };
  assert.ok((await correctContact(id, { ...all, ...values }, staff, async () => ok)).ok);
};

test("only what a person corrected, with what the site says; gone once it says so too", async () => {
  await takeRows(said("05 57 12 20 44"));
  assert.deepEqual(await csv(), []);
  await correct({ phone: "+33 6 12 34 56 78", lastName: 'Love <&"> lace', email: "ada@autre.example" });
  const lines = await csv();
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /^"k1";"email";"ada@exemple\.fr";"ada@autre\.example";\d{4}-/);
  assert.match(lines[1] ?? "", /^"k1";"lastName";"Lovelace";/);
  assert.match(lines[2] ?? "", /^"k1";"phone";"'\+33 5 57 12 20 44";"'\+33 6 12 34 56 78";/);
  const xml = await text(correctionsXml(source, "essai"));
  assert.match(xml, /<after>Love &lt;&amp;&quot;&gt; lace<\/after>/);
  assert.match(xml, /<end rows="3"\/>\n<\/corrections>\n$/);
  await takeRows(said("06 12 34 56 78"));
  assert.equal((await csv()).filter((line) => line.includes("phone")).length, 0);
});

test("what no person wrote, or of somebody put away, is none", async () => {
  await sql`update contacts set city = 'Talence' where last_name like 'Love%'`;
  assert.equal((await csv()).filter((line) => line.includes("city")).length, 0);
  await sql`update contacts set archived_at = now()`;
  assert.deepEqual(await csv(), []);
});
