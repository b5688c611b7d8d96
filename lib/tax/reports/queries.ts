/** From mail to euro: what a campaign came to by a day, beside the years before on the same day, and where it may end. */
import { pool, sql } from "#lib/machine/db";
import { type Group, groups, type Held, type Snapshot } from "./forecast.ts";

/** Cumulative: what was received had been pledged. Cents are texts. */
export type Standing = {
  campaignYear: number;
  /** Letters of the newsletter « taxe » that left from the November before, and their answers. */
  letters: number;
  answers: number;
  solicited: number;
  pledged: number;
  allocated: number;
  received: number;
  /** Companies (SIREN) that gave and had not given the year before. */
  newDonors: number;
  receivedCents: string;
  /** Of the pledges that were promised or said allocated then, not yet received. */
  promisedLow: string;
  promisedHigh: string;
  allocatedLow: string;
  /** What the campaign brought in the end, or has brought by now. */
  finalCents: string;
};

/** The last state and sum of each pledge of a campaign ($1) at the end of a day ($2, Paris). */
const history = `
  with told as (
    select e.* from pledges p join pledge_events e on e.pledge_id = p.id
    where p.campaign_year = $1 and e.at < ($2::date + 1)::timestamp at time zone 'Europe/Paris'
  ),
  state as (select distinct on (pledge_id) pledge_id, to_state from told order by pledge_id, at desc, id desc),
  money as (
    select distinct on (pledge_id) pledge_id, (data ->> 'cents')::bigint as cents from told where data ? 'cents'
    order by pledge_id, at desc, id desc
  )`;

/**
 * A campaign as it stood at the end of `day` (`2026-06-30`, Paris): states and money by the history, what was expected by
 * the pledges of today.
 */
export async function readStanding(campaignYear: number, day: string): Promise<Standing> {
  const { rows } = await pool().query<Standing>(
    `${history},
    whole as (
      select p.*, s.to_state, coalesce(m.cents, 0) as came, coalesce(o.siren, 'o' || o.id) as house
      from pledges p join organisations o on o.id = p.organisation_id join state s on s.pledge_id = p.id
      left join money m on m.pledge_id = p.id
    ),
    mail as (
      select coalesce(sum(t.sent), 0)::int as letters, coalesce(sum(t.replied), 0)::int as answers
      from topics n join campaigns k on k.topic_id = n.id join campaign_totals t on t.campaign_id = k.id
      where n.key = 'taxe' and k.launched_at >= make_date($1 - 1, 11, 1)::timestamp at time zone 'Europe/Paris'
        and k.launched_at < make_date($1, 11, 1)::timestamp at time zone 'Europe/Paris'
        and k.launched_at < ($2::date + 1)::timestamp at time zone 'Europe/Paris'
    )
    select $1::int as "campaignYear", mail.letters, mail.answers,
      count(*) filter (where to_state <> 'to_solicit')::int as solicited,
      count(*) filter (where to_state in ('pledged', 'allocated', 'received', 'thanked'))::int as pledged,
      count(*) filter (where to_state in ('allocated', 'received', 'thanked'))::int as allocated,
      count(*) filter (where came > 0)::int as received,
      count(distinct house) filter (where came > 0 and not exists (
        select from pledges b join organisations o on o.id = b.organisation_id
        where b.campaign_year = $1 - 1 and b.received_cents > 0 and coalesce(o.siren, 'o' || o.id) = house))::int as "newDonors",
      coalesce(sum(came), 0)::text as "receivedCents",
      coalesce(sum(expected_low_cents) filter (where to_state in ('pledged', 'allocated')), 0)::text as "promisedLow",
      coalesce(sum(expected_high_cents) filter (where to_state in ('pledged', 'allocated')), 0)::text as "promisedHigh",
      coalesce(sum(expected_low_cents) filter (where to_state = 'allocated'), 0)::text as "allocatedLow",
      (select coalesce(sum(received_cents), 0)::text from pledges where campaign_year = $1) as "finalCents"
    from mail left join whole on true group by mail.letters, mail.answers`,
    [campaignYear, day],
  );
  const row = rows[0];
  if (!row) throw new Error("no standing");
  return row;
}

/** The same campaign on the same day as the forecast reads it: each pledge in one group, by its history. */
export async function readSnapshot(campaignYear: number, day: string): Promise<Snapshot> {
  const { rows } = await pool().query<Held & { group: Group }>(
    `${history}
    select case when coalesce(m.cents, 0) > 0 then 'came' when s.to_state is null then 'absent'
        when s.to_state in ('allocated', 'pledged') then s.to_state when s.to_state in ('to_solicit', 'solicited') then 'open'
        else 'closed' end as group,
      count(*)::int as count, coalesce(sum((p.expected_low_cents + p.expected_high_cents) / 2), 0)::float8 as expected,
      coalesce(sum(m.cents), 0)::float8 as came, sum(p.received_cents)::float8 as final
    from pledges p left join state s on s.pledge_id = p.id left join money m on m.pledge_id = p.id
    where p.campaign_year = $1 group by 1`,
    [campaignYear, day],
  );
  const none = { count: 0, expected: 0, came: 0, final: 0 };
  const told = new Map(rows.map(({ group, ...held }) => [group, held]));
  return {
    campaignYear,
    groups: Object.fromEntries(groups.map((group) => [group, told.get(group) ?? none])) as Snapshot["groups"],
  };
}

/** What the largest donor (SIREN) gave of all that came, in whole percent; null while nothing has come. */
export async function largestShare(campaignYear: number): Promise<number | null> {
  const [row] = await sql<{ percent: number | null }>`
    select round(100 * max(cents) / nullif(sum(cents), 0))::int as percent from (
      select sum(p.received_cents) as cents from pledges p join organisations o on o.id = p.organisation_id
      where p.campaign_year = ${campaignYear} group by coalesce(o.siren, 'o' || o.id)) houses`;
  return row?.percent ?? null;
}

export type Donor = { pledgeId: number; name: string; city: string; receivedCents: string; thanked: boolean };

/** Whom to thank, or thanked already, by name: the first three hundred. */
export const listDonors = (campaignYear: number) => sql<Donor>`
  select p.id as "pledgeId", o.name, o.city, p.received_cents as "receivedCents", p.state = 'thanked' as thanked
  from pledges p join organisations o on o.id = p.organisation_id
  where p.campaign_year = ${campaignYear} and p.state in ('received', 'thanked') order by o.sort_name, p.id limit 300`;
