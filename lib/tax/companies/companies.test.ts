import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { person } from "#testing/campaigns";
import { declareBase, estimateFrom, setStance } from "./mutations.ts";
import { findStance, listBases, listTies } from "./queries.ts";
import { declaredInput, estimatedInput, stanceInput } from "./schema.ts";

const by = 1;
before(async () => {
  await createUser(
    { email: "ada@src.example", name: "Ada", role: "administrator" },
    "une phrase bien longue",
  );
});
let made = 0;
const company = async (more: object = {}) =>
  (await db.organisation.create({ data: { name: `Agence ${++made}`, ...more } })).id;
const place = (contactId: number, organisationId: number, role: "tutor" | "employee" | "intern", more = {}) =>
  db.affiliation.create({ data: { contactId, organisationId, role, ...more } });

describe("a base", () => {
  it("that is told replaces an estimate, which stays in the history with what it rested on", async () => {
    const organisationId = await company();
    const estimate = estimatedInput.parse({
      organisationId,
      campaignYear: 2026,
      headcount: "40",
      sector: "any",
    });
    assert.deepEqual(await estimateFrom(estimate, by), { ok: true });
    const declared = declaredInput.parse({
      ...{ organisationId, campaignYear: 2026, base: "1 500 000,50", source: "Mél de la comptable" },
    });
    assert.deepEqual(await declareBase(declared, by), { ok: true });
    await declareBase({ ...declared, campaignYear: 2025, base: 7 }, by);
    const other = await company();
    await declareBase({ ...declared, organisationId: other }, by);
    await declareBase({ ...declared, organisationId: other }, by);
    const told = (await listBases(organisationId)).map((one) => [
      ...[one.campaignYear, one.kind, one.lowCents, one.highCents, one.headcount, one.superseded, one.by],
    ]);
    assert.deepEqual(told, [
      [2026, "declared", "150000050", "150000050", null, false, "Ada"],
      [2026, "estimated", "120000000", "250000000", 40, true, "Ada"],
      [2025, "declared", "7", "7", null, false, "Ada"],
    ]);
    await declareBase({ ...declared, organisationId: other }, by);
    const ends =
      await sql`select distinct superseded_at from company_bases where organisation_id = ${other} and superseded_at is not null`;
    assert.equal(ends.length, 2, "each ended when the next was told");
  });
  it("told twice at once has one in force", async () => {
    const organisationId = await company();
    const input = { organisationId, campaignYear: 2026, base: 100, source: "" };
    await Promise.all([1, 2, 3].map(() => declareBase(input, by)));
    const bases = await listBases(organisationId);
    assert.deepEqual(
      bases.map(({ superseded }) => superseded),
      [false, true, true],
    );
    assert.deepEqual(await declareBase({ ...input, organisationId: 999_999 }, by), {
      ok: false,
      reason: "notFound",
    });
  });
  it("of which only an estimate may be a range", async () => {
    const organisationId = await company();
    await assert.rejects(
      sql`insert into company_bases (organisation_id, campaign_year, kind, low_cents, high_cents) values (${organisationId}, 2026, 'declared', 1, 2)`,
      /company_bases_range_check/,
    );
  });
});

describe("who must not be solicited", () => {
  it("says why until it is taken back; Alsace-Moselle whatever was said", async () => {
    const id = await company({ postcode: "33000" });
    const say = (reason: string, note = "") =>
      setStance(stanceInput.parse({ organisationId: id, reason, note }), by);
    assert.equal((await findStance(id))?.reason, null);
    await say("asked", "au téléphone");
    const { since, ...told } = (await findStance(id)) ?? assert.fail();
    assert.deepEqual(told, { reason: "asked", note: "au téléphone", by: "Ada" });
    assert.ok(since);
    await say("undisclosed");
    assert.equal((await findStance(id))?.reason, "undisclosed");
    const other = await company();
    await setStance(stanceInput.parse({ organisationId: other, reason: "asked", note: "" }), by);
    await say("");
    assert.equal((await findStance(other))?.reason, "asked", "another company's stays");
    assert.deepEqual(
      await setStance(stanceInput.parse({ organisationId: 999_999, reason: "", note: "" }), by),
      {
        ok: false,
        reason: "notFound",
      },
    );
    assert.equal((await findStance(id))?.reason, null);
    const strasbourg = await company({ postcode: "67000" });
    assert.equal((await findStance(strasbourg))?.reason, "alsaceMoselle");
    assert.equal((await findStance(await company({ postcode: "67000", country: "DE" })))?.reason, null);
    assert.equal(await findStance(999_999), null);
  });
});

describe("who we know there", () => {
  it("is everybody of every establishment of the company, and of no other", async () => {
    const [here, there, other] = [
      await company({ siren: "732829320", siret: "73282932000074" }),
      await company({ siren: "732829320" }),
      await company({ siren: "552100554" }),
    ];
    const [tutor, intern, stranger, gone] = [await person(), await person(), await person(), await person()];
    await place(tutor, here, "tutor", { jobTitle: "Directrice artistique" });
    await place(intern, there, "intern", { endedAt: new Date("2025-06-30") });
    await place(stranger, other, "employee");
    await place(gone, here, "employee");
    await db.contact.update({ where: { id: gone }, data: { archivedAt: new Date() } });
    await db.pledge.create({ data: { organisationId: there, campaignYear: 2025, share: 4000 } });
    await db.pledge.create({ data: { organisationId: other, campaignYear: 2025 } });
    await sql`
      insert into activities (kind, organisation_id, user_id, at, data) values
        ('pledge.called', ${there}, 1, '2026-03-01T10:00Z', '{"note": "rappeler en mai"}'),
        ('pledge.called', ${here}, 1, '2026-02-01T10:00Z', '{"note": "absente"}'),
        ('pledge.called', ${other}, 1, '2026-04-01T10:00Z', '{"note": "autre"}')`;
    const ties = (await listTies([here, 999_999])).get(here) ?? assert.fail();
    assert.deepEqual(
      ties.people.map(({ id, role, past, elsewhere, jobTitle }) => [id, role, past, elsewhere, jobTitle]),
      [
        [tutor, "tutor", false, false, "Directrice artistique"],
        [intern, "intern", true, true, ""],
      ],
    );
    assert.deepEqual(
      ties.pledges.map(({ campaignYear, share }) => [campaignYear, share]),
      [[2025, 4000]],
    );
    assert.deepEqual([ties.lastCallNote, ties.lastCallBy], ["rappeler en mai", "Ada"]);
    assert.deepEqual([ties.letters, ties.answers], [0, 0]);
  });
  it("without a SIREN, is who is in that organisation alone", async () => {
    const [one, two] = [await company(), await company()];
    await place(await person(), two, "tutor");
    const ties = await listTies([one, two]);
    assert.deepEqual([ties.get(one)?.people.length, ties.get(two)?.people.length], [0, 1]);
  });
  it("counts the letters to who is there today, and their answers", async () => {
    const id = await company();
    const [there, left] = [await person(), await person()];
    await place(there, id, "employee");
    await place(left, id, "tutor", { endedAt: new Date() });
    const { readyCampaign } = await import("#testing/campaigns");
    const campaign = await readyCampaign();
    await sql`
      with ct as (insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
        select 'campaign', id, topic_id, identity_id, '', '', '' from campaigns where id = ${campaign} returning id)
      insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, settled_at, replied_at)
      select ct.id, ${campaign}::int, c.id, 'x' || c.id || '@src.example', sha256(c.id::text::bytea), 'sent', '2026-03-02T10:00Z',
        case when c.id = ${there} then '2026-03-03T10:00Z'::timestamptz end
      from ct, contacts c where c.id = any(${[there, left]}::int[])`;
    const ties = (await listTies([id])).get(id) ?? assert.fail();
    assert.deepEqual([ties.letters, ties.answers], [1, 1]);
    assert.equal(new Date(ties.lastAnswerAt ?? 0).toISOString(), "2026-03-03T10:00:00.000Z");
  });
});
