/** What bounces, replies and unsubscribes of a past letter left behind, as the return path would have written it. */

import type { Fate } from "#demo/fates";
import type { Ids } from "#demo/history";
import { type Runner, sqlOn } from "#lib/machine/db";

/** `fates` only says whether there is something to write; the deliveries hold the rest. */
export async function recordConsequences(client: Runner, ids: Ids, fates: Fate[]): Promise<void> {
  await recordBounces(client, ids);
  await recordDeadAddresses(client, ids);
  await recordActivities(client, ids);
  if (fates.some(({ unsubscribedAt }) => unsubscribedAt !== null)) await recordDepartures(client, ids);
}

const recordBounces = (client: Runner, { campaignId }: Ids) => sqlOn(client)`
  insert into bounces (delivery_id, at, class, verdict, blame, status, reason, diagnostic)
  select id, coalesce(bounced_at, settled_at), case when status = 'failed' then 'refusal' else 'bounce' end,
    coalesce(bounce, 'hard'), 'recipient', case when bounce = 'soft' then '4.2.2' else '5.1.1' end,
    case when bounce = 'soft' then 'mailbox-full' else 'user-unknown' end,
    case when bounce = 'soft' then 'mailbox full' else 'user unknown' end
  from deliveries where campaign_id = ${campaignId} and (bounce is not null or status = 'failed')`;

/** A mailbox that was full had three months to be emptied: only the dead stay out. */
async function recordDeadAddresses(client: Runner, { campaignId }: Ids) {
  await sqlOn(client)`
    update email_addresses a set standing = 'hard', standing_at = coalesce(d.bounced_at, d.settled_at)
    from deliveries d where d.campaign_id = ${campaignId} and a.address = d.address and (d.bounce = 'hard' or d.status = 'failed')`;
  await sqlOn(client)`
    insert into suppressions (address_hash, topic_id, reason, created_at)
    select address_hash, null, 'hard_bounce', coalesce(bounced_at, settled_at) from deliveries
    where campaign_id = ${campaignId} and (bounce = 'hard' or status = 'failed')
    on conflict do nothing`;
}

const recordActivities = (client: Runner, { campaignId }: Ids) => sqlOn(client)`
  insert into activities (at, kind, contact_id, campaign_id, data)
  select what.at, what.kind, d.contact_id, d.campaign_id, jsonb_build_object('deliveryId', d.id) || what.data
  from deliveries d cross join lateral (
    select coalesce(d.bounced_at, d.settled_at) as at, case when d.bounce = 'soft' then 'bounce.soft' else 'bounce.hard' end as kind,
      jsonb_build_object('verdict', coalesce(d.bounce, 'hard'), 'blame', 'recipient',
        'reason', case when d.bounce = 'soft' then 'mailbox-full' else 'user-unknown' end) as data
    where d.bounce is not null or d.status = 'failed'
    union all select d.replied_at, 'reply', '{}'::jsonb where d.replied_at is not null
    union all select d.unsubscribed_at, 'unsubscribed', '{"scope": "topic", "via": "page"}'::jsonb where d.unsubscribed_at is not null
  ) what where d.campaign_id = ${campaignId}`;

/** Who left: the newsletter, the proof, the suppression, and a notice that the secretariat has read. */
async function recordDepartures(client: Runner, { campaignId, topicId }: Ids) {
  await sqlOn(client)`
    insert into subscriptions as s (contact_id, topic_id, unsubscribed_at)
    select contact_id, ${topicId}::int, unsubscribed_at from deliveries
    where campaign_id = ${campaignId} and unsubscribed_at is not null
    on conflict (contact_id, topic_id) do update set unsubscribed_at = excluded.unsubscribed_at`;
  await sqlOn(client)`
    insert into subscription_events (contact_id, topic_id, at, change, via, proof)
    select contact_id, ${topicId}::int, unsubscribed_at, 'unsubscribed', 'page', jsonb_build_object('deliveryId', id, 'scope', 'topic')
    from deliveries where campaign_id = ${campaignId} and unsubscribed_at is not null`;
  await sqlOn(client)`
    insert into suppressions (address_hash, topic_id, reason, created_at)
    select address_hash, ${topicId}::int, 'unsubscribe', unsubscribed_at from deliveries
    where campaign_id = ${campaignId} and unsubscribed_at is not null
    on conflict do nothing`;
  await sqlOn(client)`
    insert into notices (at, kind, contact_id, data, seen_at, digested_at)
    select unsubscribed_at, 'unsubscribed', contact_id,
      jsonb_build_object('scope', 'topic', 'via', 'page', 'topicId', ${topicId}::int, 'deliveryId', id, 'campaignId', campaign_id),
      unsubscribed_at + interval '7 hours', unsubscribed_at + interval '7 hours'
    from deliveries where campaign_id = ${campaignId} and unsubscribed_at is not null`;
}
