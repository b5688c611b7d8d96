import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { secretsIn } from "#lib/letters/deliveries/secrets";
import { pool, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { signToken, type TokenPurpose } from "#lib/machine/tokens";
import { giveCampaign, givePerson } from "#testing/received";
import { giveSiren, giveSiret } from "#testing/sirets";
import { askPromise, confirmPromise } from "./mutations.ts";
import { findPromise, prefill, viewPromise } from "./queries.ts";
import { sayShare } from "./rules.ts";
import { promiseInput } from "./schema.ts";

const named = (purpose: TokenPurpose, id: number, generation = 0) => signToken(purpose, { id, generation });
let asked = 0;
const ask = (more: Record<string, unknown> = {}) =>
  askPromise({
    company: "Café Castéra",
    siret: giveSiret(8_000_000 + ++asked),
    email: `promesse${asked}@castera.example`,
    share: 4_000,
    letter: "",
    campaignYear: 2027,
    soldeCents: 100_000n,
    network: `192.0.2.${asked}`,
    locale: "fr",
    ...more,
  });
const last = async () =>
  (
    await sql<{ id: number; pledgeId: number | null; deliveryId: number | null }>`
    select id, pledge_id as "pledgeId", delivery_id as "deliveryId" from promises order by id desc limit 1`
  )[0];
const link = async () => named("promise", (await last())?.id ?? 0);
const pledgeOf = async (siret: string) =>
  (
    await sql<{
      state: string;
      share: number;
      low: string;
      channel: string;
      unverified: boolean;
      contactId: number | null;
      campaignId: number | null;
    }>`
    select p.state, p.share, p.expected_low_cents as low, p.channel, p.unverified, p.contact_id as "contactId", p.source_campaign_id as "campaignId"
    from pledges p join organisations o on o.id = p.organisation_id where o.siret = ${siret} and p.campaign_year = 2027`
  )[0];
const letters = async (address: string) =>
  (await sql`select from deliveries where address = ${address}`).length;

before(async () => {
  await givePerson("quelqu-un@src.example");
});

describe("a promise", () => {
  it("is nothing until its address confirms it, then a pledge, once", async () => {
    const siret = giveSiret(7_000_001);
    assert.deepEqual(await ask({ siret, email: "paie@castera.example" }), { ok: true });
    assert.equal(await letters("paie@castera.example"), 1);
    assert.equal(await pledgeOf(siret), undefined);
    const token = await link();
    assert.partialDeepStrictEqual(await viewPromise(token), { siret, share: 4_000, confirmed: false });
    assert.equal(await pledgeOf(siret), undefined, "looking does nothing");
    assert.deepEqual(await confirmPromise(token).then(({ ok }) => ok), true);
    assert.deepEqual(await pledgeOf(siret), {
      state: "pledged",
      share: 4_000,
      low: "40000",
      channel: "form",
      unverified: true,
      contactId: null,
      campaignId: null,
    });
    const [made] = await sql<{
      name: string;
      siren: string;
    }>`select name, siren from organisations where siret = ${siret}`;
    assert.deepEqual(made, { name: "Café Castéra", siren: giveSiren(7_000_001) });
    const entries = () => sql`select from audit_entries where action = 'pledge.promised'`;
    const written = (await entries()).length;
    assert.equal((await confirmPromise(token)).ok, true, "again: the same answer");
    assert.equal((await entries()).length, written);
    assert.equal((await viewPromise(token))?.confirmed, true);
    const [pledge] = await sql<{
      id: number;
    }>`select pledge_id as id from promises where confirmed_at is not null`;
    assert.equal((await findPromise(pledge?.id ?? 0))?.address, "paie@castera.example");
    assert.equal(await findPromise(0), null);
  });

  it("has a link that is found in a mail that quotes it, to be hidden", async () => {
    await ask();
    const token = await link();
    assert.deepEqual(await secretsIn(pool(), [`> https://crm.example/promesse/${token}.`]), [token]);
    const broken = token.replace(/.{9}/, "$&=\r\n");
    assert.deepEqual(await secretsIn(pool(), [`https://crm.example/promesse/${broken}`]), [token]);
  });

  it("clicks at once are one pledge", async () => {
    const siret = giveSiret(7_000_002);
    await ask({ siret });
    const token = await link();
    const answers = await Promise.all(Array.from({ length: 6 }, () => confirmPromise(token)));
    assert.ok(
      answers.every(({ ok }) => ok),
      "nobody is told that a link just used is too old",
    );
    const events = await sql`
      select e.id from pledge_events e join pledges p on p.id = e.pledge_id join organisations o on o.id = p.organisation_id
      where o.siret = ${siret}`;
    assert.equal(events.length, 1);
  });

  it("by somebody who works there is verified, and counts for the letter it came from", async () => {
    const siret = giveSiret(7_000_003);
    const person = await givePerson("dirigeante@garonne.example");
    const { deliveries } = await giveCampaign([person.id]);
    const [company] = await sql<{ id: number }>`
      insert into organisations (name, siren, siret) values ('Garonne', ${giveSiren(7_000_003)}, ${siret}) returning id`;
    await sql`insert into affiliations (contact_id, organisation_id, role) values (${person.id}, ${company?.id}, 'decision_maker')`;
    const deliveryId = deliveries[0]?.id ?? 0;
    const letter = named("pledge", deliveryId);
    assert.deepEqual(await prefill(letter, 2027), { company: "Garonne", siret, share: "" });
    assert.equal((await prefill(named("pledge", deliveryId, 7), 2027)).siret, "", "of a life that was lost");
    await ask({ siret: giveSiret(7_000_003, 2), email: "dirigeante@garonne.example", letter });
    assert.equal((await confirmPromise(await link())).ok, true);
    assert.partialDeepStrictEqual(await pledgeOf(giveSiret(7_000_003, 2)), {
      channel: "link",
      unverified: false,
      contactId: person.id,
    });
    assert.ok((await pledgeOf(giveSiret(7_000_003, 2)))?.campaignId);
    await ask({ siret, email: "autre@garonne.example", letter });
    await confirmPromise(await link());
    assert.partialDeepStrictEqual(await pledgeOf(siret), { channel: "link", unverified: true });
    assert.equal((await prefill(letter, 2027)).share, "40", "the share of before, no amount");
    await sql`insert into tax_years (campaign_year) values (2027) on conflict do nothing`;
    await sql`insert into tax_milestones (campaign_year, kind, day, source) values (2027, 'period2Closes', '2020-01-01', 'test')`;
    assert.deepEqual(
      await prefill(letter, 2027),
      { company: "", siret: "", share: "" },
      "the period has closed",
    );
  });

  it("of a link that is forged, of another purpose or forgotten is refused, and says nothing", async () => {
    const siret = giveSiret(7_000_004);
    await ask({ siret });
    const id = (await last())?.id ?? 0;
    for (const token of [
      "",
      "x",
      named("pledge", id),
      named("unsubscribe", id),
      named("promise", id + 1),
      named("promise", id, 7),
      (await link()).slice(0, -2),
    ]) {
      assert.equal((await confirmPromise(token)).ok, false, token);
      assert.equal(await viewPromise(token), null, token);
    }
    await sql`update promises set created_at = now() - interval '8 days' where id = ${id}`;
    assert.equal((await confirmPromise(named("promise", id))).ok, false);
    assert.equal(await viewPromise(named("promise", id)), null);
    await ask();
    assert.equal((await sql`select from promises where id = ${id}`).length, 0, "forgotten");
    assert.equal(await pledgeOf(siret), undefined);
    assert.deepEqual(await prefill(named("promise", 1), 2027), { company: "", siret: "", share: "" });
  });

  it("is asked once a day by an address, three times for a SIRET, twenty in all from a network", async () => {
    const [email, office] = ["souvent@castera.example", "203.0.113.9"];
    assert.equal((await ask({ email, network: office })).ok, true);
    assert.deepEqual(await ask({ email, network: office }), { ok: false, reason: "alreadyAsked" });
    assert.equal(await letters(email), 1);
    await sql`update promises set created_at = now() - interval '25 hours' where address_hash = ${Buffer.from(hashAddress(email))}`;
    for (const expected of [true, true, true, false])
      assert.equal((await ask({ email })).ok, expected, "three networks write to an address, no fourth");
    const siret = giveSiret(7_000_005);
    for (const expected of [true, true, true, false])
      assert.equal((await ask({ siret, network: "203.0.113.66" })).ok, expected);
    assert.equal((await ask({ siret })).ok, true, "what a stranger used up is not the company's");
    const network = "198.51.100.7";
    const many = await Promise.all(Array.from({ length: 24 }, () => ask({ network })));
    assert.equal(many.filter(({ ok }) => ok).length, 20, "at once as well as one by one");
  });

  it("cannot be made to write to strangers by hundreds, whatever networks one has", async () => {
    await sql`delete from promises`;
    await sql`
      insert into promises (campaign_year, siret, company, share, address, address_hash, network_hash)
      select 2027, '73282932000074', 'X', 100, '', sha256(n::text::bytea), sha256(n::text::bytea) from generate_series(1, 300) n`;
    assert.deepEqual(await ask(), { ok: false, reason: "throttled" });
    await sql`update promises set confirmed_at = now() where id = (select min(id) from promises)`;
    assert.deepEqual(await ask(), { ok: true }, "who confirms takes nobody’s place");
    await sql`delete from promises`;
  });

  it("needs a SIRET that exists, an address, a share up to a hundred, and no robot", () => {
    const good = { company: "C", siret: giveSiret(7_000_006), email: "a@b.example", share: "40" };
    assert.equal(promiseInput.safeParse(good).success, true);
    for (const wrong of [
      { siret: "73282932000075" },
      { siret: "00000000000000" },
      { siret: "" },
      { email: "a" },
      { email: "" },
      { share: "0" },
      { share: "100,01" },
      { share: "" },
      { company: " " },
      { website: "https://x.example" },
    ])
      assert.equal(promiseInput.safeParse({ ...good, ...wrong }).success, false, JSON.stringify(wrong));
  });
});

describe("a promise that was confirmed", () => {
  it("is kept, whoever asks later, and its link goes on saying so", async () => {
    await ask();
    const [token, id] = [await link(), (await last())?.id ?? 0];
    await confirmPromise(token);
    await sql`update promises set created_at = now() - interval '30 days' where id = ${id}`;
    await ask();
    assert.equal((await viewPromise(token))?.confirmed, true);
    assert.deepEqual(await confirmPromise(token), { ok: true });
  });

  it("by somebody who left, or who works elsewhere, is to be checked", async () => {
    for (const [at, endedAt] of [
      [7_000_010, new Date()],
      [7_000_011, null],
    ] as const) {
      const siret = giveSiret(7_000_010);
      const email = `quelqu-un-${at}@castera.example`;
      const person = await givePerson(email);
      const [company] = await sql<{ id: number }>`
        insert into organisations (name, siren, siret) values ('Castéra', ${giveSiren(at)}, ${giveSiret(at)}) returning id`;
      await sql`
        insert into affiliations (contact_id, organisation_id, role, ended_at)
        values (${person.id}, ${company?.id}, 'decision_maker', ${endedAt})`;
      await sql`delete from pledges where organisation_id = (select id from organisations where siret = ${siret})`;
      await ask({ siret, email });
      assert.equal((await confirmPromise(await link())).ok, true);
      assert.partialDeepStrictEqual(await pledgeOf(siret), { unverified: true, contactId: null });
    }
  });

  it("counts for its own letter among many", async () => {
    const sent: (number | undefined)[] = [];
    for (const name of ["a", "b", "c"])
      sent.push((await giveCampaign([(await givePerson(`${name}@lettres.example`)).id])).deliveries[0]?.id);
    for (const deliveryId of sent.slice(1)) {
      await ask({ letter: named("pledge", deliveryId ?? 0) });
      assert.equal((await last())?.deliveryId, deliveryId);
    }
  });
});

it("a share is said in either language", () => {
  assert.equal(sayShare(4_000), "40\u202f%");
  assert.equal(sayShare(3_333, "en"), "33.33%");
});

describe("what is not ours to touch", () => {
  it("another promise that waits, and a letter of a life that was lost", async () => {
    await ask();
    const other = await last();
    const sent = (await giveCampaign([(await givePerson("perdue@castera.example")).id])).deliveries[0];
    await ask({ letter: named("pledge", sent?.id ?? 0, 7) });
    assert.equal((await last())?.deliveryId, null, "its number is another reader's now");
    assert.equal((await confirmPromise(await link())).ok, true);
    assert.deepEqual(await sql`select confirmed_at, pledge_id from promises where id = ${other?.id ?? 0}`, [
      { confirmed_at: null, pledge_id: null },
    ]);
  });
});

it("a promise that nobody verified takes nothing away of what staff wrote", async () => {
  const siret = giveSiret(7_000_009);
  const person = await givePerson("connue@castera.example");
  const { campaignId } = await giveCampaign([person.id]);
  const [pledge] = await sql<{ id: number }>`
    with o as (insert into organisations (name, siren, siret) values ('Castéra', ${giveSiren(7_000_009)}, ${siret}) returning id)
    insert into pledges (campaign_year, organisation_id, state, why, contact_id, source_campaign_id, covers)
    select 2027, id, 'refused', 'Donne à un CFA', ${person.id}, ${campaignId}, 'siren' from o returning id`;
  await ask({ siret, email: "inconnu@ailleurs.example" });
  assert.equal((await confirmPromise(await link())).ok, true);
  const read = () => sql`
    select state, why, contact_id, source_campaign_id, covers, unverified from pledges where id = ${pledge?.id ?? 0}`;
  const kept = { contact_id: person.id, source_campaign_id: campaignId, covers: "siren" };
  assert.deepEqual(await read(), [{ state: "pledged", why: "Donne à un CFA", ...kept, unverified: true }]);
});
