/** Files in their site's own words: read in constant memory, under the same limits, and looked at before they are. */
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { sql } from "#lib/machine/db";
import { type Dialect, isPath } from "#lib/sites/sources/dialect";
import type { RawContact } from "#lib/sites/sources/format";
import { requestSync, translateSource } from "#lib/sites/sources/mutations";
import { outlineOf } from "#lib/sites/sources/outline";
import { readContacts } from "#lib/sites/sources/read";
import { FileRefused } from "#lib/sites/sources/refusal";
import { look, sampleSource } from "#lib/sites/sources/sample";
import { dialectInput, sampleInput } from "#lib/sites/sources/schema";
import { runSync } from "#lib/sites/sources/sync";
import { says, startSite } from "#testing/remote-site";
import { once, peopleXml } from "#testing/sources";

const dialect: Dialect = {
  record: "eleve",
  paths: {
    id: "@matricule",
    lastName: "nom_usuel",
    firstName: "prenom",
    email: "mel",
    city: "adresse/ville",
    postcode: "adresse/@cp",
    organisation: "emploi/societe",
  },
};
const pupil = (n: number, more = "") => `
  <eleve matricule="m${n}"><nom_usuel>Usuel ${n}</nom_usuel><prenom>Zoé</prenom><mel>zoe${n}@src.example</mel>
    <adresse cp="33000"><ville>Bordeaux</ville></adresse><emploi><societe>Agence &amp; Cie</societe></emploi><vu>oui</vu>${more}</eleve>`;
const file = (pupils: string) =>
  `<?xml version="1.0"?>\n<export><date>hier</date><eleves>${pupils}\n</eleves></export>`;

async function read(text: string | Uint8Array, of: Dialect | null = dialect): Promise<RawContact[]> {
  const all: RawContact[] = [];
  for await (const one of readContacts(once(text), "essai", {}, null, of)) all.push(one);
  return all;
}
const refused = (reason: string, text: string, of: Dialect | null = dialect) =>
  assert.rejects(read(text, of), (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason, text.slice(0, 60));
    return true;
  });
const values = ({ fields }: RawContact) =>
  Object.fromEntries(Object.entries(fields).map(([k, { value }]) => [k, value]));

test("a record is a person wherever it stands; what nobody named is ignored", async () => {
  const [first, second, ...more] = await read(file(pupil(1) + pupil(2)));
  assert.deepEqual(more, []);
  assert.ok(first && second);
  assert.deepEqual(values(first), {
    lastName: "Usuel 1",
    firstName: "Zoé",
    "address/city": "Bordeaux",
    "address/postcode": "33000",
    "organisation/name": "Agence & Cie",
  });
  assert.deepEqual(
    [first.id, first.line, first.emails.map(({ value }) => value), first.faults],
    ["m1", 3, ["zoe1@src.example"], []],
  );
  assert.deepEqual([second.id, second.line, second.fields.lastName?.line], ["m2", 5, 5]);
});

test("in small pieces it is the same, and a part of a record is no record", async () => {
  const bytes = Buffer.from(file(pupil(1)));
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, n) =>
    bytes.subarray(n * 7, n * 7 + 7),
  );
  const all: RawContact[] = [];
  for await (const one of readContacts(once(...pieces), "essai", {}, null, dialect)) all.push(one);
  assert.deepEqual(all, await read(bytes));
  const nested = await read(file(pupil(1, "<autre><nom_usuel>Mère</nom_usuel><eleve/></autre>")));
  assert.deepEqual(
    nested.map(({ id }) => id),
    ["m1"],
  );
});

test("too long, twice or too many is left out and noted at its line", async () => {
  const long = `\n<ville>V</ville>`;
  const [one] = await read(
    file(
      `<eleve matricule="1"><nom_usuel>${"x".repeat(101)}</nom_usuel><prenom>A</prenom>\n<prenom>B</prenom>${"<mel>a@src.example</mel>".repeat(11)}${long}</eleve>`,
    ),
  );
  assert.deepEqual(
    one?.faults.map(({ line, field, reason, rejected }) => [line, field, reason, rejected]),
    [
      [2, "lastName", "tooLong", false],
      [3, "firstName", "repeated", false],
      [3, "email", "tooMany", false],
    ],
  );
  assert.equal(one?.emails.length, 10);
});

test("the first of its address is the primary one, a second field’s never is; the first identifier and date count", async () => {
  const two: Dialect = {
    ...dialect,
    paths: { ...dialect.paths, id: "num", email2: "perso", updatedAt: "maj" },
  };
  const [one] = await read(
    file(
      `<eleve><perso>p@src.example</perso><num>1</num><num>2</num><maj>2026-01-02</maj><maj>2026-01-03</maj></eleve>`,
    ),
    two,
  );
  assert.deepEqual([one?.id, one?.updated], ["1", "2026-01-02"]);
  assert.deepEqual(
    one?.emails.map(({ value, primary }) => [value, primary]),
    [["p@src.example", false]],
  );
  const [other] = await read(
    file("<eleve><mel>a@src.example</mel><mel>b@src.example</mel><perso>p@src.example</perso></eleve>"),
    two,
  );
  assert.deepEqual(
    other?.emails.map(({ primary }) => primary),
    [true, false, false],
  );
});

test("the limits and refusals are those of our format", async () => {
  await refused("doctype", `<!DOCTYPE a [<!ENTITY b "c">]>${file(pupil(1))}`);
  await refused("entity", file(pupil(1, "<a>&b;</a>")));
  await refused("truncated", file(pupil(1)).slice(0, -10));
  await refused("malformed", file(pupil(1)).replace("</nom_usuel>", "</nom>"));
  await refused("depth", file(pupil(1, "<a><b><c><d><e><f/></e></d></c></b></a>")));
  await refused("tooLong", file(pupil(1, "<a/>".repeat(101))));
  await refused("tooLong", file(pupil(1, `<a>${"x".repeat(70_000)}</a>`)));
  await refused("noRecord", file(""));
  await refused("html", "<html><body>Erreur</body></html>");
  for (let tenth = 1; tenth < 10; tenth++) {
    const whole = file(pupil(1) + pupil(2));
    await assert.rejects(read(whole.slice(0, Math.floor((whole.length * tenth) / 10))), FileRefused);
  }
  // Without a correspondence it is no file of ours.
  await refused("wrongRoot", file(pupil(1)), null);
});

test("a file of our format is read as such all the same", async () => {
  const [one] = await read(peopleXml([{ id: "1", lastName: "Dupont" }], "essai"));
  assert.equal(one?.fields.lastName?.value, "Dupont");
  await refused("otherSource", peopleXml([{ id: "1" }], "autre"));
});

test("a list of JSON in its own words, alone or in an object", async () => {
  const json: Dialect = {
    record: "eleves",
    paths: { id: "num", lastName: "nom usuel", city: "adresse/ville", email: "mels" },
  };
  const items = `[{"num":7,"nom usuel":"D\\u00e9","adresse":{"ville":"Pessac"},"mels":["a@src.example","b@src.example"],"x":{"y":[1]}},\n{"num":12345678901234567890,"nom usuel":null}]`;
  for (const text of [items, `{"total":[1,2],"eleves":${items},"fin":{}}`]) {
    const [first, second] = await read(text, json);
    assert.ok(first && second);
    assert.deepEqual(
      [first.id, values(first), first.emails.length],
      ["7", { lastName: "Dé", "address/city": "Pessac" }, 2],
    );
    assert.deepEqual([second.id, second.line], ["", 2]);
  }
  await refused("noRecord", `{"autres":${items}}`, json);
  await refused("noRecord", "[]", json);
  await refused("truncated", items.slice(0, -1), json);
  await refused("malformedJson", `${items}]`, json);
});

test("which paths can be written", () => {
  for (const good of ["nom", "@id", "a/b", "a/@b", "nom usuel", "élève", "ns:nom"])
    assert.ok(isPath(good), good);
  for (const wrong of ["", "a/b/c", "/a", "a/", "@", "a@b", "<a>", "a//b", "@a/b"])
    assert.ok(!isPath(wrong), wrong);
});

test("a program guesses the record and its fields, and shows the first three", async () => {
  const { proposal, people, stopped } = await look(
    Buffer.from(file([1, 2, 3, 4].map((n) => pupil(n)).join(""))),
    null,
  );
  assert.deepEqual(proposal, {
    record: "eleve",
    paths: {
      id: "@matricule",
      lastName: "nom_usuel",
      firstName: "prenom",
      email: "mel",
      city: "adresse/ville",
      postcode: "adresse/@cp",
      organisation: "emploi/societe",
    },
  });
  assert.deepEqual([people.map(({ id }) => id), stopped], [["m1", "m2", "m3"], null]);
  const json = await look(
    Buffer.from(`{"anciens":[{"id":"1","nom":"A","prenom":"B","entreprise":{"nom":"C"}},{"id":"2","nom`),
    null,
  );
  assert.deepEqual(json.proposal, {
    record: "anciens",
    paths: { id: "id", lastName: "nom", firstName: "prenom", organisation: "entreprise/nom" },
  });
});

test("the likeliest record comes several times, high, often, and says much", () => {
  const order = (text: string) => outlineOf(text).map(({ record }) => record);
  const two = (name: string, inside = "<a>1</a><b>2</b>") => `<${name}>${inside}</${name}>`;
  // Once is unlikely, whatever its depth; deeper is an inner thing; more often, then richer, is likelier.
  assert.deepEqual(order(`<x>${two("once")}<y>${two("deep").repeat(3)}</y>${two("high").repeat(2)}</x>`), [
    "high",
    "deep",
    "once",
  ]);
  assert.deepEqual(order(`<x>${two("few").repeat(2)}${two("many").repeat(3)}</x>`), ["many", "few"]);
  assert.deepEqual(
    order(`<x>${two("poor").repeat(2)}${two("rich", "<a>1</a><b>2</b><c>3</c>").repeat(2)}</x>`),
    ["rich", "poor"],
  );
  // One field, be it said twice or with fields of its own inside, is not a person.
  assert.deepEqual(order(`<x>${two("lone", "<a>1</a><a>2</a>").repeat(2)}</x>`), []);
  assert.deepEqual(order(`<x><out>${two("in")}</out><out>${two("in")}</out></x>`), ["in"]);
});

test("of JSON the first list counts, with what stands in it, and nothing after it", () => {
  const list = '{"id":"1","a":{"b":"2"},"c":["d"],"e":"]}"}';
  const paths = ["id", "a/b", "c", "e"];
  assert.deepEqual(
    outlineOf(`{"l":[${list},${list}, {"z":"1"}],"foot":{"other":"1"},"more":[{"last":"1"}]}`),
    [{ record: "l", paths: [...paths, "z"] }],
  );
  assert.deepEqual(outlineOf(`[${list},{"f":"x`), [{ record: "liste", paths }]);
  const escaped = list.replace("]}", '\\"]}');
  assert.deepEqual(outlineOf(`[${escaped}]`), [{ record: "liste", paths }]);
});

test("a beginning is shown though it is cut or packed, and what is wrong in it at its line", async () => {
  const large = file(
    pupil(1) +
      `<eleve matricule=""><nom_usuel>Sans</nom_usuel><mel>pas une adresse</mel></eleve>` +
      " ".repeat(70_000),
  );
  const cut = await look(Buffer.from(large).subarray(0, 65_536), dialect);
  assert.deepEqual([cut.people.length, cut.stopped], [2, null]);
  assert.deepEqual(cut.people[1]?.errors.map(({ field, rejected }) => [field, rejected]).sort(), [
    ["email", false],
    ["id", true],
  ]);
  const packed = await look(gzipSync(file(pupil(1))), dialect);
  assert.equal(packed.people.length, 1);
  const broken = await look(Buffer.from(file(`${pupil(1)}${pupil(2)}\n<a>&b;</a>`)), dialect);
  assert.deepEqual([broken.people.length, broken.stopped?.reason, broken.stopped?.line], [2, "entity", 7]);
  const short = await look(Buffer.from(file(pupil(1)).slice(0, -5)), dialect);
  assert.equal(short.stopped?.reason, "truncated");
});

test("what is no list of people is refused in the sample as in a run, and nothing is proposed of it", async () => {
  const divs = "<div><p>a</p><q>b</q></div>".repeat(2);
  const odd: [string, string, Dialect | null][] = [
    ["html", `<!DOCTYPE html><html><body>${divs}</body></html>`, null],
    ["html", `<html><body>${divs}</body></html>`, null],
    ["doctype", `<!DOCTYPE a [<!ENTITY b "${"x".repeat(1000)}">]>${file(pupil(1))}`, null],
    ["depth", `<a>${"<b>".repeat(20)}`, dialect],
    ["depth", `[${'{"a":'.repeat(30_000)}`, dialect],
    ["notXml", "Fatal error: Allowed memory size", dialect],
  ];
  for (const [reason, text, of] of odd) {
    const seen = await look(Buffer.from(text), of).catch((error: FileRefused) => ({
      ...{ people: [], proposal: null },
      stopped: { reason: error.reason },
    }));
    assert.deepEqual(
      [seen.stopped?.reason, seen.people, seen.proposal],
      [reason, [], null],
      text.slice(0, 40),
    );
  }
});

test("names of JavaScript, a person of more than what is looked at, and UTF-16 are read for what they are", async () => {
  const names = `<l><constructor id="1"><toString>A</toString><__proto__>B</__proto__><hasOwnProperty>C</hasOwnProperty></constructor></l>`;
  const own = await look(Buffer.from(names), {
    record: "constructor",
    paths: { id: "@id", lastName: "toString", firstName: "__proto__" },
  });
  assert.deepEqual(own.people[0]?.values, [
    ["lastName", "A"],
    ["firstName", "B"],
  ]);
  const json = await look(
    Buffer.from('{"__proto__":[{"id":"1","constructor":"A"},{"id":"2","constructor":"B"}]}'),
    { record: "__proto__", paths: { id: "id", lastName: "constructor" } },
  );
  assert.deepEqual(
    json.people.map(({ values }) => values),
    [[["lastName", "A"]], [["lastName", "B"]]],
  );
  const endless = Buffer.from(
    file(`<eleve matricule="1"><x>${"y".repeat(60_000)}</x><z>${"y".repeat(60_000)}`),
  );
  const huge = await look(endless.subarray(0, 65_536), dialect);
  assert.deepEqual([huge.people, huge.stopped], [[], null]);
  const wide = await look(
    Buffer.from(`\ufeff${file(pupil(1) + pupil(2)).replace("UTF-8", "UTF-16")}`, "utf16le"),
    null,
  );
  assert.deepEqual([wide.people.map(({ id }) => id), wide.proposal?.record], [["m1", "m2"], "eleve"]);
});

test("kept with its source, it reads what that gives; the beginning comes from there too", async (t) => {
  const site = await startSite(says(file(pupil(1))));
  t.after(() => site.close());
  const [row] = await sql<{ id: number }>`
    insert into sources (key, name, url, allow_private, default_kind) values ('mots', 'Mots', ${site.url}, true, 'former_src') returning id`;
  const id = row?.id ?? 0;
  const sampled = await sampleSource(sampleInput.parse({ id }));
  assert.ok(sampled.ok);
  assert.equal(sampled.data.people[0]?.id, "m1");
  // What comes in two pieces is one beginning.
  const whole = Buffer.from(sampled.data.head, "base64");
  const { answer } = site;
  site.answer = (_, response) => {
    response.writeHead(200).write(whole.subarray(0, 60));
    setTimeout(() => response.end(whole.subarray(60)), 30);
  };
  const pieced = await sampleSource(sampleInput.parse({ id }));
  assert.ok(pieced.ok);
  assert.equal(pieced.data.head, sampled.data.head);
  site.answer = answer;
  const again = await sampleSource(
    sampleInput.parse({ id, head: sampled.data.head, record: "eleve", "path-id": "mel" }),
  );
  assert.ok(again.ok);
  assert.equal(again.data.people[0]?.id, "zoe1@src.example");
  const form = {
    id,
    record: "eleve",
    ...Object.fromEntries(Object.entries(dialect.paths).map(([f, p]) => [`path-${f}`, p])),
  };
  assert.deepEqual(await translateSource(dialectInput.parse(form), null), { ok: true });
  const [kept] = await sql<{ dialect: unknown }>`select dialect from sources where id = ${id}`;
  assert.deepEqual(kept?.dialect, dialect);
  const asked = await requestSync(id, null);
  assert.ok(asked.ok);
  await runSync(asked.runId);
  const [run] = await sql<{
    status: string;
    created: number;
    error: string;
  }>`select status, created, error from sync_runs where id = ${asked.runId}`;
  assert.deepEqual(run, { status: "succeeded", created: 1, error: null });
  const [person] = await sql<{
    name: string;
    city: string;
  }>`select last_name as name, city from contacts where last_name = 'Usuel 1'`;
  assert.equal(person?.city, "Bordeaux");
  assert.deepEqual(await sampleSource(sampleInput.parse({ id: 999_999 })), { ok: false, reason: "notFound" });
  const reason = async () => {
    const looked = await sampleSource(sampleInput.parse({ id }));
    return looked.ok ? "read" : looked.reason;
  };
  // A file of our format is its own source's, or says whose it is.
  const ours = async (key: string) => {
    const head = Buffer.from(peopleXml([{ id: "o1" }, { id: "o2" }], key)).toString("base64");
    const looked = await sampleSource(sampleInput.parse({ id, head }));
    return looked.ok ? [looked.data.people.length, looked.data.stopped?.data] : [];
  };
  assert.deepEqual(await ours("mots"), [2, undefined]);
  assert.deepEqual(await ours("autre"), [0, { found: "autre", expected: "mots" }]);
  // Who answers signed questions alone gives nothing to look at, nor does who has no address.
  await sql`update sources set access = 'signed' where id = ${id}`;
  assert.equal(await reason(), "noUrl");
  await sql`update sources set access = 'bearer', url = null where id = ${id}`;
  assert.equal(await reason(), "noUrl");
  await sql`update sources set url = ${site.url}, archived_at = now() where id = ${id}`;
  assert.equal(await reason(), "notFound");
});

test("a correspondence names its record, what numbers it and somebody’s name", () => {
  const faults = (form: Record<string, string>) => {
    const parsed = dialectInput.safeParse({ id: "1", ...form });
    return parsed.success
      ? []
      : parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  };
  assert.deepEqual(faults({}), []);
  assert.deepEqual(faults({ "path-id": "@id" }), ["record required"]);
  assert.deepEqual(faults({ record: "e" }), ["path-id required", "path-lastName required"]);
  assert.deepEqual(faults({ record: "e", "path-id": "@id", "path-email": "mel" }), []);
  assert.deepEqual(faults({ record: "a/b", "path-id": "a/b/c" }), [
    "record sources.errors.badPath",
    "path-id sources.errors.badPath",
    "path-lastName required",
  ]);
});
