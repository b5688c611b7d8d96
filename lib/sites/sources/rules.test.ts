import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RawContact } from "#lib/sites/sources/format";
import { judge, rowHash } from "#lib/sites/sources/rules";

const topics = new Map([
  ["src", { needsProof: false }],
  ["opt-in", { needsProof: true }],
]);
type Given = Partial<Omit<RawContact, "fields">> & { fields?: Record<string, string> };

/** A contact of a file, each field on a line of its own. */
const raw = ({ fields = {}, ...more }: Given = {}): RawContact => ({
  line: 10,
  id: "7",
  updated: "",
  fields: Object.fromEntries(
    Object.entries({ lastName: "Durand", ...fields }).map(([path, value], i) => [
      path,
      { value, line: 11 + i },
    ]),
  ),
  emails: [],
  subscribes: [],
  role: "",
  organisationLine: null,
  clears: [],
  partial: false,
  faults: [],
  ...more,
});
const rowOf = (given: Given) => judge(raw(given), topics).row;
/** `field reason value@line`, with a mark where the row itself is refused. */
const faultsOf = (given: Given) =>
  judge(raw(given), topics).errors.map(
    ({ field, reason, value, line, rejected }) =>
      `${rejected ? "! " : ""}${field} ${reason} ${value}@${line}`,
  );
const email = (value: string, primary = false, line = 20) => ({ value, primary, line });
const subscribe = (topic: string, at = "", proof = "") => ({ topic, at, proof, line: 30 });

describe("a row", () => {
  it("needs an identifier, not too long", () => {
    assert.equal(rowOf({ id: " 7 " })?.externalId, "7");
    assert.deepEqual(faultsOf({ id: " " }), ["! id required @10"]);
    assert.equal(rowOf({ id: "" }), null);
    assert.equal(rowOf({ id: "x".repeat(100) })?.externalId.length, 100);
    assert.deepEqual(faultsOf({ id: "x".repeat(101) }), [`! id tooLong ${"x".repeat(101)}@10`]);
  });

  it("needs somebody: a name, or what stands in for it", () => {
    const nameless = { lastName: " " };
    assert.deepEqual(faultsOf({ fields: nameless }), ["! lastName required @11"]);
    assert.deepEqual(faultsOf({ fields: { ...nameless, firstName: "Zoé" } }), ["lastName required @11"]);
    assert.deepEqual(faultsOf({ fields: nameless, emails: [email("zoe@exemple.fr")] }), [
      "lastName required @11",
    ]);
    assert.equal(rowOf({ fields: nameless, emails: [email("zoe@exemple.fr")] })?.lastName, "");
    assert.deepEqual(faultsOf({ id: "", fields: nameless }), ["! id required @10"], "one reason is enough");
  });

  it("is the same as last time wherever it stands in the file", () => {
    const [first, moved, other] = [rowOf({}), rowOf({ line: 99 }), rowOf({ fields: { lastName: "Dupont" } })];
    assert.ok(first && moved && other);
    assert.deepEqual(rowHash(first), rowHash(moved));
    assert.notDeepEqual(rowHash(first), rowHash(other));
  });

  it("keeps the faults found while it was read, and is refused with them", () => {
    const fault = { line: 12, field: "id", reason: "charset", value: "", rejected: true } as const;
    assert.equal(rowOf({ faults: [fault] }), null);
    assert.ok(rowOf({ faults: [{ ...fault, rejected: false }] }));
  });
});

describe("a field that cannot be used is left out and noted, and the row stays", () => {
  const wrong: [string, string, string][] = [
    ["kind", "alien", "kind kind alien@12"],
    ["graduationYear", "19x9", "graduationYear year 19x9@12"],
    ["graduationYear", "1949", "graduationYear year 1949@12"],
    ["graduationYear", "02008", "graduationYear year 02008@12"],
    ["phone", "à l’accueil", "phone phone à l’accueil@12"],
    ["website", "javascript:x", "website website javascript:x@12"],
    ["locale", "de", "locale locale de@12"],
    ["address/country", "QX", "address/country country QX@12"],
  ];
  for (const [path, value, note] of wrong)
    it(`${path} ${value}`, () => {
      assert.deepEqual(faultsOf({ fields: { [path]: value } }), [note]);
      assert.ok(rowOf({ fields: { [path]: value } }));
    });

  it("and a good one is read as we write it", () => {
    const fields = {
      kind: "FORMER_SRC",
      graduationYear: "2008",
      phone: "0692 12 34 56",
      website: "exemple.fr",
      locale: "EN-gb",
      "address/country": "france",
      "address/postcode": "97400",
      "address/city": " Saint-Denis ",
    };
    assert.deepEqual(faultsOf({ fields }), []);
    const row = rowOf({ fields });
    assert.deepEqual(
      [row?.kind, row?.graduationYear, row?.phone, row?.website, row?.locale, row?.country, row?.city],
      ["former_src", 2008, "+262 692 12 34 56", "https://exemple.fr", "en", "FR", "Saint-Denis"],
    );
    const abroad = { phone: "02 345 67 89", "address/country": "BE" };
    assert.equal(rowOf({ fields: abroad })?.phone, "+32 2 345 67 89", "a number of its country");
    const silent = rowOf({});
    assert.deepEqual([silent?.kind, silent?.graduationYear, silent?.phone], [null, null, ""]);
  });

  it("what is shown of it is cut", () => {
    const [fault] = judge(raw({ fields: { phone: "x".repeat(300) } }), topics).errors;
    assert.equal(fault?.value.length, 200);
  });
});

describe("addresses", () => {
  it("come folded, once each, the primary one first", () => {
    const emails = [email("b@exemple.fr"), email(" A@Exemple.fr ", true), email("B@exemple.fr")];
    assert.deepEqual(rowOf({ emails })?.addresses, ["a@exemple.fr", "b@exemple.fr"]);
    assert.deepEqual(faultsOf({ emails }), []);
  });

  it("are noted when nobody can be written to there, or two would be the primary", () => {
    const emails = [email("", false, 21), email("rien", false, 22), email("jérôme@exemple.fr", false, 23)];
    assert.deepEqual(faultsOf({ emails }), [
      "email empty @21",
      "email email rien@22",
      "email emailNotAscii jérôme@exemple.fr@23",
    ]);
    assert.deepEqual(faultsOf({ emails: [email("a@exemple.fr", true), email("b@exemple.fr", true, 24)] }), [
      "email primaryTwice b@exemple.fr@24",
    ]);
  });
});

describe("an organisation", () => {
  const at = (fields: Record<string, string>, role = "") => ({ fields, role, organisationLine: 40 });

  it("has a name, a SIRET when it is one, and a role", () => {
    const fields = { "organisation/name": "IUT", "organisation/siret": "198 013 443 00017" };
    assert.deepEqual(faultsOf(at(fields, "payroll")), []);
    assert.deepEqual(rowOf(at({ ...fields, "organisation/jobTitle": "Paie" }, "payroll"))?.organisation, {
      name: "IUT",
      siret: "19801344300017",
      jobTitle: "Paie",
      role: "payroll",
    });
    assert.equal(rowOf(at(fields))?.organisation?.role, "employee", "unsaid");
    assert.equal(rowOf({})?.organisation, null);
    assert.deepEqual(faultsOf({}), []);
  });

  it("is left out without a name, and keeps what is good of it otherwise", () => {
    assert.deepEqual(faultsOf(at({ "organisation/siret": "19801344300017" })), [
      "organisation/name empty 19801344300017@40",
    ]);
    assert.equal(rowOf(at({ "organisation/siret": "19801344300017" }))?.organisation, null);
    const odd = at({ "organisation/name": "IUT", "organisation/siret": "1" }, "king");
    assert.deepEqual(faultsOf(odd), ["organisation/siret siret 1@13", "organisation role king@40"]);
    assert.deepEqual(rowOf(odd)?.organisation, { name: "IUT", siret: "", jobTitle: "", role: "employee" });
    assert.deepEqual(faultsOf({ role: "toString" }), ["organisation role toString@10"]);
  });
});

describe("a subscription", () => {
  const kept = (...subscribes: RawContact["subscribes"]) => rowOf({ subscribes })?.subscriptions;

  it("is to a newsletter that exists, with its dated proof where consent is the law", () => {
    assert.deepEqual(kept(subscribe("src")), [{ topic: "src", at: null, proof: "" }]);
    assert.deepEqual(kept(subscribe("opt-in", "2024-01-01", "formulaire")), [
      { topic: "opt-in", at: "2023-12-31T23:00:00.000Z", proof: "formulaire" },
    ]);
    const wrong = [
      subscribe("nothing"),
      subscribe("src", "hier"),
      subscribe("opt-in", "2024-01-01"),
      subscribe("opt-in", "", "formulaire"),
    ];
    assert.deepEqual(kept(...wrong), []);
    assert.deepEqual(faultsOf({ subscribes: wrong }), [
      "newsletters/subscribe topic nothing@30",
      "newsletters/subscribe date hier@30",
      "newsletters/subscribe proof opt-in@30",
      "newsletters/subscribe proof opt-in@30",
    ]);
    assert.equal(kept(subscribe("src"), subscribe("src", "2024-01-01"))?.length, 1);
  });

  it("has a moment of the calendar: in Paris without a zone, not before 1990 nor after tomorrow", () => {
    const at = (text: string) => kept(subscribe("src", text))?.[0]?.at ?? null;
    assert.equal(at("2024-07-01"), "2024-06-30T22:00:00.000Z");
    assert.equal(at("2024-07-01T10:20:30.5"), "2024-07-01T08:20:30.500Z");
    assert.equal(at("2024-07-01T10:20Z"), "2024-07-01T10:20:00.000Z");
    assert.equal(at("2024-07-01T10:20:59-05:00"), "2024-07-01T15:20:59.000Z");
    const drifted = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(0, 19);
    assert.ok(at(`${drifted}Z`), "a clock may drift");
    const never = [
      "2024-02-31",
      "2024-02-31T10:00Z",
      "2024-13-01",
      "2024-07-01T25:00",
      "2024-07-01T10:20:60",
      "2024-03-31T02:30",
      "1989-12-31",
      new Date(Date.now() + 36 * 3_600_000).toISOString().slice(0, 19),
      "2024",
    ];
    for (const text of never) assert.equal(at(text), null, text);
  });
});
