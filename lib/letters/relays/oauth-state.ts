/** What travels with the browser to the provider and back (RFC 6749, section 10.12; RFC 7636). */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { keyFor } from "#lib/machine/seal";

/** Which authorization comes back: of this relay, asked by this person, under this one-time number. */
export type AuthorizationState = { relayId: number; userId: number; nonce: string };

/** `<relay>.<user>.<nonce>.<signature>`: nobody else can begin an authorization that ends here. */
export function signState({ relayId, userId, nonce }: AuthorizationState): string {
  const payload = `${relayId.toString(36)}.${userId.toString(36)}.${nonce}`;
  return `${payload}.${signature(payload)}`;
}

/** Null for anything that we did not sign. */
export function readState(state: string): AuthorizationState | null {
  const [, payload, relay, user, nonce, given] =
    /^(([0-9a-z]{1,7})\.([0-9a-z]{1,7})\.([\w-]{22}))\.([\w-]{43})$/.exec(state) ?? [];
  if (!payload || !relay || !user || !nonce || !given) return null;
  if (!timingSafeEqual(Buffer.from(signature(payload)), Buffer.from(given))) return null;
  return { relayId: Number.parseInt(relay, 36), userId: Number.parseInt(user, 36), nonce };
}

/** Derived from the nonce, so that it is stored nowhere: 43 characters (RFC 7636, section 4.1). */
export const verifierOf = (nonce: string): string =>
  createHmac("sha256", keyFor("oauth-verifier")).update(nonce).digest("base64url");

/** The S256 challenge of a verifier (RFC 7636, section 4.2). */
export const challengeOf = (verifier: string): string =>
  createHash("sha256").update(verifier).digest("base64url");

const signature = (payload: string) =>
  createHmac("sha256", keyFor("oauth-state")).update(payload).digest("base64url");
