import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { createPledge, movePledge } from "./mutations.ts";
import { applyReceipts, openSpontaneous, promisePledge } from "./receipts.ts";
import { moveInput, pledgeInput } from "./schema.ts";

const by = 1;
const now = new Date("2026-04-01T10:00:00Z");
const campaignYear = 2026;
before(async () => {
  await createUser(
    { email: "ada@src.example", name: "Ada", role: "administrator" },
    "une phrase bien longue",
  );
});

let made = 0;
const company = async (more: { postcode?: string } = {}) =>
  (await db.organisation.create({ data: { name: `Agence ${++made}`, ...more } })).id;
async function opened(more: Record<string, string> = {}) {
  const done = await createPledge(
    pledgeInput.parse({ campaignYear, organisationId: await company(), ...more }),
    by,
  );
  assert.ok(done.ok, JSON.stringify(done));
  return done.id;
}
const row = (id: number) => db.pledge.findUniqueOrThrow({ where: { id } });
async function move(id: number, to: string, more: Record<string, unknown> = {}, at = now) {
  const { version } = await row(id);
  return movePledge(moveInput.parse({ id, version, to, ...more }), by, at);
}
const states = async (id: number) =>
  (await db.pledgeEvent.findMany({ where: { pledgeId: id }, orderBy: { id: "asc" } })).map(
    ({ fromState, toState }) => [fromState, toState],
  );
const receive = (pledgeId: number, cents: bigint) =>
  transaction((client) => applyReceipts([{ pledgeId, cents }], by, client));
const promise = (organisationId: number, more: object = {}) =>
  transaction((client) =>
    promisePledge(
      {
        ...{
          campaignYear,
          organisationId,
          covers: "siret",
          share: 4000,
          soldeCents: 100_001n,
          contactId: null,
        },
        ...{ sourceCampaignId: null, channel: "form", verified: false, ...more },
      },
      client,
    ),
  );

describe("a company to solicit", () => {
  it("is a card once, and a second one only for another course", async () => {
    const organisationId = await company();
    const input = pledgeInput.parse({ campaignYear, organisationId });
    const both = await Promise.all([1, 2].map(() => createPledge(input, by)));
    assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
    assert.deepEqual(await createPledge(input, by), { ok: false, reason: "pledgeThere" });
    assert.ok((await createPledge({ ...input, target: "BUT MMI" }, by)).ok);
  });
  it("is none in Alsace-Moselle, nor where we must not ask", async () => {
    const ask = async (organisationId: number) =>
      createPledge(pledgeInput.parse({ campaignYear, organisationId }), by);
    for (const postcode of ["67000", "57100", "68200"])
      assert.deepEqual(await ask(await company({ postcode })), { ok: false, reason: "unsolicited" });
    for (const postcode of ["", "33000", "6700", "F-67000"])
      assert.ok((await ask(await company({ postcode }))).ok, postcode);
    const undisclosed = await company();
    await sql`insert into do_not_solicit (organisation_id, reason) values (${undisclosed}, 'undisclosed')`;
    assert.deepEqual(await ask(undisclosed), { ok: false, reason: "unsolicited" });
    assert.deepEqual(await ask(999_999), { ok: false, reason: "notFound" });
    const gone = await company();
    await db.organisation.update({ where: { id: gone }, data: { archivedAt: now } });
    assert.deepEqual(await ask(gone), { ok: false, reason: "notFound" });
  });
});

describe("a move", () => {
  it("is written once, with its history, and by nobody who read an older version", async () => {
    const id = await opened();
    assert.deepEqual(await move(id, "solicited"), { ok: true, version: 2 });
    const input = moveInput.parse({ id, version: 2, to: "pledged", share: "40" });
    const both = await Promise.all([1, 2].map(() => movePledge(input, by, now)));
    assert.deepEqual(both.map((one) => (one.ok ? "" : one.reason)).sort(), ["", "conflict"]);
    assert.deepEqual(await states(id), [
      [null, "to_solicit"],
      ["to_solicit", "solicited"],
      ["solicited", "pledged"],
    ]);
    assert.deepEqual([(await row(id)).share, (await row(id)).expectedLowCents], [4000, null]);
  });
  it("to pledged counts what the share brings of the base we know", async () => {
    const id = await opened();
    const { organisationId } = await row(id);
    await sql`
      insert into company_bases (organisation_id, campaign_year, kind, low_cents, high_cents, headcount, superseded_at) values
        (${await company()}, ${campaignYear}, 'declared', 7, 7, null, null),
        (${organisationId}, ${campaignYear - 1}, 'declared', 5, 5, null, null),
        (${organisationId}, ${campaignYear}, 'declared', 6, 6, null, now()),
        (${organisationId}, ${campaignYear}, 'estimated', 100000000, 200000000, 40, null)`;
    await move(id, "pledged", { share: "50" });
    const { expectedLowCents, expectedHighCents } = await row(id);
    assert.deepEqual([expectedLowCents, expectedHighCents], [45_000n, 90_000n]);
    await move(id, "allocated", { expected: "700", allocatedOn: "2026-06-02" });
    const later = await row(id);
    assert.deepEqual(
      [
        later.share,
        later.expectedLowCents,
        later.expectedHighCents,
        later.allocatedOn?.toISOString().slice(0, 10),
      ],
      [5000, 70_000n, 70_000n, "2026-06-02"],
    );
    await move(id, "pledged");
    assert.equal((await row(id)).expectedLowCents, 70_000n, "what was told stays");
  });
  it("is refused with its reason, and writes nothing", async () => {
    const id = await opened();
    for (const [to, reason] of [
      ["received", "onlyTransfers"],
      ["pledged", "needsShare"],
      ["refused", "needsWhy"],
      ["lapsed", "notFrom"],
    ])
      assert.deepEqual(await move(id, String(to)), { ok: false, reason });
    assert.equal((await row(id)).version, 1);
    assert.deepEqual(await states(id), [[null, "to_solicit"]]);
    await move(id, "pledged", { share: "10" });
    assert.deepEqual(await move(id, "lapsed"), { ok: false, reason: "tooEarly" });
    assert.ok((await move(id, "lapsed", {}, new Date("2027-01-02T10:00:00Z"))).ok);
    assert.deepEqual(await movePledge(moveInput.parse({ id: 999_999, version: 1, to: "solicited" }), by), {
      ok: false,
      reason: "notFound",
    });
  });
  it("reads the calendar as it is now", async () => {
    const id = await opened();
    await move(id, "pledged", { share: "10" });
    await sql`insert into tax_milestones (campaign_year, kind, day, source) values (2026, 'transfer2', '2026-11-06', 'test')`;
    const after = new Date("2026-11-07T10:00:00Z");
    await sql`update tax_milestones set superseded_at = now() where campaign_year = 2026 and kind = 'transfer2'`;
    assert.deepEqual(await move(id, "lapsed", {}, after), { ok: false, reason: "tooEarly" });
    await sql`insert into tax_milestones (campaign_year, kind, day, source) values (2026, 'transfer2', '2026-11-06', 'test')`;
    assert.ok((await move(id, "lapsed", {}, after)).ok);
  });
});

describe("received", () => {
  it("follows from matches alone, whatever the state, and goes back when they are undone", async () => {
    const id = await opened();
    await move(id, "refused", { why: "Donne ailleurs" });
    assert.equal(await receive(id, 12_345n), 1);
    let now = await row(id);
    assert.deepEqual([now.state, now.stateBefore, now.receivedCents], ["received", "refused", 12_345n]);
    assert.equal(await receive(id, 12_345n), 0, "the same sum is no news");
    await receive(id, 20_000n);
    now = await row(id);
    assert.deepEqual([now.state, now.stateBefore, now.receivedCents], ["received", "refused", 20_000n]);
    assert.ok((await move(id, "thanked")).ok);
    await receive(id, 5_000n);
    assert.equal((await row(id)).state, "thanked");
    await receive(id, 0n);
    now = await row(id);
    assert.deepEqual(
      [now.state, now.stateBefore, now.receivedCents, now.why],
      ["refused", null, 0n, "Donne ailleurs"],
    );
  });
  it("cannot be written without money, even past the code", async () => {
    const id = await opened();
    for (const change of [
      "state = 'received'",
      "state = 'thanked'",
      "received_cents = 5",
      "state = 'received', received_cents = 5",
      "state = 'received', state_before = 'pledged'",
    ])
      await assert.rejects(
        db.$executeRawUnsafe(`update pledges set ${change} where id = ${id}`),
        /pledges_received_check/,
        change,
      );
  });
  it("opens a pledge for who promised nothing, once", async () => {
    const organisationId = await company();
    const open = () => transaction((client) => openSpontaneous({ campaignYear, organisationId }, client));
    const id = await open();
    assert.equal(await open(), id);
    await receive(id, 700n);
    const { state, channel, stateBefore } = await row(id);
    assert.deepEqual([state, channel, stateBefore], ["received", "spontaneous", "to_solicit"]);
  });
});

describe("a promise made in public", () => {
  it("opens the pledge, to be checked, with its share of the solde the company told", async () => {
    const organisationId = await company({ postcode: "33000" });
    const { pledgeId, changed } = await promise(organisationId);
    assert.ok(changed);
    const told = await row(pledgeId);
    assert.deepEqual(
      [told.state, told.share, told.expectedLowCents, told.unverified, told.channel],
      ["pledged", 4000, 40_000n, true, "form"],
    );
    assert.ok((await move(pledgeId, "allocated")).ok);
    assert.equal((await row(pledgeId)).unverified, false, "a colleague who moves it on has checked it");
  });
  it("without a computed solde is counted on the base we know, and on nothing else", async () => {
    const [known, unknown] = [await company(), await company()];
    await sql`
      insert into company_bases (organisation_id, campaign_year, kind, low_cents, high_cents, headcount, superseded_at) values
        (${known}, ${campaignYear}, 'declared', 6, 6, null, now()), (${known}, ${campaignYear}, 'estimated', 100000000, 200000000, 40, null),
        (${unknown}, ${campaignYear - 1}, 'declared', 5, 5, null, null), (${unknown}, ${campaignYear}, 'declared', 7, 7, null, now())`;
    const told = await row((await promise(known, { soldeCents: null })).pledgeId);
    assert.deepEqual([told.expectedLowCents, told.expectedHighCents], [36_000n, 72_000n]);
    const bare = await row((await promise(unknown, { soldeCents: null })).pledgeId);
    assert.deepEqual([bare.share, bare.expectedLowCents, bare.expectedHighCents], [4000, null, null]);
    const own = await row((await promise(await company(), { verified: true })).pledgeId);
    assert.equal(own.unverified, false);
  });
  it("and money that nobody promised, are of the company and the year, not of one course or the year before", async () => {
    for (const made of [
      async (organisationId: number) => (await promise(organisationId)).pledgeId,
      (organisationId: number) =>
        transaction((client) => openSpontaneous({ campaignYear, organisationId }, client)),
    ]) {
      const organisationId = await company();
      const before = await Promise.all(
        [
          { campaignYear: campaignYear - 1, target: "" },
          { campaignYear, target: "BUT MMI" },
        ].map((more) => db.pledge.create({ data: { organisationId, ...more } })),
      );
      const opened = await row(await made(organisationId));
      assert.deepEqual(
        [opened.organisationId, opened.campaignYear, opened.target],
        [organisationId, 2026, ""],
      );
      for (const one of before) assert.deepEqual(await row(one.id), one);
    }
  });
  it("moves what was solicited or refused, and leaves what says more", async () => {
    const id = await opened();
    const { organisationId } = await row(id);
    await move(id, "refused", { why: "Trop tard" });
    assert.deepEqual(await promise(organisationId), { pledgeId: id, changed: true });
    assert.deepEqual(await promise(organisationId, { share: 9000 }), { pledgeId: id, changed: false });
    const { share, state, why } = await row(id);
    assert.deepEqual(
      [share, state, why],
      [4000, "pledged", "Trop tard"],
      "what staff wrote stays until somebody checked",
    );
    await receive(id, 100n);
    assert.equal((await promise(organisationId)).changed, false);
    assert.equal((await row(id)).state, "received");
  });
});

describe("what a pledge is worth, and who said so", () => {
  it("follows the rate recorded on the screen, by staff and by a promise in public", async () => {
    await db.taxRate.create({
      data: { key: "solde", fromMonth: "2030-01", value: "0.20", source: "Décret de 2030" },
    });
    const [staffs, publics] = [await company(), await company()];
    for (const organisationId of [staffs, publics])
      await db.companyBase.create({
        data: {
          organisationId,
          campaignYear: 2031,
          kind: "declared",
          lowCents: 100_000_000n,
          highCents: 100_000_000n,
        },
      });
    const card = await createPledge(pledgeInput.parse({ campaignYear: 2031, organisationId: staffs }), by);
    assert.ok(card.ok);
    assert.ok((await move(card.id, "pledged", { share: "50" })).ok);
    const { pledgeId } = await promise(publics, { campaignYear: 2031, share: 5000, soldeCents: null });
    for (const id of [card.id, pledgeId]) assert.equal((await row(id)).expectedLowCents, 100_000n);
  });
  it("keeps the person we knew when whoever promises is nobody we know", async () => {
    const organisationId = await company();
    const { id: contactId } = await db.contact.create({
      data: { kind: "professional", lastName: "Castéra" },
    });
    await db.pledge.create({ data: { organisationId, campaignYear, contactId } });
    const { pledgeId } = await promise(organisationId);
    const { state, unverified, contactId: kept } = await row(pledgeId);
    assert.deepEqual([state, unverified, kept], ["pledged", true, contactId]);
  });
});
