/** Taking deliveries from the queue, keeping them, and noticing those whose worker is gone. */
import { randomUUID } from "node:crypto";
import { sql, sqlOn, transaction } from "#lib/db";
import { LEASE_SECONDS, takePermits } from "#lib/relays/ledger";

/** A delivery leased to this worker. `token` proves it; `attempts` are the tries before this one. */
export type Claim = {
  id: number;
  token: string;
  contentId: number;
  address: string;
  attempts: number;
  variables: Record<string, Record<string, unknown>>;
};

type Row = {
  id: number;
  content_id: number;
  address: string;
  attempts: number;
  variables: Claim["variables"];
  leased: boolean;
};

/**
 * Leases up to `wanted` due deliveries of a relay: letters first, then an equal share of each campaign being sent.
 * Whoever left, was suppressed or archived since the launch is set aside here, with the reason.
 */
export async function claim(relayId: number, wanted: number): Promise<Claim[]> {
  const token = randomUUID();
  const rows = await transaction(async (client) => {
    const permits = await takePermits(client, relayId, wanted);
    if (permits === 0) return [];
    return sqlOn(client)<Row>`
      with active as (
        select ct.id, count(*) over () as n
        from campaigns k
        join identities i on i.id = k.identity_id and i.relay_id = ${relayId}
        join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
        where k.status = 'sending'
      ), letters as (
        select d.id, 0 as turn from deliveries d
        join contents ct on ct.id = d.content_id
        join identities i on i.id = ct.identity_id and i.relay_id = ${relayId}
        where d.status = 'queued' and d.campaign_id is null and d.due_at <= clock_timestamp()
          and (d.lease_until is null or d.lease_until <= clock_timestamp())
        order by d.due_at, d.id limit ${permits} for update of d skip locked
      ), mailings as (
        select due.id, due.turn from active, lateral (
          select d.id, 1 as turn from deliveries d
          where d.content_id = active.id and d.status = 'queued' and d.due_at <= clock_timestamp()
            and (d.lease_until is null or d.lease_until <= clock_timestamp())
          order by d.due_at, d.id limit ceil(${permits}::numeric / active.n) for update skip locked
        ) due
      ), picked as (
        select id from (select * from letters union all select * from mailings) due order by turn, id limit ${permits}
      ), judged as (
        select d.id, ct.kind <> 'transactional' and exists (
            select 1 from suppressions s
            where s.address_hash = d.address_hash and s.lifted_at is null and (s.topic_id is null or s.topic_id = ct.topic_id)
          ) as suppressed,
          -- By whatever address they left: a stop is a person's, and this delivery may be to another address of theirs.
          exists (
            select 1 from subscriptions s where s.contact_id = d.contact_id and s.topic_id = ct.topic_id
              and s.unsubscribed_at >= coalesce(s.subscribed_at, s.unsubscribed_at)
          ) as left_topic,
          exists (select 1 from contacts c where c.id = d.contact_id and c.archived_at is not null) as archived
        from picked join deliveries d using (id) join contents ct on ct.id = d.content_id
      )
      update deliveries d set
        relay_id = ${relayId},
        status = case when suppressed or left_topic or archived then 'skipped' else 'queued' end::"DeliveryStatus",
        reason = case when suppressed then 'suppressed' when left_topic then 'unsubscribed' when archived then 'archived' else d.reason end,
        settled_at = case when suppressed or left_topic or archived then clock_timestamp() end,
        lease_token = case when not (suppressed or left_topic or archived) then ${token}::uuid end,
        lease_until = case when not (suppressed or left_topic or archived) then clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}) end
      from judged where d.id = judged.id
      returning d.id, d.content_id, d.address, d.attempts, d.variables, d.lease_token is not null as leased`;
  });
  return rows
    .filter((row) => row.leased)
    .sort((a, b) => a.id - b.id)
    .map((row) => ({
      id: row.id,
      token,
      contentId: row.content_id,
      address: row.address,
      attempts: row.attempts,
      variables: row.variables,
    }));
}

/** Prolongs leases; returns the ids still ours. */
export async function renewLeases(claims: Claim[]): Promise<Set<number>> {
  const rows = await sql<{ id: number }>`
    update deliveries d set lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    from unnest(${claims.map((one) => one.id)}::int[], ${claims.map((one) => one.token)}::uuid[]) as held (id, token)
    where d.id = held.id and d.lease_token = held.token and d.status in ('queued', 'sending')
      and d.lease_until > clock_timestamp()
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
 * The token stays, so that a worker that was only frozen can still say what happened. Returns how many.
 */
export async function sweepLost(): Promise<number> {
  const rows = await sql`
    with lost as (
      update deliveries set status = 'unknown', reason = 'workerLost'
      where id in (
        select id from deliveries where status = 'sending' and lease_until <= clock_timestamp()
        order by id limit 1000 for update skip locked)
      returning id, attempts, relay_id
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, 'unknown', 'workerLost' from lost returning 1 as one`;
  return rows.length;
}
