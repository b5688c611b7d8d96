/** A relay at this instant, for screens: what it may send, what it sent, what waits for it. */

import { possibleUntil, type RelayLoad } from "#lib/letters/ledger/forecast";
import { effectiveLimits, reserve, warmUpAllowance } from "#lib/letters/ledger/limits";
import { pauseOf } from "#lib/letters/relays/rules";
import { db, sql } from "#lib/machine/db";

const select = {
  ...{
    id: true,
    name: true,
    kind: true,
    pausedUntil: true,
    pauseReason: true,
    probing: true,
    archivedAt: true,
  },
  ...{
    maxConnections: true,
    perMinute: true,
    perHour: true,
    perDay: true,
    spentUntil: true,
    spentWindow: true,
  },
  ...{ learnedConnections: true, learnedPerMinute: true, learnedPerDay: true, learnedUntil: true },
  ...{ warmUpFrom: true, warmUpDays: true, warmUpSince: true },
  domains: {
    select: {
      ...{
        domain: true,
        perMinute: true,
        perHour: true,
        perDay: true,
        learnedPerMinute: true,
        slowUntil: true,
      },
    },
    // Others are only remembered: they limit nothing.
    where: { NOT: { perMinute: null, perHour: null, perDay: null, learnedPerMinute: null } },
    orderBy: { domain: "asc" },
    take: 200,
  },
} as const;

/** What one window allows: `left` to campaigns now (null: no limit), `kept` for letters, `byHand` of those used. */
export type Window = {
  name: "minute" | "hour" | "day";
  limit: number | null;
  used: number;
  byHand: number;
  kept: number;
  left: number | null;
};

/** One minute of the ledger: all that counts against the limits, and what of it was accepted or refused. */
export type Minute = { at: Date; n: number; sent: number; refused: number };

/** What else waits for a relay: each campaign sent through it now, and letters that are due (1 001: more than a thousand). */
type Waiting = { campaigns: { id: number; name: string; queued: number }[]; letters: number };

type Counts = { [key in "minute" | "hour" | "day"]: number } & {
  [key in "minuteByHand" | "hourByHand" | "dayByHand" | "held"]: number;
} & { rate: number; workerAlive: boolean; now: Date; midnight: Date };

/** Seconds without a sign of life after which a worker is not counted on. */
const ALIVE_SECONDS = 30;

/** Null when there is no such relay. Costs what the last 24 hours of this relay hold, whatever else the tables do. */
export async function findRelayLive(id: number) {
  const [relay, counts, minutes, waiting] = await Promise.all([
    db.relay.findUnique({ where: { id }, select }),
    countUsed(id),
    listMinutes(id),
    findWaiting(id),
  ]);
  if (!relay) return null;
  const { now, midnight, held, rate, workerAlive } = counts;
  const limits = effectiveLimits(relay, now);
  const window = (name: Window["name"], limit: number | null, byHand: number): Window => {
    const kept = limit === null || name === "minute" ? 0 : reserve(limit);
    const left = limit === null ? null : Math.max(0, limit - kept - counts[name] - held);
    return { name, limit, used: counts[name], byHand, kept, left };
  };
  const pause = pauseOf(relay, now);
  const load: RelayLoad = { relay, pause, used: minutes, held };
  const unlimited = limits.perMinute === null && limits.perHour === null && limits.perDay === null;
  return {
    ...relay,
    ...{ now, pause, load },
    /** Messages of campaigns that may still leave before midnight in Paris; null without a limit. */
    possibleToday: unlimited ? null : possibleUntil(load, midnight, now),
    spentUntil: relay.spentUntil && relay.spentUntil > now ? relay.spentUntil : null,
    warmUpToday: warmUpAllowance(relay, now),
    limits,
    windows: [
      window("minute", limits.perMinute, counts.minuteByHand),
      window("hour", limits.perHour, counts.hourByHand),
      window("day", limits.perDay, counts.dayByHand),
    ],
    ...{ held, rate, workerAlive, minutes },
    ...waiting,
  };
}

export type RelayLive = NonNullable<Awaited<ReturnType<typeof findRelayLive>>>;

/** The windows as the engine counts them, ten seconds long on the safe side; the rate is of the last minute. */
async function countUsed(id: number): Promise<Counts> {
  const [counts] = await sql<Counts>`
    select now() as now, ((now() at time zone 'Europe/Paris')::date + 1)::timestamp at time zone 'Europe/Paris' as midnight,
      exists (select 1 from workers where stopped_at is null
        and heartbeat_at > now() - make_interval(secs => ${ALIVE_SECONDS})) as "workerAlive",
      coalesce(sum(n) filter (where bucket > now() - interval '70 seconds'), 0)::int as minute,
      coalesce(sum(n) filter (where bucket > now() - interval '1 hour 10 seconds'), 0)::int as hour,
      coalesce(sum(n), 0)::int as day,
      coalesce(sum(n) filter (where outcome = 'byHand' and bucket > now() - interval '70 seconds'), 0)::int as "minuteByHand",
      coalesce(sum(n) filter (where outcome = 'byHand' and bucket > now() - interval '1 hour 10 seconds'), 0)::int as "hourByHand",
      coalesce(sum(n) filter (where outcome = 'byHand'), 0)::int as "dayByHand",
      round(coalesce(sum(n) filter (where outcome = 'sent' and bucket >= date_bin('10 seconds', now() - interval '1 minute', 'epoch')), 0)
        * 60 / extract(epoch from now() - date_bin('10 seconds', now() - interval '1 minute', 'epoch')))::int as rate,
      (select count(*) from deliveries
       where relay_id = ${id} and status in ('queued', 'sending') and lease_until is not null
         and (status = 'sending' or lease_until > now()))::int as held
    from relay_usage where relay_id = ${id} and bucket > now() - interval '24 hours 10 seconds'`;
  if (!counts) throw new Error("a sum has one row");
  return counts;
}

const listMinutes = (id: number) =>
  sql<Minute>`
    select date_bin('1 minute', bucket, 'epoch') as at, sum(n)::int as n,
      coalesce(sum(n) filter (where outcome = 'sent'), 0)::int as sent,
      coalesce(sum(n) filter (where outcome = 'refused'), 0)::int as refused
    from relay_usage where relay_id = ${id} and bucket > now() - interval '24 hours 10 seconds'
    group by 1 order by 1`;

async function findWaiting(id: number): Promise<Waiting> {
  const [campaigns, letters] = await Promise.all([
    sql<Waiting["campaigns"][number]>`
      select k.id, k.name, sum(t.queued)::int as queued
      from campaigns k join open_routes o on o.identity_id = k.identity_id and o.relay_id = ${id}
      join campaign_totals t on t.campaign_id = k.id
      where k.status = 'sending' group by k.id having sum(t.queued) > 0 order by k.id`,
    sql<{ n: number }>`
      select count(*)::int as n from (
        select 1 from deliveries d join contents ct on ct.id = d.content_id
        join open_routes o on o.identity_id = ct.identity_id and o.relay_id = ${id}
        where d.status = 'queued' and d.campaign_id is null and d.due_at <= now() limit 1001) bounded`,
  ]);
  return { campaigns, letters: letters[0]?.n ?? 0 };
}
