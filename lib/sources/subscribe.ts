/** The newsletters that staged rows ask for. The person's own « no » is never undone: not by a file, not after erasure. */
import type pg from "pg";
import type { Origin } from "#lib/sources/apply";
import { live } from "#lib/sources/recall";

/**
 * An existing line, subscribed or not, is left as it is: it is the person's last word here. An address under an
 * opposition (whose contact may have been erased since) is one more « no »; a bounce is not.
 */
const subscribe = `
  with asked as (
    select s.n, s.contact_id, s.external_id, t.id as topic_id, t.legal_basis, (entry->>'at')::timestamptz as at, entry->>'proof' as proof
    from staged s, jsonb_array_elements(s.subscriptions) entry
    join topics t on t.key = entry->>'topic' and t.archived_at is null
    where ${live}
      and not exists (
        select from email_addresses m join suppressions x on x.address_hash = m.address_hash
        where m.contact_id = s.contact_id and x.lifted_at is null and x.reason <> 'hard_bounce'
          and (x.topic_id is null or x.topic_id = t.id))
  ), done as (
    insert into subscriptions (contact_id, topic_id, subscribed_at)
    select contact_id, topic_id, coalesce(at, now()) from asked order by n
    on conflict (contact_id, topic_id) do nothing
    returning contact_id, topic_id
  ), proved as (
    insert into subscription_events (contact_id, topic_id, change, basis, via, proof, user_id)
    select d.contact_id, d.topic_id, 'subscribed', a.legal_basis, 'import',
           jsonb_build_object('sourceId', $1::int, 'runId', $2::int, 'externalId', a.external_id, 'at', a.at, 'proof', a.proof), $3
    from done d join asked a using (contact_id, topic_id)
  )
  update staged s set changes = s.changes || '{newsletters}'
  from (select distinct contact_id from done) d where d.contact_id = s.contact_id and not s.created and ${live}`;

export async function applySubscriptions(
  client: pg.PoolClient,
  { sourceId, runId, userId }: Origin,
): Promise<void> {
  await client.query(subscribe, [sourceId, runId, userId]);
}
