/** What the engine does to a relay whose replies blame us: leaves it alone for a while, uses it less, and says so once. */

import { notify } from "#lib/department/notices/mutations";
import type { Lesson, RelayPause } from "#lib/letters/relays/rules";
import { sql, sqlOn, transaction } from "#lib/machine/db";

/** Pauses grow at most to this. */
const LONGEST = 24 * 3600;

/**
 * Nobody sends through this relay for so long, or until somebody acts when it has no `seconds`; twice as long at each new fault within a day when it grows. Several
 * connections meet the same fault together: the first one pauses, the others find it done. After the pause one message
 * at a time probes the relay until one is accepted. People are told at the first strike, or at the `tellAt`th; once
 * until the reason changes. A pause by staff stays theirs.
 */
export async function pauseRelayFor(
  relayId: number,
  pause: Omit<RelayPause, "seconds"> & { seconds: number | null },
): Promise<void> {
  const { seconds, reason, grows = false, longest = LONGEST, tellAt = 1, lesson = null } = pause;
  await transaction(async (client) => {
    const [hit] = await sqlOn(client)<{ strikes: number; until: Date | null }>`
    with before as (
      select id, is_paused(pause_reason, paused_until) as paused, coalesce(pause_reason, '') as reason,
        case when struck_at > clock_timestamp() - interval '24 hours' and pause_reason = ${reason} then strikes else 0 end as strikes
      from relays where id = ${relayId} and archived_at is null for no key update
    )
      update relays r set
        strikes = b.strikes + 1, struck_at = clock_timestamp(), probing = true, pause_reason = ${reason},
        paused_until = case when ${seconds}::float8 is not null then clock_timestamp() + make_interval(secs =>
          least(${longest}::float8, ${seconds}::float8 * case when ${grows} then 2 ^ least(b.strikes, 20) else 1 end)) end
      from before b
      where r.id = b.id and not (b.paused and (b.reason in (${reason}, 'staff')
        or coalesce(r.paused_until, 'infinity') > coalesce(clock_timestamp() + make_interval(secs => ${seconds}), 'infinity')))
      returning r.strikes, r.paused_until as until`;
    if (hit?.strikes !== tellAt) return;
    const data = { relayId, reason, ...(hit.until && { until: hit.until.toISOString() }) };
    await notify({ kind: "relayPaused", data }, client);
  });
  if (lesson) await learn(relayId, lesson);
}

/** Lowers a limit for a while, from what was sent when the server had enough. */
async function learn(relayId: number, lesson: Lesson): Promise<void> {
  await sql`
    with used as (
      select coalesce(sum(n) filter (where bucket > clock_timestamp() - interval '1 minute'), 0)::int as minute,
        coalesce(sum(n), 0)::int as day
      from relay_usage where relay_id = ${relayId} and bucket > clock_timestamp() - interval '24 hours'
    )
    update relays set
      learned_connections = case when ${lesson} = 'connections' then 1 when learned_until > clock_timestamp() then learned_connections end,
      learned_per_minute = case when ${lesson} = 'minute' then greatest(1, used.minute / 2)
        when learned_until > clock_timestamp() then learned_per_minute end,
      -- A day that was hardly used says that others used the account, not what it allows.
      learned_per_day = case
        when ${lesson} = 'day' and used.day >= coalesce(per_day, 100) / 2 then greatest(1, used.day * 95 / 100)
        when learned_until > clock_timestamp() then learned_per_day end,
      learned_until = greatest(learned_until, clock_timestamp() + case when ${lesson} = 'day' then interval '7 days' else interval '1 day' end)
    from used where id = ${relayId}`;
}

/** Recipients of a domain said to get too much within ten minutes before the domain itself is slowed. */
const THROTTLED = 5;
/** The first limit given to a domain nobody counted yet, in messages a minute. */
const FIRST_SLOW = 10;

/** A server said that one recipient gets too much; said of several of a domain, the domain is slowed. */
export async function recordThrottled(relayId: number, address: string): Promise<void> {
  const domain = domainOf(address);
  const [row] = await sql<{ throttled: number }>`
    insert into relay_domains as d (relay_id, domain, throttled, throttled_since) values (${relayId}, ${domain}, 1, clock_timestamp())
    on conflict (relay_id, domain) do update set
      throttled = case when d.throttled_since > clock_timestamp() - interval '10 minutes' then d.throttled + 1 else 1 end,
      throttled_since = case when d.throttled_since > clock_timestamp() - interval '10 minutes' then d.throttled_since else clock_timestamp() end
    returning throttled`;
  if ((row?.throttled ?? 0) >= THROTTLED) await slowDomain(relayId, domain);
}

/** Half of what the domain got in the last minute, for a quarter of an hour, longer each time within a day. `domain`: lower case. */
export async function slowDomain(relayId: number, domain: string): Promise<void> {
  await sql`
    with used as (
      select coalesce(sum(n), 0)::int as minute from relay_usage
      where relay_id = ${relayId} and domain = ${domain} and bucket > clock_timestamp() - interval '1 minute'
    )
    insert into relay_domains as d (relay_id, domain, learned_per_minute, slow_until, strikes)
    values (${relayId}, ${domain}, ${FIRST_SLOW}::int, clock_timestamp() + interval '15 minutes', 1)
    on conflict (relay_id, domain) do update set
      throttled = 0, throttled_since = null,
      learned_per_minute = greatest(1, case
        when d.slow_until > clock_timestamp() then least(d.learned_per_minute, (select minute from used) / 2)
        when (select minute from used) > 0 then (select minute from used) / 2 else ${FIRST_SLOW}::int end),
      strikes = case when d.slow_until > clock_timestamp() - interval '1 day' then d.strikes + 1 else 1 end,
      slow_until = clock_timestamp() + least(interval '1 day', interval '15 minutes' * 2 ^ least(20,
        case when d.slow_until > clock_timestamp() - interval '1 day' then d.strikes else 0 end))
    -- One bad minute is one strike, however many messages met it.
    where d.slow_until is null or d.slow_until < clock_timestamp() + interval '14 minutes'`;
}

/**
 * Remembers that a domain's words blame a fault on us, and counts the domain from now. True when the fault is the
 * domain's own: it blamed us before within a day, and since then the relay delivered to others and never to it.
 */
export async function recordBlame(relayId: number, address: string): Promise<boolean> {
  const domain = domainOf(address);
  const [before] = await sql<{ own: boolean }>`
    select coalesce(sum(n) filter (where u.domain = d.domain), 0) = 0 and coalesce(sum(n) filter (where u.domain <> d.domain), 0) > 0 as own
    from relay_domains d
    left join relay_usage u on u.relay_id = d.relay_id and u.outcome = 'sent' and u.bucket > d.blamed_at
    where d.relay_id = ${relayId} and d.domain = ${domain} and d.blamed_at > clock_timestamp() - interval '1 day'`;
  if (before?.own) return true;
  await sql`
    insert into relay_domains as d (relay_id, domain, blamed_at) values (${relayId}, ${domain}, clock_timestamp())
    on conflict (relay_id, domain) do update set blamed_at = clock_timestamp()`;
  return false;
}

/** Whether the relay takes other messages at this time: then what it says of one is not said of all. */
export async function isAccepting(relayId: number): Promise<boolean> {
  const [row] = await sql<{ accepting: boolean }>`
    select coalesce(sum(n), 0) > 0 as accepting from relay_usage
    where relay_id = ${relayId} and outcome = 'sent' and bucket > clock_timestamp() - interval '2 minutes'`;
  return row?.accepting ?? false;
}

const domainOf = (address: string) => address.slice(address.indexOf("@") + 1).toLowerCase();

type Outcomes = { outcome: string; reason: string; n: number }[];

/** A relay's attempts of the last ten minutes by outcome: what the circuit breaker looks at. */
export const recentOutcomes = (relayId: number): Promise<Outcomes> => sql<Outcomes[number]>`
  select outcome, reason, sum(n)::int as n from relay_usage
  where relay_id = ${relayId} and bucket > clock_timestamp() - interval '10 minutes' and outcome in ('sent', 'refused')
  group by outcome, reason`;

/** The same of one campaign, since people last resumed it. */
export const recentOutcomesOf = (campaignId: number): Promise<Outcomes> => sql<Outcomes[number]>`
  select outcome, reason, sum(n)::int as n from relay_usage u join campaigns k on k.id = u.campaign_id
  where u.campaign_id = ${campaignId} and bucket > greatest(clock_timestamp() - interval '10 minutes', k.resumed_at)
    and outcome in ('sent', 'refused')
  group by outcome, reason`;
