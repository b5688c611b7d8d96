/** Which relays have something to send, and how to reach one. */

import type { RelayAccess } from "#lib/letters/relays/connection";
import { findTokenLogin } from "#lib/letters/relays/oauth";
import { sandboxPort } from "#lib/letters/relays/sandbox-port";
import { sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";

export type SendingRelay = { id: number; kind: "sandbox" | "smtp"; maxConnections: number };

/** Relays that may send now and have a delivery due. */
export async function listSendingRelays(): Promise<SendingRelay[]> {
  return sql<SendingRelay>`
    select r.id, r.kind, r.max_connections as "maxConnections" from relays r
    where r.archived_at is null and not is_paused(r.pause_reason, r.paused_until)
      and (exists (
        select 1 from deliveries d join contents ct on ct.id = d.content_id
        join open_routes o on o.identity_id = ct.identity_id and o.relay_id = r.id
        where d.status = 'queued' and d.campaign_id is null and d.due_at <= clock_timestamp()
      ) or (r.spent_until is null or r.spent_until <= clock_timestamp()) and exists (
        select 1 from campaigns k
        join open_routes o on o.identity_id = k.identity_id and o.relay_id = r.id
        join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
        join lateral (
          select 1 from deliveries d where d.content_id = ct.id and d.status = 'queued' and d.due_at <= clock_timestamp() limit 1
        ) due on true
        where k.status = 'sending'
      ))`;
}

/**
 * Read at each connection, so that a corrected password is used at once.
 * @throws when the relay is gone, its secret cannot be unsealed, or it can have no token (AccessFault).
 */
export async function getRelayAccess(relayId: number): Promise<RelayAccess> {
  const [relay] = await sql<{
    kind: "sandbox" | "smtp";
    host: string;
    port: number;
    security: RelayAccess["security"];
    username: string;
    sealedPassword: Buffer | null;
  }>`select kind, host, port, security, username, sealed_password as "sealedPassword" from relays where id = ${relayId}`;
  if (!relay) throw new Error(`relay ${relayId} is gone`);
  if (relay.kind === "sandbox") {
    const port = sandboxPort();
    if (!port) throw new Error("the sandbox is not open in this process");
    return { host: "127.0.0.1", port, security: "none", username: "", password: "" };
  }
  const { host, port, security, username } = relay;
  const token = await findTokenLogin(relayId);
  const sealed = relay.sealedPassword;
  const secret = token ?? { password: sealed ? unseal(sealed, "relays.sealed_password", relayId) : "" };
  return { host, port, security, username, ...secret };
}

/** The sandbox's relay, unless it was archived. */
export async function findSandboxRelay(): Promise<number | null> {
  const [relay] = await sql<{
    id: number;
  }>`select id from relays where kind = 'sandbox' and archived_at is null`;
  return relay?.id ?? null;
}
