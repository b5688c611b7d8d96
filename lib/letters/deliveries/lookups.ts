/** Which unknown deliveries to look up, what they are compared with, and what was found: rows. */

import { type Absence, nextLook, type Reading, type Waits } from "#lib/letters/deliveries/evidence";
import { sql } from "#lib/machine/db";

export type Lost = { id: number; announcedAt: Date; unknownAt: Date; looks: number; seen: boolean };

/** At once: a crash loses as many as there were connections, a database's fall perhaps thousands. */
const MOST = 10_000;

/** The unknown deliveries of a relay whose turn it is (`seen`: whose copy was read before, at once), and the database's time before anything is read. */
export async function listLost(relayId: number, waits: Waits): Promise<{ at: Date; lost: Lost[] }> {
  const [clock] = await sql<{ at: Date }>`select clock_timestamp()::timestamptz(3) as at`;
  const lost = await sql<Lost>`
    select d.id, coalesce(d.announced_at, d.unknown_at) as "announcedAt", d.unknown_at as "unknownAt",
      case when l.looked_at > d.unknown_at then l.looks else 0 end as looks,
      d.seen_in_sent_at is not null as seen
    from deliveries d left join lookups l on l.delivery_id = d.id
    where d.status = 'unknown' and d.relay_id = ${relayId}
      and d.unknown_at > clock_timestamp() - make_interval(secs => ${waits.most})
      and (d.seen_in_sent_at is not null or d.unknown_at <= clock_timestamp() - make_interval(secs => ${waits.first})
        and (l.due_at is null or l.looked_at <= d.unknown_at or l.due_at <= clock_timestamp()))
    order by d.unknown_at limit ${MOST}`;
  return { at: clock?.at ?? new Date(), lost };
}

export type Controls = Reading & { firstId: number | null; lastId: number | null };

/**
 * Of the deliveries whose copies are there, those that tell something of others: accepted, and at their first try, since
 * a copy of theirs can be of no other; announced since this folder is read, as a moved one brings older copies. Beside them what the ledger says was accepted since `from`.
 */
export async function compare(
  relayId: number,
  copies: number[],
  from: Date,
  at: Date,
  waits: Waits,
): Promise<Controls> {
  const [row] = await sql<Omit<Controls, "at">>`
    with reading as (
      -- A reader that is being replaced judges nothing.
      select coalesce((select reading_since from sent_folders where relay_id = ${relayId}), clock_timestamp()) as since
    ), seen as (
      select id, announced_at as at, status = 'sent' and attempts <= 1 and announced_at >= (select since from reading) as fit
      from deliveries
      where id = any(${copies}::int[]) and relay_id = ${relayId} and announced_at is not null
    ), accepted as (
      select bucket, bucket < clock_timestamp() - make_interval(secs => ${waits.filing + 10}) as ripe from relay_usage
      where relay_id = ${relayId} and outcome = 'sent' and n > 0 and bucket >= ${from}::timestamptz
    )
    select (select since from reading)::timestamptz(3) as since, (select min(at) from seen where fit) as "firstControl", (select max(at) from seen where fit) as "lastControl",
      (select id from seen where fit order by at limit 1) as "firstId",
      (select id from seen where fit order by at desc limit 1) as "lastId",
      (select max(at) from seen) as "lastCopy",
      (select min(bucket) from accepted where ripe) as "firstFiled",
      (select max(bucket) from accepted where ripe) as "lastFiled",
      -- A bucket is ten seconds long.
      (select max(bucket) + interval '10 seconds' from accepted) as "lastSent"`;
  if (!row) throw new Error("nothing to compare with");
  return { ...row, at };
}

/** Sets down what was not found, and when to look again. What was settled meanwhile is left out. */
export async function recordLooks(
  rows: { one: Lost; verdict: Exclude<Absence, "notInSent"> }[],
  { firstId, lastId, firstControl, lastControl }: Controls,
  waits: Waits,
): Promise<void> {
  const seen = rows.map(({ one, verdict }) => ({
    id: one.id,
    looks: one.looks + 1,
    verdict,
    delay: nextLook(one.looks + 1, waits),
    earlier: firstControl && firstControl < one.announcedAt ? firstId : null,
    later: lastControl && lastControl > one.unknownAt ? lastId : null,
  }));
  await sql`
    insert into lookups (delivery_id, looks, looked_at, due_at, verdict, earlier_id, later_id)
    select x.id, x.looks, clock_timestamp(), clock_timestamp() + make_interval(secs => x.delay), x.verdict, x.earlier, x.later
    from unnest(
      ${seen.map((s) => s.id)}::int[], ${seen.map((s) => s.looks)}::int[], ${seen.map((s) => s.delay)}::float8[],
      ${seen.map((s) => s.verdict)}::text[], ${seen.map((s) => s.earlier)}::int[], ${seen.map((s) => s.later)}::int[]
    ) as x (id, looks, delay, verdict, earlier, later)
    join deliveries d on d.id = x.id and d.status = 'unknown'
    order by x.id
    on conflict (delivery_id) do update set looks = excluded.looks, looked_at = excluded.looked_at, due_at = excluded.due_at,
      verdict = excluded.verdict, earlier_id = excluded.earlier_id, later_id = excluded.later_id`;
}

/** Copies of these were read: whatever is deleted from the folder later, what is still being sent was taken. */
export async function recordSeen(ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  const open = await sql<{ id: number }>`
    select id from deliveries where id = any(${ids}::int[]) and status in ('sending', 'unknown') and seen_in_sent_at is null`;
  // One by one, the few there are: workers settle many at once, in an order of their own.
  for (const { id } of open)
    await sql`
      update deliveries set seen_in_sent_at = clock_timestamp()
      where id = ${id} and status in ('sending', 'unknown') and seen_in_sent_at is null`;
}
