import { getHouse } from "#lib/department/settings/house";
import { redirectUri } from "#lib/letters/relays/authorization";
import { db } from "#lib/machine/db";

/** Where the provider must send the browser back to: to be declared there. */
export const getRedirectUri = async (): Promise<string> => redirectUri((await getHouse()).publicUrl);

/** A relay's sign-in by token, without its secrets; null for a relay by password. */
export async function findRelayOauth(relayId: number) {
  const row = await db.relayOauth.findUnique({
    where: { relayId },
    select: {
      clientId: true,
      authorizeUrl: true,
      tokenUrl: true,
      scope: true,
      allowPrivate: true,
      sealedClientSecret: true,
      connectedAt: true,
      revokedAt: true,
      relay: { select: { username: true } },
    },
  });
  if (!row) return null;
  const { sealedClientSecret, relay, ...shown } = row;
  const state = row.revokedAt ? "revoked" : row.connectedAt ? "connected" : "waiting";
  return {
    ...shown,
    state: state as "revoked" | "connected" | "waiting",
    username: relay.username,
    hasSecret: sealedClientSecret !== null,
    redirectUri: await getRedirectUri(),
  };
}

export type RelayOauthDetail = NonNullable<Awaited<ReturnType<typeof findRelayOauth>>>;
