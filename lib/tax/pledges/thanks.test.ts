import "#testing/database";
import assert from "node:assert/strict";
import { it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { saveThanks } from "#lib/tax/years/mutations";
import { findTaxYear } from "#lib/tax/years/queries";
import { thanksTextInput } from "#lib/tax/years/schema";
import { givePerson } from "#testing/received";
import { listGifts, mergeNote, noteStarter, thankDonors } from "./thanks.ts";

const campaignYear = 2027;
const gift = async (name: string, more: object = {}) => {
  const { id } = await db.organisation.create({
    data: { name, street: "1 rue X", postcode: "33000", city: "Pessac" },
  });
  const pledge = await db.pledge.create({
    data: {
      organisationId: id,
      campaignYear,
      state: "received",
      stateBefore: "pledged",
      receivedCents: 5_000n,
      ...more,
    },
  });
  return { organisationId: id, pledgeId: pledge.id };
};

it("a note says what its gift is, and nothing else is replaced", () => {
  const values = {
    "organisation.name": "Castéra",
    "contact.name": "",
    "gift.amount": "50 €",
    "gift.year": "2027",
    "department.name": "MMI",
    "department.uses": "– un studio",
  };
  assert.equal(
    mergeNote(
      "{{organisation.name}} : {{ gift.amount }} {{ contact.name }} en {{ gift.year }} {{ secret }}",
      values,
    ),
    "Castéra : 50 € en 2027 {{ secret }}",
  );
  assert.equal(
    mergeNote("Merci {{ contact.name }}, à {{ department.name }}\n{{ department.uses }}", values),
    "Merci, à MMI\n– un studio",
  );
  assert.doesNotMatch(mergeNote(noteStarter, values), /\{\{/);
  assert.doesNotMatch(mergeNote(noteStarter, { ...values, "department.uses": "" }), /Grâce à vous/);
  assert.match(mergeNote(noteStarter, values), /Grâce à vous/);
});

it("gifts have the person who promised, else who decides there, and where to write", async () => {
  const promised = await givePerson("promet@src.example");
  const decides = await givePerson("decide@src.example");
  const a = await gift("Abel", { contactId: promised.id });
  const b = await gift("Bréa");
  await gift("Caro", { state: "thanked" });
  await gift("Dune", { state: "pledged", stateBefore: null, receivedCents: 0n, share: 4000 });
  for (const { organisationId } of [a, b])
    await db.affiliation.create({ data: { contactId: decides.id, organisationId, role: "decision_maker" } });
  const gifts = await listGifts(campaignYear);
  assert.deepEqual(
    gifts.map(({ company, email, thanked, receivedCents }) => [company, email, thanked, receivedCents]),
    [
      ["Abel", "promet@src.example", false, "5000"],
      ["Bréa", "decide@src.example", false, "5000"],
      ["Caro", "", true, "5000"],
    ],
  );
  await sql`update affiliations set ended_at = now() where organisation_id = ${b.organisationId}`;
  assert.equal((await listGifts(campaignYear))[1]?.email, "", "who left decides nothing");
});

it("thanks are written once, in the pledge and in the timeline of its company", async () => {
  const [one, other] = [await gift("Une"), await gift("Autre")];
  const elsewhere = await gift("Ailleurs", { campaignYear: 2028 });
  const ids = { campaignYear, pledgeIds: [one.pledgeId, elsewhere.pledgeId] };
  assert.deepEqual(await thankDonors(ids, null), { ok: true, count: 1 });
  assert.deepEqual(await thankDonors(ids, null), { ok: false, reason: "nobodyToThank" });
  const states = async () =>
    (
      await sql<{
        state: string;
      }>`select state from pledges where id = any(${[one.pledgeId, other.pledgeId, elsewhere.pledgeId]}::int[]) order by id`
    ).map(({ state }) => state);
  assert.deepEqual(await states(), ["thanked", "received", "received"]);
  const told = await sql`select organisation_id from activities where kind = 'pledge.thanked'`;
  assert.deepEqual(told, [{ organisation_id: one.organisationId }]);
  const events = await sql`select from_state, to_state from pledge_events where pledge_id = ${one.pledgeId}`;
  assert.deepEqual(events, [{ from_state: "received", to_state: "thanked" }]);
});

it("the text of a campaign is kept, whoever read an older one is refused, and unknown variables too", async () => {
  const save = async (thanks: string, version = "") =>
    saveThanks(thanksTextInput.parse({ campaignYear: 2040, version, thanks }), null);
  assert.equal((await save("Merci {{ contact.name }}")).ok, true);
  assert.deepEqual(await save("Autre"), { ok: false, reason: "conflict" });
  const now = await findTaxYear(2040);
  assert.equal(now?.thanks, "Merci {{ contact.name }}");
  assert.equal((await save("Autre", now?.updatedAt.toISOString())).ok, true);
  const wrong = thanksTextInput.safeParse({
    campaignYear: 2040,
    version: "",
    thanks: "Merci {{ contact.salary }}",
  });
  assert.equal(wrong.error?.issues[0]?.message, "pledges.errors.variable");
});
