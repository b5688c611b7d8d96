/** Connecting a relay to its account: the authorization-code flow with PKCE (RFC 6749, section 4.1; RFC 7636). */
import { randomBytes } from "node:crypto";
import { actOn, audited } from "#lib/department/audit/mutations";
import { keepToken, openClientSecret } from "#lib/letters/relays/oauth";
import { type Granted, requestToken } from "#lib/letters/relays/oauth-client";
import { challengeOf, readState, signState, verifierOf } from "#lib/letters/relays/oauth-state";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/** Minutes a person has to agree at the provider's. */
const PATIENCE = 20;

/** Where the provider sends the browser back; it must be declared there to the letter. */
export const redirectUri = (publicUrl: string): string => `${publicUrl}/relays/oauth`;

/**
 * The address at the provider's where the account's owner agrees. `prompt=consent` and `access_type=offline` make
 * Google hand out a refresh token each time; others ignore them.
 * @unaudited Nothing is changed by asking: coming back is audited.
 */
export async function beginAuthorization(
  relayId: number,
  userId: number,
  publicUrl: string,
): Promise<Result<{ url: string }, "notFound">> {
  const nonce = randomBytes(16).toString("base64url");
  const [relay] = await sql<{ authorizeUrl: string; clientId: string; scope: string; username: string }>`
    update relay_oauth o set nonce = ${nonce}, nonce_until = clock_timestamp() + make_interval(mins => ${PATIENCE}::int)
    from relays r where r.id = o.relay_id and r.id = ${relayId} and r.archived_at is null
    returning o.authorize_url as "authorizeUrl", o.client_id as "clientId", o.scope, r.username`;
  if (!relay) return refused("notFound");
  const url = new URL(relay.authorizeUrl);
  const parameters = {
    response_type: "code",
    client_id: relay.clientId,
    redirect_uri: redirectUri(publicUrl),
    scope: relay.scope,
    state: signState({ relayId, userId, nonce }),
    code_challenge: challengeOf(verifierOf(nonce)),
    code_challenge_method: "S256",
    access_type: "offline",
    prompt: "consent",
    login_hint: relay.username,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { ...ok, url: url.href };
}

/**
 * The relay an authorization that comes back belongs to, when this person began it, it was not used, and neither their
 * password changed nor their account closed meanwhile, even within the same millisecond; reads only.
 */
export async function findAuthorization(
  state: string,
  userId: number,
): Promise<{ id: number; name: string; username: string } | null> {
  const told = readState(state);
  if (!told || told.userId !== userId) return null;
  const [relay] = await sql<{ id: number; name: string; username: string }>`
    select r.id, r.name, r.username from relay_oauth o join relays r on r.id = o.relay_id, users u
    where u.id = ${userId} and u.disabled_at is null
      and u.links_since < o.nonce_until - make_interval(mins => ${PATIENCE}::int)
      and r.id = ${told.relayId} and r.archived_at is null
      and o.nonce = ${told.nonce} and o.nonce_until > clock_timestamp()`;
  return relay ?? null;
}

type Row = {
  tokenUrl: string;
  clientId: string;
  sealedClientSecret: Buffer | null;
  allowPrivate: boolean;
};

/** Exchanges the code, once, and puts the relay back in service if it only waited for this. */
export async function finishAuthorization(
  { state, code }: { state: string; code: string },
  userId: number,
  publicUrl: string,
): Promise<Result<{ relayId: number }, "stale" | "codeRefused" | "endpointSilent" | "noRefreshToken">> {
  const told = readState(state);
  if (!told || told.userId !== userId) return refused("stale");
  const { relayId, nonce } = told;
  const [row] = await sql<Row>`
    update relay_oauth o set nonce = null, nonce_until = null from users u
    where u.id = ${userId} and u.disabled_at is null
      and u.links_since < o.nonce_until - make_interval(mins => ${PATIENCE}::int)
      and relay_id = ${relayId} and nonce = ${nonce} and nonce_until > clock_timestamp()
    returning token_url as "tokenUrl", client_id as "clientId", sealed_client_secret as "sealedClientSecret", allow_private as "allowPrivate"`;
  // Zero rows: too late, or clicked twice.
  if (!row) return refused("stale");
  const answer = await requestToken(
    {
      tokenUrl: row.tokenUrl,
      clientId: row.clientId,
      clientSecret: openClientSecret(row, relayId),
      allowPrivate: row.allowPrivate,
    },
    {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri(publicUrl),
      code_verifier: verifierOf(nonce),
    },
  );
  if (answer.kind === "refused") return refused("codeRefused");
  if (answer.kind === "unavailable") return refused("endpointSilent");
  if (!answer.refreshToken) return refused("noRefreshToken");
  return audited(actOn("relay.connected", relayId, userId), (client) => connect(client, relayId, answer));
}

/** Keeps the token and puts the relay back in service, if it only waited for this. */
async function connect(client: Runner, relayId: number, answer: Granted) {
  const query = sqlOn(client);
  await keepToken(relayId, answer, null, client);
  await query`update relay_oauth set connected_at = clock_timestamp() where relay_id = ${relayId}`;
  await query`
    update relays set
      paused_until = case when pause_reason <> all(${waitingForAccess}) then paused_until end,
      pause_reason = case
        when pause_reason <> all(${waitingForAccess}) then pause_reason
        when tested_at is null then 'not-tested' end
    where id = ${relayId}`;
  await query`update mailboxes set due_at = clock_timestamp(), failures = 0 where relay_id = ${relayId}`;
  return { ...ok, relayId };
}

/** Pauses that a new authorization cures. */
const waitingForAccess = ["not-connected", "access-revoked", "token-unavailable", "login-refused"];
