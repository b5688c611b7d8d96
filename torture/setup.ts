/** What a round starts from: a relay with its limits, and campaigns being sent through it. */

import { disconnect, sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { hashAddress, seal } from "#lib/machine/seal";
import { givePublicAddress } from "#testing/deliveries";

/** Decided by the faults of the round before anything runs. */
export type Setup = {
  recipients: number;
  /** Of a second campaign, which is sent at the same time; 0: none. */
  others: number;
  connections: number;
  /** Milliseconds the server takes to answer after DATA: what keeps messages in flight at the moment of a blow. */
  thinking: number;
  security: "none" | "starttls";
  login: boolean;
  /** A second relay takes over when the first may not send. */
  spare: boolean;
  /** How long the last messages may take to leave once all is calm. */
  drainSeconds: number;
  perMinute: number | null;
  perHour: number | null;
  /** A domain of some recipients, and its limit an hour. */
  domain: { name: string; share: number; perHour: number } | null;
  /** PgBouncer in session mode stands between the workers and PostgreSQL. */
  pooler: boolean;
};

export type Mailing = { relay: number; spare: number | null; first: number; second: number | null };

const sender = { display: "Lettre SRC", address: "lettre@iut.example" };
const html = `<!doctype html><html lang="fr"><head><title>Lettre</title></head><body>${'<p style="font:16px Arial">Chère {{ contact.firstName }}, l’été approche : <a href="https://src.example/api/click/1/0">lire l’article</a>.</p>'.repeat(6)}<p><a href="{{ links.unsubscribe }}">Se désabonner</a></p></body></html>`;

/** Points this process at the round's database. */
export async function pointAt(url: string) {
  await disconnect();
  env.databaseUrl = url;
}

/** Relays at these ports, the second one only where the set-up wants it; and the campaigns. */
export async function prepareMailing(setup: Setup, ports: [number, number | undefined]): Promise<Mailing> {
  await givePublicAddress();
  const [ids] = await sql<{ relay: number; identity: number; segment: number; topic: number }>`
    with relay as (
      insert into relays (name, kind, host, port, security, username, max_connections, per_minute, per_hour, tested_at, tried_at)
      values ('torture', 'smtp', '127.0.0.1', ${ports[0]}, ${setup.security}::"RelaySecurity", ${setup.login ? "src" : ""},
        ${setup.connections}, ${setup.perMinute}, ${setup.perHour}, now(), now()) returning id
    ), identity as (
      insert into identities (relay_id, display_name, address)
      select id, ${sender.display}, ${sender.address} from relay returning id
    ), segment as (
      insert into segments (name, criteria) values ('tous', '{"match":"all","groups":[]}') returning id
    )
    select relay.id as relay, identity.id as identity, segment.id as segment, t.id as topic
    from relay, identity, segment, topics t where t.key = 'src'`;
  if (!ids) throw new Error("no relay made");
  if (setup.login) await setPassword(ids.relay);
  if (setup.domain) {
    await sql`
      insert into relay_domains (relay_id, domain, per_hour) values (${ids.relay}, ${setup.domain.name}, ${setup.domain.perHour})`;
  }
  const spare = ports[1] === undefined ? null : await addSpare(ids, ports[1], setup.login);
  const first = await launch(ids, addresses(setup, "une", setup.recipients));
  const second = setup.others > 0 ? await launch(ids, addresses(setup, "deux", setup.others)) : null;
  await sql`analyze deliveries`;
  return { relay: ids.relay, spare, first, second };
}

async function setPassword(relay: number): Promise<void> {
  const password = Buffer.from(seal("mot de passe", "relays.sealed_password", relay));
  await sql`update relays set sealed_password = ${password} where id = ${relay}`;
}

/** Like the first, without its limits. */
async function addSpare(
  ids: { relay: number; identity: number },
  port: number,
  login: boolean,
): Promise<number> {
  const [row] = await sql<{ id: number }>`
    with spare as (
      insert into relays (name, kind, host, port, security, username, max_connections, tested_at, tried_at)
      select 'spare', kind, host, ${port}, security, username, max_connections, now(), now() from relays where id = ${ids.relay}
      returning id
    )
    insert into identity_fallbacks (identity_id, position, relay_id) select ${ids.identity}, 1, id from spare returning relay_id as id`;
  if (!row) throw new Error("no spare relay made");
  if (login) await setPassword(row.id);
  return row.id;
}

function addresses({ domain }: Setup, campaign: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    domain && i % Math.round(1 / domain.share) === 0
      ? `${campaign}${i}@${domain.name}`
      : `${campaign}${i}@d${i % 50}.example`,
  );
}

async function launch(
  ids: { identity: number; segment: number; topic: number },
  to: string[],
): Promise<number> {
  const [made] = await sql<{ campaign: number; content: number }>`
    with campaign as (
      insert into campaigns (name, status, model, topic_id, segment_id, identity_id, subject, launched_at)
      values ('torture', 'sending', 'src', ${ids.topic}, ${ids.segment}, ${ids.identity}, 'Bonjour', now()) returning id
    ), content as (
      insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
      select 'campaign', id, ${ids.topic}, ${ids.identity}, 'Bonjour {{ contact.firstName }}', ${html}, 'Bonjour' from campaign returning id
    )
    select campaign.id as campaign, content.id as content from campaign, content`;
  if (!made) throw new Error("no campaign made");
  await sql`
    insert into deliveries (campaign_id, content_id, address, address_hash, variables)
    select ${made.campaign}, ${made.content}, address, hash, '{"contact":{"firstName":"Élodie"}}'::jsonb
    from unnest(${to}::text[], ${to.map((one) => Buffer.from(hashAddress(one)))}::bytea[]) as r (address, hash)`;
  return made.campaign;
}
