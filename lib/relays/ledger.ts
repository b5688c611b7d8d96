/**
 * What a relay still allows, kept in the database and shared by all workers: messages a rolling minute, hour and
 * day, and parallel connections. Only the database's clock counts.
 */
import { type Runner, sql, sqlOn } from "#lib/db";
import { env } from "#lib/env";

/** Seconds a lease lasts; a worker renews well before. */
export const LEASE_SECONDS = env.leaseSeconds;

/**
 * Locks the relay's row and returns how many more messages may be claimed now (0 when paused or archived).
 * Call inside the transaction that claims: two workers asking together get their answers one after the other.
 * Windows are counted ten seconds long on the safe side, the width of a bucket of the ledger.
 */
export async function takePermits(client: Runner, relayId: number, wanted: number): Promise<number> {
  const query = sqlOn(client);
  const [relay] = await query<{ per_minute: number | null; per_hour: number | null; per_day: number | null }>`
    select per_minute, per_hour, per_day from relays
    where id = ${relayId} and archived_at is null and (paused_until is null or paused_until <= clock_timestamp())
    for no key update`;
  if (!relay) return 0;
  if (!relay.per_minute && !relay.per_hour && !relay.per_day) return wanted;
  // A statement of its own: only now, holding the lock, is what other workers took visible.
  const [used] = await query<{ minute: number; hour: number; day: number; held: number }>`
    select coalesce(sum(sent) filter (where bucket > clock_timestamp() - interval '70 seconds'), 0)::int as minute,
      coalesce(sum(sent) filter (where bucket > clock_timestamp() - interval '1 hour 10 seconds'), 0)::int as hour,
      coalesce(sum(sent), 0)::int as day,
      (select count(*) from deliveries
       where relay_id = ${relayId} and status = 'queued' and lease_until > clock_timestamp())::int as held
    from relay_usage where relay_id = ${relayId} and bucket > clock_timestamp() - interval '24 hours 10 seconds'`;
  if (!used) return 0;
  const left = (limit: number | null, count: number) =>
    (limit ?? Number.POSITIVE_INFINITY) - count - used.held;
  return Math.max(
    0,
    Math.min(
      wanted,
      left(relay.per_minute, used.minute),
      left(relay.per_hour, used.hour),
      left(relay.per_day, used.day),
    ),
  );
}

/** Leases up to `wanted` of the relay's connections to a worker; returns the slots taken. */
export async function takeSlots(relayId: number, workerId: string, wanted: number): Promise<number[]> {
  const rows = await sql<{ slot: number }>`
    insert into relay_slots as taken (relay_id, slot, worker_id, lease_until)
    select id, n, ${workerId}::uuid, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from relays, generate_series(1, max_connections) n
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

/** Keeps a worker's slots; returns those it still holds. */
export async function renewSlots(relayId: number, workerId: string): Promise<number[]> {
  const rows = await sql<{ slot: number }>`
    update relay_slots set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where relay_id = ${relayId} and worker_id = ${workerId}::uuid and lease_until > clock_timestamp()
    returning slot`;
  return rows.map((row) => row.slot);
}

export async function freeSlot(relayId: number, workerId: string, slot: number): Promise<void> {
  await sql`delete from relay_slots where relay_id = ${relayId} and worker_id = ${workerId}::uuid and slot = ${slot}`;
}

/** Nobody sends through this relay for so long; the longest pause asked for wins. */
export async function pauseRelayFor(relayId: number, seconds: number, reason: string): Promise<void> {
  await sql`
    update relays set pause_reason = ${reason}, paused_until = clock_timestamp() + make_interval(secs => ${seconds})
    where id = ${relayId} and (paused_until is null or paused_until < clock_timestamp() + make_interval(secs => ${seconds}))`;
}

/** Buckets no window reaches any more. */
export async function forgetOldUsage(): Promise<void> {
  await sql`delete from relay_usage where bucket < clock_timestamp() - interval '8 days'`;
}
