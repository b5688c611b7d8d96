/** The campaigns of the tax that are over, as their history tells them, and what this year's cost. */
import { chance } from "#demo/random";
import { db, sql, transaction } from "#lib/machine/db";
import { recordCost } from "#lib/tax/costs/mutations";
import { costInput } from "#lib/tax/costs/schema";
import { createPledge, movePledge } from "#lib/tax/pledges/mutations";
import { applyReceipts } from "#lib/tax/pledges/receipts";
import type { PledgeState } from "#lib/tax/pledges/rules";
import { moveInput } from "#lib/tax/pledges/schema";

const day = 86_400_000;
/** How many promised in each of the three years before, the last first, and what of a promise came in the end, percent. */
const years = [
  { promised: 24, came: 88 },
  { promised: 20, came: 79 },
  { promised: 17, came: 93 },
];

/** SOLTéA’s campaigns began in 2023: no earlier one is invented. */
export async function writePastCampaigns(year: number, companies: number[], began: Date, by: number) {
  const dice = chance(year);
  for (const [back, { promised, came }] of years.entries()) {
    const campaignYear = year - 1 - back;
    if (campaignYear < 2023) return;
    // Faithful ones come first; each year has some of its own.
    const them = [...companies.slice(0, promised - 4), ...companies.slice(30 + 5 * back, 34 + 5 * back)];
    for (const [n, organisationId] of them.entries()) {
      const expected = dice.whole(200, 1_800);
      const gives = n % 6 !== 5;
      const cents = Math.round(expected * (came + dice.whole(-8, 8)));
      await write(
        { campaignYear, organisationId, expected, cents: gives ? cents : 0, allocated: n % 2 === 0 },
        by,
      );
    }
    await date(campaignYear, back + 1, began);
  }
}

type Past = {
  campaignYear: number;
  organisationId: number;
  expected: number;
  cents: number;
  allocated: boolean;
};

async function write({ campaignYear, organisationId, expected, cents, allocated }: Past, by: number) {
  const created = await createPledge({ campaignYear, organisationId, covers: "siret", target: "" }, by);
  if (!created.ok) return;
  const { id } = created;
  await advance(id, { to: "solicited" });
  await advance(id, { to: "pledged", share: "40", expected: String(expected) });
  if (allocated) await advance(id, { to: "allocated" });
  if (cents === 0) return advance(id, { to: "lapsed" });
  await transaction((client) => applyReceipts([{ pledgeId: id, cents: BigInt(cents) }], by, client));
  await advance(id, { to: "thanked" });
}

/** Days from the same date of the year on which each state was reached: promised before it, received after. */
const reached: Record<string, number> = {
  to_solicit: -70,
  solicited: -55,
  pledged: -30,
  allocated: -12,
  received: 21,
  thanked: 40,
  lapsed: 90,
};

/** Each event on its day of that year; a pledge of an odd number was received with the second transfer. */
async function date(campaignYear: number, back: number, began: Date) {
  const same = new Date(began);
  same.setFullYear(began.getFullYear() - back);
  for (const [state, days] of Object.entries(reached)) {
    const at = new Date(same.getTime() + days * day);
    await sql`
      update pledge_events e set at = ${at}::timestamptz + p.id % 9 * interval '1 hour'
        + case when p.id % 2 = 1 and ${state} in ('received', 'thanked') then interval '54 days' else interval '0' end
      from pledges p where p.id = e.pledge_id and p.campaign_year = ${campaignYear} and e.to_state = ${state}`;
  }
  await sql`
    update pledges p set state_since = (select max(at) from pledge_events e where e.pledge_id = p.id)
    where campaign_year = ${campaignYear}`;
}

async function advance(id: number, step: { to: PledgeState; share?: string; expected?: string }) {
  const { version } = await db.pledge.findUniqueOrThrow({ where: { id }, select: { version: true } });
  const done = await movePledge(moveInput.parse({ id, version, channel: "call", ...step }), null);
  if (!done.ok) throw new Error(`${step.to}: ${done.reason}`);
}

const spent = [
  { what: "Préparation de la lettre et du guide", hours: "6", amount: "", letter: true },
  { what: "Appels des entreprises fidèles", hours: "9h30", amount: "", letter: false },
  { what: "Impression du guide SOLTéA", hours: "", amount: "84,50", letter: false },
];

/** Hours, money, and three former students who opened doors. */
export async function writeReturn(year: number, by: number) {
  await sql`delete from tax_costs`;
  const [letter] = await sql<{ id: number }>`
    select k.id from campaigns k join topics t on t.id = k.topic_id and t.key = 'taxe' where k.launched_at is not null order by k.id limit 1`;
  for (const campaignYear of [year, year - 1])
    for (const { letter: ofLetter, ...cost } of spent) {
      const campaignId = ofLetter && campaignYear === year ? letter?.id : undefined;
      const done = await recordCost(costInput.parse({ campaignYear, campaignId, ...cost }), by);
      if (!done.ok) throw new Error(`${cost.what}: ${done.reason}`);
    }
  await sql`
    insert into tax_years (campaign_year, hourly_cents) values (${year - 1}, 2800)
    on conflict (campaign_year) do update set hourly_cents = 2800`;
  await sql`
    with doors as (select id, row_number() over (order by id) as n from pledges where campaign_year in (${year}, ${year - 1}) and id % 7 = 0),
      alumni as (select id, row_number() over (order by id) as n from contacts where kind = 'former_src' and archived_at is null limit 3)
    update pledges p set opened_by = a.id from doors d join alumni a on a.n = d.n % 3 + 1 where p.id = d.id`;
}
