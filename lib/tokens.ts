/**
 * Signed tokens for links in mails, one purpose each: `<payload>.<signature>` in base64url.
 * A token of one purpose is a forgery for every other.
 */
import { timingSafeEqual } from "node:crypto";
import { sign } from "#lib/seal";

export type TokenPurpose = "unsubscribe" | "preferences" | "online";

/** The delivery the link was sent with: it leads to the address, the contact, the campaign and its topic. */
export function signToken(purpose: TokenPurpose, deliveryId: number): string {
  const payload = deliveryId.toString(36);
  return `${payload}.${signature(purpose, payload)}`;
}

/** The delivery's id, or null for anything that we did not sign for this purpose. */
export function readToken(purpose: TokenPurpose, token: string): number | null {
  const [payload, given, ...rest] = token.split(".");
  if (!payload || !given || rest.length > 0 || !/^[0-9a-z]{1,7}$/.test(payload)) return null;
  const expected = Buffer.from(signature(purpose, payload));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null;
  return Number.parseInt(payload, 36);
}

// 18 bytes of it.
const signature = (purpose: TokenPurpose, payload: string) =>
  sign(`token:${purpose}`, payload, "base64url").slice(0, 24);
