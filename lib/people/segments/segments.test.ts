import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { compileCriteria } from "#lib/people/segments/compile";
import { archiveSegment, createSegment, restoreSegment, updateSegment } from "#lib/people/segments/mutations";
import {
  countSegment,
  exactUpTo,
  findSegment,
  listSegments,
  previewSegment,
} from "#lib/people/segments/queries";
import {
  type Condition,
  criteriaInput,
  criteriaSchema,
  type Group,
  segmentInput,
} from "#lib/people/segments/schema";
import { person, readyCampaign } from "#testing/campaigns";

const all = (...conditions: Condition[]) =>
  criteriaSchema.parse({ match: "all", groups: [{ match: "all", conditions }] });
const names = async (...conditions: Condition[]) =>
  (await previewSegment(all(...conditions))).map(({ firstName }) => firstName);
const who = async (match: "all" | "any", groups: Group[]) =>
  (await previewSegment({ match, groups })).map(({ firstName }) => firstName);

const nasty = [
  "'; drop table contacts; --",
  "\\'; select 1",
  "$1",
  "%",
  "{{ contact.firstName }}",
  "Saint-Médard) or (true",
];

describe("criteria", () => {
  let topicId: number;
  let sourceId: number;

  before(async () => {
    topicId = (await db.topic.findUniqueOrThrow({ where: { key: "4media" } })).id;
    sourceId = (await db.source.create({ data: { key: "elab", name: "eLab", defaultKind: "former_src" } }))
      .id;
    const ada = await person({
      firstName: "Ada",
      lastName: "A",
      kind: "former_src",
      graduationYear: 2008,
      city: "Pessac",
      postcode: "33600",
    });
    const bob = await person({
      firstName: "Bob",
      lastName: "B",
      kind: "professional",
      city: "PARIS",
      postcode: "75011",
    });
    const cy = await person({
      firstName: "Cy",
      lastName: "C",
      kind: "student_pub",
      graduationYear: 2026,
      city: "Bordeaux",
      postcode: "33000",
      addresses: [],
    });
    await person({ firstName: "Gone", lastName: "D", archivedAt: new Date() });
    await db.contact.update({ where: { id: cy }, data: { createdAt: new Date("2020-06-30T22:30:00Z") } });
    await db.subscription.create({ data: { contactId: ada, topicId, subscribedAt: new Date() } });
    await db.subscription.create({
      data: { contactId: bob, topicId, subscribedAt: new Date(1000), unsubscribedAt: new Date(2000) },
    });
    await db.externalIdentity.create({ data: { sourceId, externalId: "1", contactId: ada } });
    const { id: organisationId } = await db.organisation.create({
      data: { name: "Agence", sector: "Évènementiel" },
    });
    await db.affiliation.create({ data: { contactId: bob, organisationId, role: "employee" } });
  });

  it("each find their people, never the archived", async () => {
    assert.deepEqual(await who("all", []), ["Ada", "Bob", "Cy"]);
    assert.deepEqual(await names({ field: "kind", in: ["former_src", "student_pub"] }), ["Ada", "Cy"]);
    assert.deepEqual(await names({ field: "graduationYear", from: 2008, to: 2010 }), ["Ada"]);
    assert.deepEqual(await names({ field: "graduationYear", from: 2009, to: null }), ["Cy"]);
    assert.deepEqual(await names({ field: "city", is: "paris" }), ["Bob"]);
    assert.deepEqual(await names({ field: "postcode", prefix: "33" }), ["Ada", "Cy"]);
    assert.deepEqual(await names({ field: "organisation", known: true }), ["Bob"]);
    assert.deepEqual(await names({ field: "organisation", known: false }), ["Ada", "Cy"]);
    assert.deepEqual(await names({ field: "sector", is: "evenementiel" }), ["Bob"]);
    assert.deepEqual(await names({ field: "source", in: [sourceId] }), ["Ada"]);
    assert.deepEqual(await names({ field: "topic", in: [topicId] }), ["Ada"]);
    assert.deepEqual(await names({ field: "reachable" }), ["Ada", "Bob"]);
  });

  it("take one town under its spellings, and a département for a French one", async () => {
    const at = async (firstName: string, city: string, postcode: string, country = "FR") =>
      db.contact.update({
        where: { id: await person({ firstName, lastName: "Z", city, postcode }) },
        data: { country, kind: "staff" },
      });
    for (const [n, city] of [
      "Saint-Étienne",
      "SAINT ETIENNE",
      "Saint Étienne",
      "St-Étienne",
      "ST ETIENNE CEDEX 1",
    ].entries())
      await at(`T${n}`, city, "42 000");
    await at("Ajaccio", "Ajaccio", "20090");
    await at("Bastia", "BASTIA CEDEX", "20200");
    await at("Réunion", "Saint-Denis", "97400", "RE");
    await at("Cut", "Bordeaux", "3300");
    await at("Leuven", "Louvain", "3300", "BE");
    await at("Milan", "Milano", "20100", "IT");
    const staff = async (condition: Condition) => names({ field: "kind", in: ["staff"] }, condition);
    for (const is of ["Saint-Étienne", "st etienne", "SAINT ETIENNE CEDEX 2"])
      assert.deepEqual(await staff({ field: "city", is }), ["T0", "T1", "T2", "T3", "T4"], is);
    assert.deepEqual(await staff({ field: "city", is: "Bastia" }), ["Bastia"]);
    const inside = async (prefix: string) => {
      const { data } = criteriaInput.safeParse({ "0.kinds": "staff", "0.postcode": prefix });
      return data ? (await previewSegment(data)).map(({ firstName }) => firstName) : null;
    };
    assert.deepEqual(await inside("2A"), ["Ajaccio"]);
    assert.deepEqual(await inside("2b"), ["Bastia"]);
    assert.deepEqual(await inside("20"), ["Ajaccio", "Bastia"]);
    assert.deepEqual(await inside("974"), ["Réunion"]);
    assert.deepEqual(await inside("42"), ["T0", "T1", "T2", "T3", "T4"]);
    assert.deepEqual(await inside("33"), []);
    assert.equal(await inside("2C"), null);
    await db.contact.deleteMany({ where: { kind: "staff" } });
  });

  it("take people as they are today: where they still work, what they receive again, whom a mail reaches", async () => {
    const staff = async (condition: Condition) => names({ field: "kind", in: ["staff"] }, condition);
    const id: Record<string, number> = {};
    for (const firstName of ["Left", "Closed", "Back", "Never", "Full", "Dead", "Refused"])
      id[firstName] = await person({ firstName, lastName: "Z", kind: "staff" });
    const work = async (firstName: string, organisation: object, affiliation: object) => {
      const contactId = id[firstName] ?? 0;
      const { id: organisationId } = await db.organisation.create({
        data: { name: firstName, sector: "Banque", ...organisation },
      });
      await db.affiliation.create({
        data: { contactId, organisationId, role: "employee", ...affiliation },
      });
    };
    await work("Left", {}, { endedAt: new Date() });
    await work("Closed", { archivedAt: new Date() }, {});
    assert.deepEqual(await staff({ field: "organisation", known: true }), []);
    assert.equal((await staff({ field: "organisation", known: false })).length, 7);
    assert.deepEqual(await staff({ field: "sector", is: "banque" }), []);
    await work("Back", {}, {});
    assert.deepEqual(await staff({ field: "sector", is: "banque" }), ["Back"]);
    assert.deepEqual(await staff({ field: "sector", is: "évènementiel" }), []);

    const subscribe = (firstName: string, subscribedAt: Date | null, unsubscribedAt: Date | null) =>
      db.subscription.create({
        data: { contactId: id[firstName] ?? 0, topicId, subscribedAt, unsubscribedAt },
      });
    await subscribe("Back", new Date(2000), new Date(1000));
    await subscribe("Left", new Date(1000), new Date(1000));
    await subscribe("Never", null, new Date(1000));
    assert.deepEqual(await staff({ field: "topic", in: [topicId] }), ["Back"], "left, and rejoined since");
    const otherTopic = (await db.topic.findUniqueOrThrow({ where: { key: "src" } })).id;
    assert.deepEqual(await staff({ field: "topic", in: [otherTopic] }), []);
    const { id: otherSource } = await db.source.create({
      data: { key: "other", name: "Other", defaultKind: "staff" },
    });
    await db.externalIdentity.create({
      data: { sourceId: otherSource, externalId: "1", contactId: id.Left ?? 0 },
    });
    assert.deepEqual(await staff({ field: "source", in: [sourceId] }), []);

    const standings = { Full: "soft", Dead: "hard", Refused: "complaint" } as const;
    for (const [firstName, standing] of Object.entries(standings))
      await db.emailAddress.updateMany({ where: { contactId: id[firstName] }, data: { standing } });
    const reachable = await staff({ field: "reachable" });
    assert.deepEqual(reachable.sort(), ["Back", "Closed", "Full", "Left", "Never"]);
    assert.deepEqual(await staff({ field: "graduationYear", from: null, to: null }), []);
    await db.contact.deleteMany({ where: { kind: "staff" } });
    await db.organisation.deleteMany({ where: { sector: "Banque" } });
  });

  it("count a day from midnight in Paris", async () => {
    const before = await names({ field: "createdAfter", on: "2020-07-01" });
    assert.ok(before.includes("Cy"));
    assert.ok(!(await names({ field: "createdAfter", on: "2020-07-02" })).includes("Cy"));
  });

  it("combine by all, any and none, over groups", async () => {
    const kind: Condition = { field: "kind", in: ["former_src"] };
    const city: Condition = { field: "city", is: "Bordeaux" };
    const years: Condition = { field: "graduationYear", from: 2026, to: 2026 };
    assert.deepEqual(await who("all", [{ match: "any", conditions: [kind, city] }]), ["Ada", "Cy"]);
    // Nobody knows Bob’s year: he does not meet it, so « none » keeps him.
    assert.deepEqual(await who("all", [{ match: "none", conditions: [years] }]), ["Ada", "Bob"]);
    assert.deepEqual(
      await who("all", [
        { match: "any", conditions: [kind, city] },
        { match: "none", conditions: [years] },
      ]),
      ["Ada"],
    );
    assert.deepEqual(
      await who("any", [
        { match: "all", conditions: [kind] },
        { match: "all", conditions: [city] },
      ]),
      ["Ada", "Cy"],
    );
  });

  it("never let what was typed into the SQL", async () => {
    for (const typed of nasty) {
      const values: unknown[] = ["kept"];
      const text = compileCriteria(all({ field: "city", is: typed }, { field: "sector", is: typed }), values);
      assert.ok(!text.includes(typed) || typed === "$1" || typed === "%", typed);
      assert.deepEqual(values, ["kept", typed, typed]);
      assert.deepEqual(await countSegment(all({ field: "city", is: typed })), { count: 0, exact: true });
    }
    const one = compileCriteria(all({ field: "city", is: "a" }), []);
    assert.equal(compileCriteria(all({ field: "city", is: nasty[0] as string }), []), one);
    assert.equal(await db.contact.count(), 4);
  });

  it("are refused when they are not of the whitelist", () => {
    for (const condition of [
      { field: "password", is: "x" },
      { field: "kind", in: ["former_src'::text or true --"] },
      { field: "kind", in: [] },
      { field: "postcode", prefix: "33%" },
      { field: "source", in: ["1"] },
      { field: "topic", in: [1.5] },
      { field: "createdAfter", on: "2026-02-31" },
      { field: "graduationYear", from: 2010, to: 2000 },
    ]) {
      const criteria = { match: "all", groups: [{ match: "all", conditions: [condition] }] };
      assert.equal(criteriaSchema.safeParse(criteria).success, false, JSON.stringify(condition));
    }
    assert.equal(criteriaSchema.safeParse({ match: "or true", groups: [] }).success, false);
  });
});

describe("the form of a segment", () => {
  it("drops what is blank and keeps the order of groups", () => {
    const read = segmentInput.parse({
      id: "",
      name: " Anciens ",
      match: "any",
      "0.match": "all",
      "0.kinds": "former_src",
      "0.city": " ",
      "1.match": "none",
      "1.yearFrom": "2001",
      "1.yearTo": "",
      "2.match": "all",
    });
    assert.deepEqual(read, {
      id: null,
      name: "Anciens",
      criteria: {
        match: "any",
        groups: [
          { match: "all", conditions: [{ field: "kind", in: ["former_src"] }] },
          { match: "none", conditions: [{ field: "graduationYear", from: 2001, to: null }] },
        ],
      },
    });
  });

  it("reads every field that a group has", () => {
    const { groups } = criteriaInput.parse({
      "0.kinds": ["former_src", "staff"],
      "0.yearTo": "2010",
      "0.city": " Pau ",
      "0.postcode": "2a",
      "0.organisation": "known",
      "0.sector": "Banque",
      "0.sources": "3",
      "0.topics": ["1", "2"],
      "0.createdAfter": "2026-01-01",
      "0.reachable": "on",
      "1.organisation": "unknown",
      "1.reachable": "",
      other: "x",
    });
    assert.deepEqual(groups[0]?.conditions, [
      { field: "kind", in: ["former_src", "staff"] },
      { field: "graduationYear", from: null, to: 2010 },
      { field: "city", is: "Pau" },
      { field: "postcode", prefix: "2A" },
      { field: "organisation", known: true },
      { field: "sector", is: "Banque" },
      { field: "source", in: [3] },
      { field: "topic", in: [1, 2] },
      { field: "createdAfter", on: "2026-01-01" },
      { field: "reachable" },
    ]);
    assert.deepEqual(groups.slice(1), [
      { match: "all", conditions: [{ field: "organisation", known: false }] },
    ]);
    assert.deepEqual(
      criteriaInput.parse({ "0.yearFrom": "2001", "0.yearTo": "2001" }).groups[0]?.conditions,
      [{ field: "graduationYear", from: 2001, to: 2001 }],
    );
  });

  it("refuses years that are none", () => {
    const faults = (fields: Record<string, string>) =>
      criteriaInput
        .safeParse(fields)
        .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    assert.deepEqual(faults({ "3.yearFrom": "2010", "3.yearTo": "2001" }), ["3.yearTo: yearsReversed"]);
    assert.deepEqual(faults({ "0.city": "Pessac", "1.postcode": "33 Gironde" }), [
      "1.postcode: postcodePrefix",
    ]);
    assert.equal(faults({ "0.yearFrom": "abc" })?.[0]?.startsWith("0.yearFrom"), true);
    assert.deepEqual(
      faults({ match: "or true" })?.map((fault) => fault.split(":")[0]),
      ["match"],
    );
    assert.deepEqual(
      faults({ "0.match": "xor", "0.city": "Pau" })?.map((fault) => fault.split(":")[0]),
      ["0.match"],
    );
    for (const [name, value] of Object.entries({
      kinds: "alien",
      sources: "x",
      topics: "-1",
      createdAfter: "hier",
    }))
      assert.deepEqual(
        faults({ [`2.${name}`]: value })?.map((fault) => fault.split(":")[0]),
        [`2.${name}`],
      );
    assert.equal(segmentInput.safeParse({ name: " " }).error?.issues[0]?.path[0], "name");
  });
});

describe("segments", () => {
  it("are renamed, listed, archived unless a campaign waits for them, restored", async () => {
    const { id } = await createSegment("Tous", all({ field: "reachable" }), null);
    assert.deepEqual(await updateSegment(id, "Toutes", all({ field: "city", is: "Pessac" }), null), {
      ok: true,
    });
    assert.equal((await findSegment(id))?.name, "Toutes");
    const campaign = await readyCampaign({ segmentId: id });
    assert.deepEqual(await archiveSegment(id, null), { ok: false, reason: "inUse" });
    await db.campaign.delete({ where: { id: campaign } });
    assert.deepEqual(await archiveSegment(id, null), { ok: true });
    assert.deepEqual(await archiveSegment(id, null), { ok: false, reason: "notFound" });
    assert.deepEqual(await updateSegment(id, "X", all({ field: "reachable" }), null), {
      ok: false,
      reason: "notFound",
    });
    assert.ok((await listSegments("archived")).some((segment) => segment.id === id));
    assert.deepEqual(await restoreSegment(id, null), { ok: true });
    assert.deepEqual(await restoreSegment(id, null), { ok: false, reason: "notFound" });
    assert.deepEqual(await archiveSegment(999_999, null), { ok: false, reason: "notFound" });
  });

  it("are counted exactly up to a limit, then as the planner guesses, never below it", async () => {
    const nobody = all({ field: "city", is: "Nulle part" });
    assert.deepEqual(await countSegment(nobody), { count: 0, exact: true });
    await db.contact.createMany({
      data: Array.from({ length: exactUpTo }, (_, i) => ({
        kind: "staff",
        lastName: `P${i}`,
        city: "Mimizan",
      })),
    });
    const everybody = all({ field: "city", is: "Mimizan" });
    assert.deepEqual(await countSegment(everybody), { count: exactUpTo, exact: true });
    await person({ firstName: "One", lastName: "More", city: "Mimizan" });
    const { count, exact } = await countSegment(everybody);
    assert.ok(!exact && count >= exactUpTo, String(count));
    await db.contact.deleteMany({ where: { city: "Mimizan" } });
  });
});

it("the database refuses criteria without a shape, empty ones too", async () => {
  for (const criteria of ["{}", '{"match":"all"}', '{"groups":[]}', "[]"])
    await assert.rejects(
      sql`insert into segments (name, criteria) values ('S', ${criteria}::jsonb)`,
      /segments_criteria_shape/,
      criteria,
    );
});
