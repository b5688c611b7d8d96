/** For tests and measurements: a campaign being sent through a relay to a server on loopback. */
import { sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";

type Options = {
  port: number;
  recipients: number;
  perMinute?: number;
  maxConnections?: number;
  html?: string;
};

/** A campaign in `sending` with its frozen content and queued deliveries `r1@c<campaign>.example`, `r2@…`; returns the ids. */
export async function sendingCampaign({
  port,
  recipients,
  perMinute,
  maxConnections = 4,
  html = "<p>Bonjour {{ contact.firstName }}</p>",
}: Options) {
  const [ids] = await sql<{ campaign: number; content: number; relay: number; identity: number }>`
    with relay as (
      insert into relays (name, kind, host, port, security, max_connections, per_minute, tested_at, tried_at)
      values ('test', 'smtp', '127.0.0.1', ${port}, 'none', ${maxConnections}, ${perMinute ?? null}, now(), now()) returning id
    ), identity as (
      insert into identities (relay_id, display_name, address) select id, 'Lettre SRC', 'lettre@iut.example' from relay returning id
    ), segment as (
      insert into segments (name, criteria) values ('tous', '{"match":"all","groups":[]}') returning id
    ), campaign as (
      insert into campaigns (name, status, model, topic_id, segment_id, identity_id, subject)
      select 'test', 'draft', 'src', t.id, segment.id, identity.id, 'Bonjour' from topics t, segment, identity
      where t.key = 'src' returning id, topic_id
    ), content as (
      insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
      select 'campaign', campaign.id, topic_id, identity.id, 'Bonjour {{ contact.firstName }}', ${html}, 'Bonjour' from campaign, identity
      returning id
    )
    select campaign.id as campaign, content.id as content, relay.id as relay, identity.id as identity
    from campaign, content, relay, identity`;
  if (!ids) throw new Error("campaign not made");
  await addDeliveries(ids.campaign, ids.content, 1, recipients);
  // Last, as a launch commits all at once: a worker that saw it without its queue would end it.
  await sql`update campaigns set status = 'sending', launched_at = now() where id = ${ids.campaign}`;
  return ids;
}

/** An address readers can come back to: without one nothing over a real relay is launched or resumed (decision 27). */
export const givePublicAddress = () => sql`update settings set public_url = 'https://src.example'`;

/** Queues deliveries `r<from>` to `r<to>`. */
export async function addDeliveries(campaign: number, content: number, from: number, to: number) {
  const addresses = Array.from({ length: to - from + 1 }, (_, i) => `r${from + i}@c${campaign}.example`);
  await sql`
    insert into deliveries (campaign_id, content_id, address, address_hash, variables)
    select ${campaign}, ${content}, address, hash, '{"contact":{"firstName":"Élodie"}}'::jsonb
    from unnest(${addresses}::text[], ${addresses.map((one) => Buffer.from(hashAddress(one)))}::bytea[]) as r (address, hash)`;
}
