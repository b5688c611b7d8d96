/** From mail to euro: what each letter, call or visit brought, and what alumni opened. */
import { sql } from "#lib/machine/db";

/** How a pledge came, when no letter did: a channel of pledges, or nobody knows. */
export type Source = {
  /** The letter; null for another way. */
  campaignId: number | null;
  name: string | null;
  channel: "letter" | "mail" | "call" | "meeting" | "form" | "link" | "spontaneous";
  sent: number;
  replied: number;
  pledges: number;
  allocated: number;
  received: number;
  receivedCents: string;
  /** Of companies that had not given the year before. */
  newCents: string;
};

/**
 * Each pledge that was promised, said allocated or received has one source: the letter whose link it followed or that
 * staff named; else how they heard of it; else the last « taxe » letter or call of the ninety days before; else nobody
 * asked. The sums of all sources are the campaign's. Letters of the year that brought nothing are there too.
 */
export const listSources = (campaignYear: number): Promise<Source[]> => sql<Source>`
  with promised as (
    select p.id, p.organisation_id, p.campaign_year, p.channel, p.source_campaign_id, p.state, p.received_cents,
      coalesce(o.siren, 'o' || o.id) as house, min(e.at) as at
    from pledges p join organisations o on o.id = p.organisation_id
    join pledge_events e on e.pledge_id = p.id and e.to_state in ('pledged', 'allocated', 'received')
    where p.campaign_year = ${campaignYear} and (p.received_cents > 0 or p.state in ('pledged', 'allocated', 'lapsed', 'unallocated'))
    group by p.id, o.id
  ),
  asked as (
    select p.*, letter.id as letter_id, letter.at as letter_at, call.at as call_at
    from promised p
    left join lateral (
      select d.campaign_id as id, max(d.settled_at) as at
      from affiliations a join deliveries d on d.contact_id = a.contact_id and d.status = 'sent'
      join campaigns k on k.id = d.campaign_id join topics n on n.id = k.topic_id and n.key = 'taxe'
      where a.organisation_id = p.organisation_id and d.settled_at between p.at - interval '90 days' and p.at
      group by d.campaign_id order by max(d.settled_at) desc limit 1) letter on p.source_campaign_id is null and p.channel in ('', 'letter')
    left join lateral (
      select max(a.at) as at from activities a
      where a.organisation_id = p.organisation_id and a.kind = 'pledge.called' and a.at between p.at - interval '90 days' and p.at
    ) call on p.source_campaign_id is null and p.channel = ''
  ),
  told as (
    select a.*, coalesce(source_campaign_id, case when channel = 'letter' or call_at is null or letter_at > call_at then letter_id end) as letter,
      case when source_campaign_id is not null then 'letter'
        when channel <> '' then channel
        when letter_at is not null and (call_at is null or letter_at > call_at) then 'letter'
        when call_at is not null then 'call' else 'spontaneous' end as way,
      exists (select from pledges b join organisations o on o.id = b.organisation_id
        where b.campaign_year = a.campaign_year - 1 and b.received_cents > 0 and coalesce(o.siren, 'o' || o.id) = a.house) as faithful
    from asked a
  ),
  brought as (
    select letter, case when letter is null then way else 'letter' end as way, count(*)::int as pledges,
      count(*) filter (where state in ('allocated', 'received', 'thanked'))::int as allocated,
      count(*) filter (where received_cents > 0)::int as received, sum(received_cents) as cents,
      sum(received_cents) filter (where not faithful) as fresh
    from told group by 1, 2
  ),
  letters as (
    select k.id, k.name, coalesce(sum(t.sent), 0)::int as sent, coalesce(sum(t.replied), 0)::int as replied
    from campaigns k join topics n on n.id = k.topic_id left join campaign_totals t on t.campaign_id = k.id
    where k.id in (select letter from brought) or (n.key = 'taxe' and k.launched_at is not null
      and k.launched_at >= make_date(${campaignYear} - 1, 11, 1)::timestamp at time zone 'Europe/Paris'
      and k.launched_at < make_date(${campaignYear}, 11, 1)::timestamp at time zone 'Europe/Paris')
    group by k.id
  )
  select l.id as "campaignId", l.name, coalesce(b.way, 'letter') as channel, coalesce(l.sent, 0) as sent, coalesce(l.replied, 0) as replied,
    coalesce(b.pledges, 0) as pledges, coalesce(b.allocated, 0) as allocated, coalesce(b.received, 0) as received,
    coalesce(b.cents, 0)::text as "receivedCents", coalesce(b.fresh, 0)::text as "newCents"
  from brought b full join letters l on l.id = b.letter
  order by coalesce(b.cents, 0) desc, coalesce(b.pledges, 0) desc, l.id desc nulls last`;

export type Opener = {
  contactId: number;
  name: string;
  graduationYear: number | null;
  pledges: number;
  received: number;
  receivedCents: string;
};

/** Former students who opened a door, and what came through it: credit for them, not a source. */
export const listOpeners = (campaignYear: number) => sql<Opener>`
  select c.id as "contactId", btrim(c.first_name || ' ' || c.last_name) as name, c.graduation_year as "graduationYear",
    count(*) filter (where p.state in ('pledged', 'allocated', 'received', 'thanked'))::int as pledges,
    count(*) filter (where p.received_cents > 0)::int as received, sum(p.received_cents)::text as "receivedCents"
  from pledges p join contacts c on c.id = p.opened_by and c.archived_at is null
  where p.campaign_year = ${campaignYear} group by c.id order by sum(p.received_cents) desc, name limit 100`;
