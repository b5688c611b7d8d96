/** From mail to euro: what a campaign came to by a day, beside the years before on the same day, and where it may end. */
import { sql } from "#lib/machine/db";
import type { Range } from "./rules.ts";

/** Cumulative: what was received had been pledged. Cents are texts. */
export type Standing = {
  campaignYear: number;
  /** Letters of the newsletter « taxe » that left in the year, and their answers. */
  letters: number;
  answers: number;
  solicited: number;
  pledged: number;
  allocated: number;
  received: number;
  /** Companies that gave and had not given the year before. */
  newDonors: number;
  receivedCents: string;
  /** Of the pledges that were promised or said allocated then, not yet received. */
  promisedLow: string;
  promisedHigh: string;
  allocatedLow: string;
  /** What the campaign brought in the end, or has brought by now. */
  finalCents: string;
};

/**
 * A campaign as it stood at the end of `day` (`2026-06-30`, Paris): states and money by the history, what was expected by
 * the pledges of today.
 */
export async function readStanding(campaignYear: number, day: string): Promise<Standing> {
  const [row] = await sql<Standing>`
    with told as (
      select e.* from pledges p join pledge_events e on e.pledge_id = p.id
      where p.campaign_year = ${campaignYear} and e.at < (${day}::date + 1)::timestamp at time zone 'Europe/Paris'
    ),
    state as (select distinct on (pledge_id) pledge_id, to_state from told order by pledge_id, at desc, id desc),
    money as (
      select distinct on (pledge_id) pledge_id, (data ->> 'cents')::bigint as cents from told where data ? 'cents'
      order by pledge_id, at desc, id desc
    ),
    whole as (
      select p.*, s.to_state, coalesce(m.cents, 0) as came from pledges p join state s on s.pledge_id = p.id
      left join money m on m.pledge_id = p.id
    ),
    mail as (
      select coalesce(sum(t.sent), 0)::int as letters, coalesce(sum(t.replied), 0)::int as answers
      from topics n join campaigns k on k.topic_id = n.id join campaign_totals t on t.campaign_id = k.id
      where n.key = 'taxe' and k.launched_at >= make_date(${campaignYear}, 1, 1)::timestamp at time zone 'Europe/Paris'
        and k.launched_at < (${day}::date + 1)::timestamp at time zone 'Europe/Paris'
    )
    select ${campaignYear}::int as "campaignYear", mail.letters, mail.answers,
      count(*) filter (where to_state <> 'to_solicit')::int as solicited,
      count(*) filter (where to_state in ('pledged', 'allocated', 'received', 'thanked'))::int as pledged,
      count(*) filter (where to_state in ('allocated', 'received', 'thanked'))::int as allocated,
      count(*) filter (where came > 0)::int as received,
      count(distinct organisation_id) filter (where came > 0 and not exists (
        select from pledges b where b.organisation_id = whole.organisation_id and b.campaign_year = ${campaignYear - 1}
          and b.received_cents > 0))::int as "newDonors",
      coalesce(sum(came), 0)::text as "receivedCents",
      coalesce(sum(expected_low_cents) filter (where to_state in ('pledged', 'allocated')), 0)::text as "promisedLow",
      coalesce(sum(expected_high_cents) filter (where to_state in ('pledged', 'allocated')), 0)::text as "promisedHigh",
      coalesce(sum(expected_low_cents) filter (where to_state = 'allocated'), 0)::text as "allocatedLow",
      (select coalesce(sum(received_cents), 0)::text from pledges where campaign_year = ${campaignYear}) as "finalCents"
    from mail left join whole on true group by mail.letters, mail.answers`;
  if (!row) throw new Error("no standing");
  return row;
}

export type Forecast = Range & {
  /** How many years it rests on; under two there is no interval, only what was said. */
  years: number;
};

/**
 * Where a campaign may end, from the years before at the same day: the worst and the best of what each made, in the end,
 * of what it then had received and been promised. Under two known years: from what is received and said allocated to
 * all that is promised.
 */
export function forecast(now: Standing, before: Standing[]): Forecast {
  const held = (one: Standing) =>
    BigInt(one.receivedCents) + (BigInt(one.promisedLow) + BigInt(one.promisedHigh)) / 2n;
  const received = BigInt(now.receivedCents);
  const known = before.filter((one) => held(one) > 0n && BigInt(one.finalCents) > 0n);
  if (known.length < 2)
    return {
      low: received + BigInt(now.allocatedLow),
      high: received + BigInt(now.promisedHigh),
      years: known.length,
    };
  const ends = known
    .map((one) => (held(now) * BigInt(one.finalCents)) / held(one))
    // What has come does not go back.
    .map((end) => (end > received ? end : received))
    .sort((a, b) => Number(a - b));
  return { low: ends[0] ?? received, high: ends.at(-1) ?? received, years: known.length };
}

export type Donor = { pledgeId: number; name: string; city: string; receivedCents: string; thanked: boolean };

/** Whom to thank, or thanked already, by name: the first three hundred. */
export const listDonors = (campaignYear: number) => sql<Donor>`
  select p.id as "pledgeId", o.name, o.city, p.received_cents as "receivedCents", p.state = 'thanked' as thanked
  from pledges p join organisations o on o.id = p.organisation_id
  where p.campaign_year = ${campaignYear} and p.state in ('received', 'thanked') order by o.sort_name, p.id limit 300`;
