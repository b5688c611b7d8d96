/** Taking deliveries from the queue, keeping them, and noticing those whose worker is gone. */
import { randomUUID } from "node:crypto";
import { LEASE_SECONDS, type Permits, takePermits } from "#lib/letters/ledger/usage";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { latestBeat } from "#lib/machine/installation/beat";
import { clickConsentVersion } from "#lib/people/consents/rules";

/** A delivery leased to this worker. `token` proves it; `attempts` are the tries before this one. */
export type Claim = {
  id: number;
  token: string;
  /** In which its number was dealt. */
  generation: number;
  contentId: number;
  address: string;
  attempts: number;
  /** Of no campaign: somebody waits for it. */
  letter: boolean;
  /** One of several that leave in one mail. */
  together: boolean;
  /** Its reader consents to be known by the links they follow. */
  followed: boolean;
  variables: Record<string, Record<string, unknown>>;
};

type Row = Omit<Claim, "token"> & { leased: boolean };

/**
 * Leases up to `wanted` due deliveries of a relay: letters first, then an equal share of each campaign being sent.
 * Whoever left, was suppressed or archived since the launch is set aside here, with the reason; whoever is beyond the
 * limit of their domain is put off to a later turn, an hour at most: a limit may be lifted or lapse before.
 */
export async function claim(relayId: number, wanted: number): Promise<Claim[]> {
  const token = randomUUID();
  const rows = await transaction(async (client) => {
    // A mail to several is claimed whole, beyond what was asked for, when the limits allow it.
    const permits = await takePermits(client, relayId, wanted + mostTogether);
    if (permits.letters === 0) return [];
    return take(client, relayId, { ...permits, wanted }, token);
  });
  return rows
    .filter((row) => row.leased)
    .sort((a, b) => a.id - b.id)
    .map(({ leased, ...row }) => ({ ...row, token }));
}

/** Recipients of one mail: fewer than any server must take (RFC 5321, section 4.5.3.1.8). */
const mostTogether = 50;

type Wanted = Permits & { wanted: number };

const take = (
  client: Runner,
  relayId: number,
  { letters, mailings, domains, wanted }: Wanted,
  token: string,
) =>
  sqlOn(client)<Row>`
    with active as (
      select ct.id, count(*) over () as n
      from campaigns k
      join open_routes o on o.identity_id = k.identity_id and o.relay_id = ${relayId}
      join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
      cross join lateral (
        select 1 from deliveries d
        where d.content_id = ct.id and d.status = 'queued' and d.due_at <= clock_timestamp()
          and (d.lease_until is null or d.lease_until <= clock_timestamp())
        limit 1
      ) due
      where k.status = 'sending' and may_leave(${latestBeat()})
    ), firsts as (
      select d.id, d.content_id, d.role from deliveries d
      join contents ct on ct.id = d.content_id
      join open_routes o on o.identity_id = ct.identity_id and o.relay_id = ${relayId}
      where d.status = 'queued' and d.campaign_id is null and d.due_at <= clock_timestamp() and may_leave(${latestBeat()})
        and (d.lease_until is null or d.lease_until <= clock_timestamp())
      order by d.due_at, d.id limit ${Math.min(letters, wanted)} for update of d skip locked
    ), companions as (
      select d.id from deliveries d
      where d.role is not null and d.content_id in (select content_id from firsts where role is not null)
        and d.id not in (select id from firsts) and d.status = 'queued' and d.due_at <= clock_timestamp()
        and (d.lease_until is null or d.lease_until <= clock_timestamp())
      order by d.id limit greatest(0, ${letters}::int - (select count(*) from firsts)) for update skip locked
    ), letters as (
      select id, 0 as turn from firsts union all select id, 0 from companions
    ), mailings as (
      select due.id, row_number() over (partition by active.id) as turn from active, lateral (
        select d.id from deliveries d
        where d.content_id = active.id and d.status = 'queued' and d.due_at <= clock_timestamp()
          and (d.lease_until is null or d.lease_until <= clock_timestamp())
        order by d.due_at, d.id limit ceil(${Math.min(mailings, wanted)}::numeric / active.n) for update skip locked
      ) due
    ), picked as (
      select * from letters union all
      -- By lot within a turn: with one permit at a time the oldest campaign would have them all.
      select * from (select * from mailings order by turn, random() limit greatest(0, ${Math.min(mailings, wanted)}::int - (select count(*) from letters))) fair
    ), limited as (
      select * from unnest(
        ${domains.map((one) => one.domain)}::text[], ${domains.map((one) => one.allowed)}::int[],
        ${domains.map((one) => one.spacing)}::float8[]
      ) as l (domain, allowed, spacing)
    ), ranked as (
      select d.id, l.domain, l.spacing, row_number() over (partition by l.domain order by p.turn, d.due_at, d.id) - l.allowed as excess
      from picked p join deliveries d using (id)
      left join limited l on l.domain = lower(substr(d.address, strpos(d.address, '@') + 1))
    ), placed as (
      -- Turns beyond the limit are handed out one after the other; a domain that has room again starts anew.
      select l.domain, l.spacing, coalesce(max(r.excess), -l.allowed) as excess,
        greatest(clock_timestamp(), case when max(r.excess) > 0 then rd.next_at end) as from_at
      from limited l join relay_domains rd on rd.relay_id = ${relayId} and rd.domain = l.domain left join ranked r on r.domain = l.domain
      group by l.domain, l.spacing, l.allowed, rd.next_at
    ), followed as (
      update relay_domains rd
      set next_at = least(from_at + make_interval(secs => greatest(0, excess) * spacing), clock_timestamp() + interval '1 hour')
      from placed where rd.relay_id = ${relayId} and rd.domain = placed.domain and excess <> 0
    ), judged as (
      -- Why not to write after all: one that was unknown when its reader was erased, and is sent again by somebody's decision;
      -- one whose reader left by this very message; and whatever opposition() says of person, address and newsletter.
      select d.id, case when d.erased_at is not null then 'erased' when d.unsubscribed_at is not null then 'unsubscribed' else o.reason end as opposed,
        case when r.excess > 0 then least(placed.from_at + make_interval(secs => r.excess * r.spacing), clock_timestamp() + interval '1 hour') end as put_off
      from ranked r join deliveries d using (id) join contents ct on ct.id = d.content_id left join placed using (domain)
      cross join lateral opposition(d.address_hash, d.contact_id, ct.topic_id, purpose_of(ct.kind, ct.purpose, d.role)) o
    ), moved as (
      update deliveries d set
        relay_id = ${relayId},
        status = case when opposed is null then 'queued' else 'skipped' end::"DeliveryStatus",
        reason = coalesce(opposed, case when put_off is not null then 'domainLimit' end, d.reason),
        settled_at = case when opposed is not null then clock_timestamp() end,
        due_at = case when opposed is null and put_off is not null then put_off else d.due_at end,
        lease_token = case when opposed is null and put_off is null then ${token}::uuid end,
        lease_until = case when opposed is null and put_off is null then clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}) end
      from judged where d.id = judged.id
      returning d.id, d.generation, d.content_id, d.contact_id, d.address, d.attempts, d.variables, d.campaign_id is null as letter, d.role is not null as together, d.lease_token is not null as leased, d.status, d.reason
    ), logged as (
      insert into attempts (delivery_id, n, relay_id, outcome, reason)
      select id, attempts, ${relayId}, 'skipped', reason from moved where status = 'skipped'
    )
    select id, generation, content_id as "contentId", address, attempts, variables, letter, together, leased,
      exists (select from click_consents k where k.contact_id = moved.contact_id and k.version = ${clickConsentVersion}) as followed
    from moved`;

/**
 * Prolongs leases; returns the ids prolonged. A row the journal is writing is left to it, since a mark prolongs too:
 * waiting for each other's rows the two would deadlock, and cost a second of the lease.
 */
export async function renewLeases(claims: Claim[]): Promise<Set<number>> {
  const rows = await sql<{ id: number }>`
    with ours as (
      select d.id from deliveries d
      join unnest(${claims.map((one) => one.id)}::int[], ${claims.map((one) => one.token)}::uuid[]) as held (id, token)
        on d.id = held.id and d.lease_token = held.token
      where d.status in ('queued', 'sending') and d.lease_until > clock_timestamp()
      for no key update of d skip locked
    )
    update deliveries d set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from ours where d.id = ours.id
    returning d.id`;
  return new Set(rows.map((row) => row.id));
}

/** Gives back what was claimed and not announced. */
export async function release(claims: Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await sql`
    update deliveries d set lease_token = null, lease_until = null
    from unnest(${claims.map((one) => one.id)}::int[], ${claims.map((one) => one.token)}::uuid[]) as held (id, token)
    where d.id = held.id and d.lease_token = held.token and d.status = 'queued'`;
}

/**
 * Deliveries whose worker died or froze after announcing DATA: nobody knows, so nobody pretends to.
 * The token stays, so that a worker that was only frozen can still say what happened. They count in the ledger as
 * messages the server may have taken. Returns how many.
 */
export async function sweepLost(): Promise<number> {
  const rows = await sql`
    with lost as (
      update deliveries set status = 'unknown', reason = 'workerLost', unknown_at = clock_timestamp()
      where id in (
        select id from deliveries where status = 'sending' and lease_until <= clock_timestamp()
        order by id limit 1000 for update skip locked)
      returning id, attempts, relay_id, campaign_id, address, unknown_at
    ), used as (
      insert into usage_entries (relay_id, at, shard, campaign_id, domain, outcome, n)
      select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, coalesce(campaign_id, 0), domain_of(address), 'unknown', count(*)
      from lost group by 1, 2, 4, 5 order by 1, 2, 4, 5
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, 'unknown', 'workerLost' from lost returning 1 as one`;
  return rows.length;
}
