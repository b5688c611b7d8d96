/** Years of campaigns that are over: deliveries nobody will send again, as many as one likes. */
import type { Cluster } from "./cluster.ts";

const EACH = 200_000;

/**
 * Adds `n` settled deliveries of old campaigns through the identity given, each with who it went to and what it held.
 * Written by COPY's means (no triggers, indexes made again afterwards): how they came is not what is measured.
 */
export async function fillPast({ ask }: Cluster, n: number, identity: number): Promise<void> {
  await ask("set session_replication_role = replica");
  const indexes = await ask<{ name: string; text: string }>(`
    select indexname as name, indexdef as text from pg_indexes
    where tablename = 'deliveries' and indexname <> 'deliveries_pkey'`);
  for (const { name } of indexes) await ask(`drop index ${name}`);
  for (let done = 0; done < n; done += EACH) await addCampaign(ask, identity, Math.min(EACH, n - done));
  for (const { text } of indexes) await ask(text);
  await ask("set session_replication_role = origin");
  await ask("vacuum analyze deliveries");
  await ask("checkpoint");
}

async function addCampaign(ask: Cluster["ask"], identity: number, n: number) {
  const [content] = await ask<{ id: number; campaign: number }>(
    `with old as (
       insert into campaigns (name, status, model, topic_id, segment_id, identity_id, subject, launched_at, finished_at)
       select 'old', 'sent', 'src', min(t.id), min(s.id), $1, 'Bonjour', now(), now() from topics t, segments s returning id
     )
     insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
     select 'campaign', old.id, (select min(id) from topics), $1, 'Bonjour', 'x', 'x' from old
     returning id, campaign_id as campaign`,
    [identity],
  );
  await ask(
    `insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, settled_at, attempts, reply, variables)
     select $1, $2, i, 'reader.' || i || '@example.org', sha256(convert_to(i::text, 'UTF8')), 'sent', now(), 1, '250 2.0.0 Ok',
       jsonb_build_object('contact', jsonb_build_object('firstName', 'Élodie ' || i))
     from generate_series(1, $3::int) i`,
    [content?.id, content?.campaign, n],
  );
}
