/** The relays that stand in, in order, when an identity's own cannot send. */
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/** Enough for anybody, and the route of a mail stays understandable. */
export const mostFallbacks = 5;

export type Route = {
  identityId: number;
  relayId: number;
  name: string;
  /** 0: the identity's own relay. */
  position: number;
  paused: boolean;
  /** It may carry the identity's mail now; the first of those does. */
  open: boolean;
};

/** The routes of all identities of a relay, in order: its own relay first. */
export async function listRoutes(relayId: number): Promise<Route[]> {
  return sql<Route>`
    select x.identity_id as "identityId", r.id as "relayId", r.name, x.position,
      is_paused(r.pause_reason, r.paused_until) as paused, o.relay_id is not null as open
    from identities i join routes x on x.identity_id = i.id join relays r on r.id = x.relay_id
    left join open_routes o on o.identity_id = x.identity_id and o.relay_id = x.relay_id
    where i.relay_id = ${relayId} and i.archived_at is null
    order by x.identity_id, x.position`;
}

/** Relays that may stand in for another: real ones in use. */
export async function listStandIns(relayId: number): Promise<{ id: number; name: string }[]> {
  return sql`
    select id, name from relays
    where kind = 'smtp' and archived_at is null and id <> ${relayId} order by name, id limit 100`;
}

/** For which other relays' identities this one stands in. */
export async function listStoodInFor(
  relayId: number,
): Promise<{ id: number; address: string; relayId: number; relay: string }[]> {
  return sql`
    select i.id, i.address, r.id as "relayId", r.name as relay
    from identity_fallbacks f join identities i on i.id = f.identity_id join relays r on r.id = i.relay_id
    where f.relay_id = ${relayId} and i.archived_at is null order by r.name, i.address limit 100`;
}

/** Last in the order. `sandbox`: it neither has nor is a fallback, since nothing leaves it. */
export const addFallback = (
  identityId: number,
  relayId: number,
  by: By,
): Promise<Result<object, "notFound" | "sandbox" | "alreadyRoute" | "tooManyFallbacks">> =>
  audited(actOn("relay.fallbackAdded", relayId, by, { identityId }), async (client) => {
    const order = await lockOrder(client, identityId);
    if (!order) return refused("notFound");
    // Locked against being archived meanwhile.
    const [relay] = await sqlOn(client)<{ kind: string }>`
      select kind from relays where id = ${relayId} and archived_at is null for key share`;
    if (!relay) return refused("notFound");
    if (order.kind === "sandbox" || relay.kind === "sandbox") return refused("sandbox");
    if (relayId === order.own || order.relays.includes(relayId)) return refused("alreadyRoute");
    if (order.relays.length >= mostFallbacks) return refused("tooManyFallbacks");
    await writeOrder(client, identityId, [...order.relays, relayId]);
    return ok;
  });

export const removeFallback = (
  identityId: number,
  relayId: number,
  by: By,
): Promise<Result<object, "notFound">> =>
  audited(actOn("relay.fallbackRemoved", relayId, by, { identityId }), async (client) => {
    const order = await lockOrder(client, identityId);
    if (!order?.relays.includes(relayId)) return refused("notFound");
    await writeOrder(
      client,
      identityId,
      order.relays.filter((one) => one !== relayId),
    );
    return ok;
  });

/** One place up or down; at the end of the order nothing changes. */
export const moveFallback = (
  identityId: number,
  relayId: number,
  way: "up" | "down",
  by: By,
): Promise<Result<object, "notFound">> =>
  audited(actOn("relay.fallbackMoved", relayId, by, { identityId, by: way }), async (client) => {
    const order = await lockOrder(client, identityId);
    const from = order?.relays.indexOf(relayId) ?? -1;
    if (!order || from < 0) return refused("notFound");
    const to = from + (way === "up" ? -1 : 1);
    const other = order.relays[to];
    if (other === undefined) return ok;
    await writeOrder(client, identityId, order.relays.with(to, relayId).with(from, other));
    return ok;
  });

/** The identity's row is what makes two colleagues' changes follow each other. */
async function lockOrder(client: Runner, identityId: number) {
  const query = sqlOn(client);
  const [identity] = await query<{ own: number; kind: string }>`
    select i.relay_id as own, r.kind from identities i join relays r on r.id = i.relay_id
    where i.id = ${identityId} and i.archived_at is null and r.archived_at is null for update of i`;
  if (!identity) return null;
  const rows = await query<{ relayId: number }>`
    select relay_id as "relayId" from identity_fallbacks where identity_id = ${identityId} order by position`;
  return { ...identity, relays: rows.map((row) => row.relayId) };
}

/** Written anew: positions are a key, and two of them cannot be exchanged in place. */
async function writeOrder(client: Runner, identityId: number, relays: number[]): Promise<void> {
  const query = sqlOn(client);
  await query`delete from identity_fallbacks where identity_id = ${identityId}`;
  await query`
    insert into identity_fallbacks (identity_id, position, relay_id)
    select ${identityId}, position, relay_id from unnest(${relays}::int[]) with ordinality as o (relay_id, position)`;
}
