import "#testing/database";
import assert from "node:assert/strict";
import { it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { giveCampaign, givePerson } from "#testing/received";
import { giveSiren } from "#testing/sirets";
import { listOpeners, listSources } from "./sources.ts";

const campaignYear = 2027;
let made = 0;
const company = async (siren: string | null = null) =>
  (await db.organisation.create({ data: { name: `Agence ${++made}`, siren } })).id;

type Told = {
  channel?: string;
  letter?: number | null;
  state?: string;
  cents?: number;
  at?: string;
  organisationId?: number;
  year?: number;
};
/** A pledge with the event that made it one. */
async function pledge({
  channel = "",
  letter = null,
  state = "received",
  cents = 0,
  at = "2027-04-10",
  organisationId,
  year = campaignYear,
}: Told = {}) {
  const organisation = organisationId ?? (await company());
  const [row] = await sql<{ id: number }>`
    insert into pledges (campaign_year, organisation_id, channel, source_campaign_id, state, state_before, received_cents, share, expected_low_cents, expected_high_cents, why)
    values (${year}, ${organisation}, ${channel}, ${letter}::int, ${state}, ${cents > 0 ? "pledged" : null}, ${cents}, 4000, 1000, 1000, 'x') returning id`;
  if (state !== "to_solicit" && state !== "solicited")
    await sql`insert into pledge_events (pledge_id, at, to_state) values (${row?.id}, ${`${at}T10:00:00Z`}, ${cents > 0 ? "received" : "pledged"})`;
  return { id: row?.id ?? 0, organisation };
}
/** A letter of the newsletter « taxe » that reached somebody of a company on a day. */
async function letterTo(organisationId: number, day: string, topic = "taxe") {
  const person = await givePerson(`p${++made}@src.example`);
  await db.affiliation.create({ data: { contactId: person.id, organisationId, role: "payroll" } });
  const { campaignId, deliveries } = await giveCampaign([person.id]);
  await sql`update campaigns set topic_id = (select id from topics where key = ${topic}), launched_at = ${day}::date where id = ${campaignId}`;
  await sql`update deliveries set settled_at = ${day}::date where id = ${deliveries[0]?.id ?? 0}`;
  return campaignId;
}
const call = (organisationId: number, day: string) =>
  sql`insert into activities (kind, organisation_id, at) values ('pledge.called', ${organisationId}, ${day}::date)`;
const told = async () =>
  (await listSources(campaignYear)).map((one) => [
    one.campaignId ?? one.channel,
    one.pledges,
    one.received,
    Number(one.receivedCents),
    Number(one.newCents),
  ]);

it("each pledge has one source, and the sources add up to all that came", async () => {
  const named = await company();
  const letter = await letterTo(named, "2027-03-01");
  await pledge({ organisationId: named, letter, channel: "link", cents: 100 });
  const staff = await company();
  await letterTo(staff, "2027-03-02");
  await pledge({ organisationId: staff, channel: "meeting", cents: 20 });
  const lastLetter = await company();
  const second = await letterTo(lastLetter, "2027-04-01");
  await call(lastLetter, "2027-03-20");
  await pledge({ organisationId: lastLetter, cents: 3 });
  const lastCall = await company();
  await letterTo(lastCall, "2027-04-01");
  await call(lastCall, "2027-04-05");
  await pledge({ organisationId: lastCall, cents: 4_000 });
  const old = await company();
  await letterTo(old, "2027-01-01");
  await call(old, "2027-04-20");
  await pledge({ organisationId: old, cents: 50_000 });
  const other = await company();
  await letterTo(other, "2027-04-01", "src");
  await pledge({ organisationId: other, cents: 600_000 });
  const letterSaid = await company();
  const third = await letterTo(letterSaid, "2027-04-01");
  await call(letterSaid, "2027-04-08");
  await pledge({ organisationId: letterSaid, channel: "letter", state: "pledged" });
  await pledge({ state: "solicited" });
  await pledge({ channel: "form", state: "lapsed" });
  await pledge({ year: 2026, cents: 9 });
  assert.deepEqual(
    (await told()).filter(([, pledges]) => Number(pledges) > 0),
    [
      ["spontaneous", 2, 2, 650_000, 650_000],
      ["call", 1, 1, 4_000, 4_000],
      [letter, 1, 1, 100, 100],
      ["meeting", 1, 1, 20, 20],
      [second, 1, 1, 3, 3],
      [third, 1, 0, 0, 0],
      ["form", 1, 0, 0, 0],
    ],
  );
  const [sum] = await sql<{
    cents: string;
  }>`select sum(received_cents) as cents from pledges where campaign_year = ${campaignYear}`;
  assert.equal(
    (await told()).reduce((all, [, , , cents]) => all + Number(cents), 0),
    Number(sum?.cents),
  );
});

it("who gave the year before, under any SIRET, is not new", async () => {
  const siren = giveSiren(42);
  const before = await company(siren);
  await pledge({ organisationId: before, year: 2030, cents: 5 });
  const count = async () =>
    (await listSources(2031)).map(({ receivedCents, newCents }) => [receivedCents, newCents]);
  await pledge({ organisationId: await company(siren), year: 2031, cents: 70, at: "2031-04-10" });
  await pledge({ year: 2031, cents: 800, at: "2031-04-10" });
  assert.deepEqual(await count(), [["870", "800"]]);
});

it("a letter of the year that brought nothing is there, one of another year or newsletter is not", async () => {
  const letter = await letterTo(await company(), "2033-05-01");
  await letterTo(await company(), "2032-05-01");
  await letterTo(await company(), "2033-05-01", "src");
  assert.deepEqual(
    (await listSources(2033)).map(({ campaignId, pledges }) => [campaignId, pledges]),
    [[letter, 0]],
  );
});

it("former students who opened a door have what came through it", async () => {
  const [ada, bob] = [await givePerson("ada.porte@src.example"), await givePerson("bob.porte@src.example")];
  for (const [by, cents, state] of [
    [ada.id, 100, "received"],
    [ada.id, 20, "thanked"],
    [ada.id, 0, "refused"],
    [bob.id, 3, "received"],
  ] as const)
    await sql`update pledges set opened_by = ${by} where id = ${(await pledge({ cents, state, year: 2034 })).id}`;
  assert.deepEqual(
    (await listOpeners(2034)).map(({ contactId, pledges, received, receivedCents }) => [
      contactId,
      pledges,
      received,
      receivedCents,
    ]),
    [
      [ada.id, 2, 2, "120"],
      [bob.id, 1, 1, "3"],
    ],
  );
  await sql`update contacts set archived_at = now() where id = ${ada.id}`;
  assert.equal((await listOpeners(2034)).length, 1);
});
