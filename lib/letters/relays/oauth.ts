/** The access token of a relay: granted once by a person, renewed by whoever needs it first, shared by all workers. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TokenLogin } from "#lib/letters/relays/connection";
import { type Granted, requestToken } from "#lib/letters/relays/oauth-client";
import { pauseRelayFor } from "#lib/letters/relays/pause";
import { pool, type Runner, sql, sqlOn } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { seal, unseal } from "#lib/machine/seal";

export type AccessFaultReason = "not-connected" | "access-revoked" | "token-unavailable";

/** No token can be had; the relay is already paused for it. */
export class AccessFault extends Error {
  readonly reason: AccessFaultReason;
  constructor(reason: AccessFaultReason) {
    super(`no access token: ${reason}`);
    this.name = "AccessFault";
    this.reason = reason;
  }
}

/** Seconds a worker has to renew before another may try. */
const RENEWING = 30;
/** Seconds the relay rests when the authorization server does not answer: longer than the engine's own rest. */
const UNAVAILABLE = 90;

const accessColumn = "relay_oauth.sealed_access_token";
const refreshColumn = "relay_oauth.sealed_refresh_token";

/** "" for a public client. @throws when it was sealed with another installation's key. */
export const openClientSecret = (row: { sealedClientSecret: Buffer | null }, relayId: number): string =>
  row.sealedClientSecret ? unseal(row.sealedClientSecret, "relay_oauth.sealed_client_secret", relayId) : "";

type Row = {
  tokenUrl: string;
  clientId: string;
  sealedClientSecret: Buffer | null;
  allowPrivate: boolean;
  sealedRefreshToken: Buffer | null;
  sealedAccessToken: Buffer | null;
  version: number;
  fresh: boolean;
  revoked: boolean;
};

/**
 * A token that is good for some while yet. `refused`: the one a server just refused, which must be replaced even
 * before its end. Workers that ask together cause one renewal: one takes the right to it, the others wait.
 * @throws AccessFault, the relay being paused: until somebody reconnects it, or shortly when the network is at fault.
 */
export async function getAccessToken(relayId: number, refused?: string): Promise<string> {
  for (const until = performance.now() + RENEWING * 2_000; performance.now() < until; await sleep(150)) {
    const row = await read(relayId);
    if (!row?.sealedRefreshToken) throw await faultOf(relayId, "not-connected");
    if (row.revoked) throw await faultOf(relayId, "access-revoked");
    const known =
      row.sealedAccessToken && row.fresh ? unseal(row.sealedAccessToken, accessColumn, relayId) : null;
    if (known && known !== refused) return known;
    if (!(await takeRenewal(relayId, row.version))) continue;
    const refreshToken = unseal(row.sealedRefreshToken, refreshColumn, relayId);
    const renewed = await renew(relayId, row, refreshToken);
    if (renewed) return renewed;
  }
  throw await faultOf(relayId, "token-unavailable");
}

/** How a connection signs in with the relay's token, and what it says of a refusal; null for a relay without. @throws AccessFault */
export async function findTokenLogin(relayId: number): Promise<TokenLogin | null> {
  const rows = await sql`select 1 from relay_oauth where relay_id = ${relayId}`;
  if (rows.length === 0) return null;
  return {
    accessToken: await getAccessToken(relayId),
    renew: (refused) => getAccessToken(relayId, refused),
    revoked: (refused) => accessRefused(relayId, refused),
  };
}

/** A server refused even a token just renewed: the account's owner must agree again, unless that happened meanwhile. */
async function accessRefused(relayId: number, refused: string): Promise<void> {
  const row = await read(relayId);
  if (!row?.sealedAccessToken) return;
  if (unseal(row.sealedAccessToken, accessColumn, relayId) !== refused) return;
  if (await revoke(relayId, row.version)) await faultOf(relayId, "access-revoked");
}

/**
 * Keeps what the authorization server granted; with `version`, only if nobody kept another since. Its end is ours a
 * little earlier, by the database's clock.
 */
export async function keepToken(
  relayId: number,
  granted: Granted,
  version: number | null = null,
  runner: Runner = pool(),
): Promise<boolean> {
  const { accessToken, refreshToken, expiresIn } = granted;
  const usable = expiresIn - Math.min(120, expiresIn / 5);
  const newRefreshToken = refreshToken ? seal(refreshToken, refreshColumn, relayId) : null;
  const rows = await sqlOn(runner)`
    update relay_oauth set sealed_access_token = ${seal(accessToken, accessColumn, relayId)}, version = version + 1, refreshing_until = null,
      sealed_refresh_token = coalesce(${newRefreshToken}::bytea, sealed_refresh_token), revoked_at = null,
      expires_at = clock_timestamp() + make_interval(secs => ${usable})
    where relay_id = ${relayId} and version = coalesce(${version}::int, version) returning relay_id`;
  return rows.length === 1;
}

async function read(relayId: number): Promise<Row | undefined> {
  const [row] = await sql<Row>`
    select token_url as "tokenUrl", client_id as "clientId", sealed_client_secret as "sealedClientSecret", allow_private as "allowPrivate", sealed_refresh_token as "sealedRefreshToken", sealed_access_token as "sealedAccessToken", version,
      coalesce(expires_at > clock_timestamp(), false) as fresh, revoked_at is not null as revoked
    from relay_oauth where relay_id = ${relayId}`;
  return row;
}

/** False: a colleague is renewing, or just has. */
async function takeRenewal(relayId: number, version: number): Promise<boolean> {
  const rows = await sql`
    update relay_oauth set refreshing_until = clock_timestamp() + make_interval(secs => ${RENEWING})
    where relay_id = ${relayId} and version = ${version}
      and (refreshing_until is null or refreshing_until <= clock_timestamp())
    returning relay_id`;
  return rows.length === 1;
}

/** Null when a colleague, or a new authorization, was faster after all. */
async function renew(relayId: number, row: Row, refreshToken: string): Promise<string | null> {
  const answer = await requestToken(
    {
      tokenUrl: row.tokenUrl,
      clientId: row.clientId,
      clientSecret: openClientSecret(row, relayId),
      allowPrivate: row.allowPrivate,
    },
    { grant_type: "refresh_token", refresh_token: refreshToken },
  );
  if (answer.kind === "granted") {
    return (await keepToken(relayId, answer, row.version)) ? answer.accessToken : null;
  }
  log.warn({ relay: relayId, answer: answer.kind, error: answer.error }, "access token not renewed");
  if (answer.kind === "refused") {
    if (!(await revoke(relayId, row.version))) return null;
    throw await faultOf(relayId, "access-revoked");
  }
  await sql`update relay_oauth set refreshing_until = null where relay_id = ${relayId} and version = ${row.version}`;
  throw await faultOf(relayId, "token-unavailable");
}

async function revoke(relayId: number, version: number): Promise<boolean> {
  const rows = await sql`
    update relay_oauth set revoked_at = coalesce(revoked_at, clock_timestamp()), refreshing_until = null,
      sealed_access_token = null, expires_at = null
    where relay_id = ${relayId} and version = ${version} returning relay_id`;
  return rows.length === 1;
}

async function faultOf(relayId: number, reason: AccessFaultReason): Promise<AccessFault> {
  await pauseRelayFor(
    relayId,
    reason === "token-unavailable" ? { seconds: UNAVAILABLE, reason, tellAt: 10 } : { seconds: null, reason },
  );
  return new AccessFault(reason);
}
