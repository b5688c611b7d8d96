import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RawContact } from "#lib/sites/sources/format";
import { parseContacts } from "#lib/sites/sources/parse";
import { FileRefused } from "#lib/sites/sources/refusal";
import { bulkFile, contactXml, fileXml, once } from "#testing/sources";

async function read(bytes: AsyncIterable<Uint8Array>, key = "feed"): Promise<RawContact[]> {
  const found: RawContact[] = [];
  for await (const contact of parseContacts(bytes, key)) found.push(contact);
  return found;
}

const refuses = (text: string | AsyncIterable<Uint8Array>, reason: string, line: number | null) =>
  assert.rejects(read(typeof text === "string" ? once(text) : text), (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.deepEqual([error.reason, error.line], [reason, line]);
    return true;
  });

test("the published example is read whole", async () => {
  const file = join(import.meta.dirname, "../../../public/schemas/contacts-example.xml");
  const [first, second] = await read(createReadStream(file), "bordeauxelab");
  assert.equal(first?.id, "1042");
  assert.equal(first?.line, 3);
  assert.deepEqual(first?.faults, []);
  assert.equal(first?.role, "decision_maker");
  assert.deepEqual(
    first?.emails.map(({ value, primary }) => [value, primary]),
    [
      ["elodie.durand@exemple.fr", true],
      ["e.durand@studio-garonne.example", false],
    ],
  );
  assert.equal(first?.fields["address/city"]?.value, "Bordeaux");
  assert.equal(first?.subscribes[0]?.topic, "src");
  assert.equal(second?.fields.lastName?.value, "Benali");
});

test("a character reference, a CDATA section and a comment are the text they stand for", async () => {
  const [contact] = await read(
    once(fileXml("<contact id='1'><lastName>D&#233;<!-- x --><![CDATA[ & ]]>&amp;</lastName></contact>")),
  );
  assert.equal(contact?.fields.lastName?.value, "Dé & &");
});

test("entities are refused before anything is expanded", async () => {
  const laughs = `<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i} "${"&lol;".repeat(10)}">`).join("")}]>\n<contacts/>`;
  await refuses(laughs, "doctype", 2);
  await refuses('<!DOCTYPE contacts SYSTEM "file:///etc/passwd">\n<contacts/>', "doctype", 1);
  await refuses(fileXml("<contact id='1'>\n<lastName>&eacute;</lastName></contact>"), "entity", 4);
  await refuses(fileXml("<contact id='1'><lastName>&constructor;</lastName></contact>"), "entity", 3);
  await refuses(fileXml("<contact id='1'><lastName>&#0;</lastName></contact>"), "entity", 3);
});

test("an inclusion includes nothing", async () => {
  const include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>';
  const [contact] = await read(once(fileXml(contactXml({ id: "1", lastName: "Dubois", body: include }))));
  assert.equal(JSON.stringify(contact).includes("root:"), false);
  assert.equal(contact?.fields.lastName?.value, "Dubois");
});

test("a file cut anywhere is truncated, never short", async () => {
  const whole = fileXml(contactXml({ id: "1" }) + contactXml({ id: "2" })).trim();
  for (let end = 40; end < whole.length; end += 7)
    await assert.rejects(
      read(once(whole.slice(0, end))),
      (error) => error instanceof FileRefused && error.reason === "truncated",
      `cut at ${end}`,
    );
});

test("what is not this format is refused with its line", async () => {
  await refuses("\n<people/>", "wrongRoot", 2);
  await refuses("<html><body>Connexion</body></html>", "html", 1);
  await refuses('<contacts source="feed" version="2.0"/>', "version", 1);
  await refuses('<contacts source="other" version="1.0"/>', "otherSource", 1);
  await refuses(fileXml("<contact id='1'><lastName>A</lastname></contact>"), "malformed", 3);
  await refuses(fileXml("<contact id='1'><lastName>A & B</lastName></contact>"), "entity", 3);
  await refuses(fileXml("<contact id='1'><lastName>\u0001</lastName></contact>"), "malformed", 3);
  await refuses(fileXml("") + fileXml(""), "malformed", 4);
  await refuses("nom;prénom\nDurand;Élodie", "notXml", 1);
  await refuses(fileXml(`<contact id="1">${"<a>".repeat(20)}`), "depth", 3);
});

test("a text, a tag, a comment or a contact without end is refused while small", async () => {
  const endless = (start: string, unit: string) =>
    (async function* () {
      yield Buffer.from(fileXml("").replace("</contacts>\n", start));
      const megabyte = Buffer.from(unit.repeat(1_048_576 / unit.length));
      for (let n = 0; n < 1024; n++) yield megabyte;
    })();
  const before = process.memoryUsage().rss;
  await refuses(endless("<contact id='1'><lastName>", "x"), "tooLong", 3);
  await refuses(endless("<contact id='", "x"), "tooLong", 3);
  await refuses(endless("<!--", "x"), "tooLong", 3);
  await refuses(endless("<![CDATA[", "x"), "tooLong", 3);
  await refuses(endless("<", "x"), "tooLong", 3);
  await refuses(
    endless("<contact id='1'>", "<email>a@b.fr</email>          ".slice(0, 32).padEnd(32)),
    "tooLong",
    3,
  );
  assert.ok(process.memoryUsage().rss - before < 200 * 1_048_576);
});

test("a contact that is wrong in itself comes out with its faults and lines", async () => {
  const [contact] = await read(
    once(
      fileXml(
        "<contact id='1'>\n<lastName>A</lastName>\n<lastname>B</lastname>\n<lastName>C</lastName>\nperdu\n<phone>" +
          "1".repeat(61) +
          "</phone>\n</contact>",
      ),
    ),
  );
  assert.deepEqual(
    contact?.faults.map(({ line, field, reason }) => [line, field, reason]),
    [
      [5, "lastname", "unknownElement"],
      [6, "lastName", "repeated"],
      [8, "contact", "strayText"],
      [8, "phone", "tooLong"],
    ],
  );
});

test("the reader is pulled: it holds one piece at a time", async () => {
  let chunks = 0;
  async function* counted() {
    for await (const chunk of bulkFile(100_000)) {
      chunks++;
      yield chunk;
    }
  }
  for await (const contact of parseContacts(counted(), "feed")) {
    assert.ok(contact.id);
    if (chunks > 3) assert.fail("read ahead");
    break;
  }
});
