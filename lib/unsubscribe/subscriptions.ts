/** The rows of subscriptions and their append-only history, changed together. */
import { type Runner, sqlOn } from "#lib/db";
import type { Reader } from "#lib/unsubscribe/reader";
import type { Scope, Via } from "#lib/unsubscribe/schema";

type How = { via: Via | "undo"; scope: Scope };

/**
 * Ends the subscriptions to these topics (null: every newsletter they would receive, those that need no subscription
 * too, or another address of theirs would still be written to). Returns the topics that changed.
 */
export async function endSubscriptions(
  client: Runner,
  reader: Reader,
  topicIds: number[] | null,
  how: How,
): Promise<number[]> {
  const proof = JSON.stringify({ deliveryId: reader.deliveryId, scope: how.scope });
  const rows = await sqlOn(client)<{ topic_id: number }>`
    with ended as (
      insert into subscriptions as s (contact_id, topic_id, unsubscribed_at)
      select ${reader.contactId}::int, t.id, clock_timestamp() from topics t
      where ${reader.contactId}::int is not null and (
        t.id = any(${topicIds}::int[]) or (${topicIds}::int[] is null and (t.legal_basis <> 'consent' or exists (
          select 1 from subscriptions o where o.contact_id = ${reader.contactId}::int and o.topic_id = t.id))))
      order by t.id
      on conflict (contact_id, topic_id) do update set unsubscribed_at = excluded.unsubscribed_at
        where s.unsubscribed_at is null or s.unsubscribed_at < s.subscribed_at
      returning topic_id
    )
    insert into subscription_events (contact_id, topic_id, change, via, proof)
    select ${reader.contactId}::int, topic_id, 'unsubscribed', ${how.via}, ${proof}::jsonb from ended
    returning topic_id`;
  return rows.map((row) => row.topic_id);
}

/** Starts the subscriptions to these topics, at the reader's own wish. Returns the topics that changed. */
export async function startSubscriptions(
  client: Runner,
  reader: Reader,
  topicIds: number[],
  how: How,
): Promise<number[]> {
  const proof = JSON.stringify({ deliveryId: reader.deliveryId, scope: how.scope });
  const rows = await sqlOn(client)<{ topic_id: number }>`
    with started as (
      insert into subscriptions as s (contact_id, topic_id, subscribed_at)
      select ${reader.contactId}::int, t.id, clock_timestamp() from topics t
      where ${reader.contactId}::int is not null and t.id = any(${topicIds}::int[]) and t.archived_at is null
      order by t.id
      on conflict (contact_id, topic_id) do update set subscribed_at = excluded.subscribed_at, unsubscribed_at = null
        where s.subscribed_at is null or s.unsubscribed_at >= s.subscribed_at
      returning topic_id
    )
    insert into subscription_events (contact_id, topic_id, change, basis, via, proof)
    select ${reader.contactId}::int, topic_id, 'subscribed', 'consent', ${how.via}, ${proof}::jsonb from started
    returning topic_id`;
  return rows.map((row) => row.topic_id);
}

/** The topics that « tout arrêter » ended and nothing has changed since: what its undo brings back. */
export async function topicsEndedByAll(client: Runner, contactId: number | null): Promise<number[]> {
  const rows = await sqlOn(client)<{ topic_id: number }>`
    select topic_id from (
      select distinct on (topic_id) topic_id, change, proof from subscription_events
      where contact_id = ${contactId}::int and topic_id is not null order by topic_id, id desc
    ) latest
    where change = 'unsubscribed' and proof ->> 'scope' = 'all'`;
  return rows.map((row) => row.topic_id);
}

/** Without a contact there is no subscription to end: the history still says that somebody asked. */
export async function recordOrphanEvent(
  client: Runner,
  reader: Reader,
  change: "subscribed" | "unsubscribed",
  how: How,
): Promise<void> {
  if (reader.contactId !== null) return;
  await sqlOn(client)`
    insert into subscription_events (topic_id, change, via, proof)
    values (${how.scope === "topic" ? reader.topicId : null}::int, ${change}, ${how.via},
      ${JSON.stringify({ deliveryId: reader.deliveryId, scope: how.scope })}::jsonb)`;
}
