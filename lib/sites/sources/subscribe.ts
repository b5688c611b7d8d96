/** The newsletters that staged rows ask for. The person's own « no » is never undone: not by a file, not after erasure. */
import type pg from "pg";
import { starting } from "#lib/people/subscriptions/mutations";
import type { Origin } from "#lib/sites/sources/apply";
import { live, may } from "#lib/sites/sources/recall";

/**
 * An existing line, subscribed or not, is left as it is: it is the person's last word here. Somebody under an opposition
 * (whose contact may have been erased since) has said no; who is only missing a subscription, or a living mailbox, or pauses, has not.
 */
const asked = `
  select distinct on (s.contact_id, t.id) s.contact_id, t.id as topic_id, coalesce((entry->>'at')::timestamptz, now()) as at,
    t.legal_basis as basis, 'import' as via, $3::int as user_id, jsonb_build_object('sourceId', $1::int, 'runId', $2::int,
      'externalId', s.external_id, 'at', (entry->>'at')::timestamptz, 'proof', entry->>'proof') as proof
  from staged s cross join jsonb_array_elements(s.subscriptions) entry
  join topics t on t.key = entry->>'topic'
  cross join lateral opposition(null, s.contact_id, t.id, 'newsletter') o
  where ${live} and ${may("newsletters")} and coalesce(o.reason, 'hardBounce') in ('notSubscribed', 'paused', 'hardBounce')
  order by s.contact_id, t.id, s.n`;

const subscribe = `
  with ${starting(asked, { kept: true })}
  update staged s set changes = s.changes || '{newsletters}'
  from (select distinct contact_id from started) d where d.contact_id = s.contact_id and not s.created and ${live}`;

export async function applySubscriptions(
  client: pg.PoolClient,
  { sourceId, runId, userId }: Origin,
): Promise<void> {
  await client.query(subscribe, [sourceId, runId, userId]);
}
