/**
 * What a relay still allows, kept in the database and shared by all workers: messages a rolling minute, hour and day,
 * towards one domain too, and parallel connections. Only the database's clock counts.
 *
 * A message counts from its claim until a window after its settlement: leased and announced ones are read from the
 * queue, settled ones from `relay_usage`. Whenever the server took it between the two, no window can hold too many.
 */

import { effectiveLimits, type LimitedRelay, type Limits, reserve } from "#lib/letters/ledger/limits";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { env } from "#lib/machine/env";

/** Seconds a lease lasts; a worker renews well before. */
export const LEASE_SECONDS = env.leaseSeconds;

/** How many messages to one limited domain may be claimed, and how far apart, in seconds, the others are put off. */
export type DomainPermit = { domain: string; allowed: number; spacing: number };

/** How many messages may be claimed now: letters of the application and of people, campaigns, and by limited domain. */
export type Permits = { letters: number; mailings: number; domains: DomainPermit[] };

const none: Permits = { letters: 0, mailings: 0, domains: [] };

type Used = { minute: number; hour: number; day: number; held: number };
const windows = [
  { name: "minute", limit: "perMinute", seconds: 60 },
  { name: "hour", limit: "perHour", seconds: 3_600 },
  { name: "day", limit: "perDay", seconds: 86_400 },
] as const;

/**
 * Locks the relay's row and returns how many of `wanted` messages may be claimed now; none when paused or archived.
 * Call inside the transaction that claims: two workers asking together get their answers one after the other.
 * Windows are counted ten seconds long on the safe side, the width of a bucket of the ledger.
 */
export async function takePermits(client: Runner, relayId: number, wanted: number): Promise<Permits> {
  const query = sqlOn(client);
  const [relay] = await query<LimitedRelay & { probing: boolean; limitsDomains: boolean; now: Date }>`
    select max_connections as "maxConnections", per_minute as "perMinute", per_hour as "perHour", per_day as "perDay",
      learned_connections as "learnedConnections", learned_per_minute as "learnedPerMinute", learned_per_day as "learnedPerDay",
      learned_until as "learnedUntil", warm_up_from as "warmUpFrom", warm_up_days as "warmUpDays", warm_up_since as "warmUpSince",
      probing, exists (select 1 from relay_domains d where d.relay_id = r.id) as "limitsDomains", clock_timestamp() as now
    from relays r
    where id = ${relayId} and archived_at is null and not is_paused(pause_reason, paused_until)
    for no key update`;
  if (!relay) return none;
  const limits = effectiveLimits(relay, relay.now);
  const unlimited = windows.every(({ limit }) => limits[limit] === null);
  if (unlimited && !relay.probing && !relay.limitsDomains)
    return { letters: wanted, mailings: wanted, domains: [] };
  // A statement of its own: only now, holding the lock, is what other workers took visible.
  const [used] = await query<Used>`
    select coalesce(sum(n) filter (where bucket > clock_timestamp() - interval '70 seconds'), 0)::int as minute,
      coalesce(sum(n) filter (where bucket > clock_timestamp() - interval '1 hour 10 seconds'), 0)::int as hour,
      coalesce(sum(n), 0)::int as day,
      (select count(*) from deliveries
       where relay_id = ${relayId} and status in ('queued', 'sending') and lease_until is not null
         and (status = 'sending' or lease_until > clock_timestamp()))::int as held
    from relay_usage where relay_id = ${relayId} and bucket > clock_timestamp() - interval '24 hours 10 seconds'`;
  if (!used) return none;
  const most = relay.probing ? Math.min(wanted, 1 - used.held) : wanted;
  const letters = Math.max(
    0,
    Math.min(
      most,
      left(limits, used, () => 0),
    ),
  );
  const mailings = Math.max(0, Math.min(letters, left(limits, used, reserve)));
  if (mailings === 0) await noteSpent(client, relayId, limits, used);
  return { letters, mailings, domains: relay.limitsDomains ? await domainPermits(client, relayId) : [] };
}

/** The least that the windows leave; `kept` says how much of an hour's or a day's limit is not for this kind of mail. */
function left(limits: Limits, used: Used, kept: (limit: number) => number): number {
  return Math.min(
    ...windows.map(({ name, limit }) => {
      const most = limits[limit];
      if (most === null) return Number.POSITIVE_INFINITY;
      return most - (name === "minute" ? 0 : kept(most)) - used[name] - used.held;
    }),
  );
}

/** Remembers until when campaigns have no permit: screens say it, fallbacks know it, and nobody asks in vain meanwhile. */
async function noteSpent(client: Runner, relayId: number, limits: Limits, used: Used): Promise<void> {
  for (const { name, limit, seconds } of windows.toReversed()) {
    const most = limits[limit];
    if (most === null) continue;
    const usable = most - (name === "minute" ? 0 : reserve(most));
    if (used[name] < usable) continue;
    // The first bucket whose leaving the window makes room for one.
    await sqlOn(client)`
      with used as (
        select bucket, sum(n) as n from relay_usage
        where relay_id = ${relayId} and bucket > clock_timestamp() - make_interval(secs => ${seconds + 10}) group by bucket
      ), leaving as (
        select bucket, sum(n) over () - sum(n) over (order by bucket) as rest from used
      )
      update relays set spent_window = ${name},
        spent_until = (select min(bucket) from leaving where rest < ${usable}::int) + make_interval(secs => ${seconds + 10})
      where id = ${relayId}`;
    return;
  }
}

/** What each limited domain still allows. A limit counts what was sent since it was set. */
async function domainPermits(client: Runner, relayId: number): Promise<DomainPermit[]> {
  const rows = await sqlOn(client)<
    Used & { domain: string; perMinute: number | null; perHour: number | null; perDay: number | null }
  >`
    with held as (
      select lower(substr(address, strpos(address, '@') + 1)) as domain, count(*)::int as n from deliveries
      where relay_id = ${relayId} and status in ('queued', 'sending') and lease_until is not null
        and (status = 'sending' or lease_until > clock_timestamp())
      group by 1
    ), used as (
      select domain, sum(n) filter (where bucket > clock_timestamp() - interval '70 seconds') as minute,
        sum(n) filter (where bucket > clock_timestamp() - interval '1 hour 10 seconds') as hour, sum(n) as day
      from relay_usage
      where relay_id = ${relayId} and domain <> '' and bucket > clock_timestamp() - interval '24 hours 10 seconds'
      group by domain
    )
    select d.domain, d.per_hour as "perHour", d.per_day as "perDay",
      least(d.per_minute, case when d.slow_until > clock_timestamp() then d.learned_per_minute end) as "perMinute",
      coalesce(minute, 0)::int as minute, coalesce(hour, 0)::int as hour, coalesce(day, 0)::int as day, coalesce(held.n, 0) as held
    from relay_domains d left join used using (domain) left join held using (domain)
    where d.relay_id = ${relayId}`;
  return rows.map((row) => {
    const limits: Limits = { ...row, connections: 0 };
    const spacing = Math.max(
      0,
      ...windows.map(({ limit, seconds }) => (limits[limit] === null ? 0 : seconds / limits[limit])),
    );
    const allowed = Math.max(
      0,
      Math.min(
        2 ** 30,
        left(limits, row, () => 0),
      ),
    );
    return { domain: row.domain, allowed, spacing };
  });
}

/** Leases up to `wanted` of the relay's connections to a worker; returns the slots taken. */
export async function takeSlots(relayId: number, workerId: string, wanted: number): Promise<number[]> {
  const rows = await sql<{ slot: number }>`
    insert into relay_slots as taken (relay_id, slot, worker_id, lease_until)
    select id, n, ${workerId}::uuid, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from relays, generate_series(1, least(max_connections, case when learned_until > clock_timestamp() then learned_connections end)) n
    where id = ${relayId} and not exists (
      select 1 from relay_slots other
      where other.relay_id = id and other.slot = n and other.lease_until > clock_timestamp())
    limit ${wanted}
    on conflict (relay_id, slot) do update
      set worker_id = excluded.worker_id, lease_until = excluded.lease_until
      where taken.lease_until <= clock_timestamp()
    returning slot`;
  return rows.map((row) => row.slot);
}

/** Keeps a worker's slots; returns those it still holds. A limit lowered meanwhile takes the last ones back. */
export async function renewSlots(relayId: number, workerId: string): Promise<number[]> {
  const rows = await sql<{ slot: number }>`
    update relay_slots s set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from relays r
    where s.relay_id = ${relayId} and s.worker_id = ${workerId}::uuid and s.lease_until > clock_timestamp() and r.id = s.relay_id
      and s.slot <= least(r.max_connections, case when r.learned_until > clock_timestamp() then r.learned_connections end)
    returning s.slot`;
  return rows.map((row) => row.slot);
}

export async function freeSlot(relayId: number, workerId: string, slot: number): Promise<void> {
  await sql`delete from relay_slots where relay_id = ${relayId} and worker_id = ${workerId}::uuid and slot = ${slot}`;
}

/** Buckets no window reaches any more, and domains that behaved since. */
export async function forgetOldUsage(): Promise<void> {
  await sql`delete from relay_usage where bucket < clock_timestamp() - interval '8 days'`;
  await sql`
    delete from relay_domains
    where num_nonnulls(per_minute, per_hour, per_day) = 0
      and coalesce(greatest(slow_until, blamed_at, throttled_since), '-infinity') < clock_timestamp() - interval '1 day'`;
}

/**
 * Messages that people sent by themselves through the account, at most a day ago, one entry a recipient; an empty address
 * where none is known. Counted only where copies of ours are known to be filed, or none was sent: elsewhere ours would
 * be taken for theirs.
 */
export async function countSentByHand(
  client: Runner,
  relayId: number,
  theirs: { at: Date; address: string }[],
): Promise<void> {
  await sqlOn(client)`
    insert into usage_entries (relay_id, at, shard, campaign_id, domain, outcome, n)
    select ${relayId}, date_bin('10 seconds', least(at, clock_timestamp()), 'epoch'), 0, 0,
      ledger_domain(${relayId}, address), 'byHand', count(*)
    from unnest(${theirs.map(({ at }) => at)}::timestamptz[], ${theirs.map(({ address }) => address)}::text[]) as x (at, address)
    where at > clock_timestamp() - interval '24 hours' and (
      exists (select 1 from sent_folders where relay_id = ${relayId} and files_copies)
      or not exists (select 1 from relay_usage s where s.relay_id = ${relayId} and s.outcome = 'sent' and s.n > 0
        and s.bucket > clock_timestamp() - interval '24 hours'))
    group by 2, 5 order by 2, 5`;
}

/** The last day by hand will be counted again: another folder is read, or the same anew. */
export async function forgetByHand(client: Runner, relayId: number): Promise<void> {
  await sqlOn(client)`
    delete from relay_usage where relay_id = ${relayId} and outcome = 'byHand'
      and bucket >= date_bin('10 seconds', clock_timestamp() - interval '24 hours', 'epoch')`;
}
