/**
 * Signed tokens for links in mails, one purpose each: `<payload>.<signature>` in base64url.
 * A token of one purpose is a forgery for every other.
 */
import { timingSafeEqual } from "node:crypto";
import { sign } from "#lib/machine/seal";

export type TokenPurpose = "unsubscribe" | "preferences" | "online" | "pledge" | "promise" | "click";

/**
 * A delivery's own name: its number, and the generation of the installation it was dealt in. After a restore a number of
 * the life that was lost is nobody's (decision 42): whoever looks a delivery up by a link or a mail asks for both.
 */
export type DeliveryName = { id: number; generation: number };

/** `7k2`, or `7k2.3b9ac9`: the first generation was dealt before there were any. */
export const nameInText = ({ id, generation }: DeliveryName): string =>
  generation === 0 ? id.toString(36) : `${id.toString(36)}.${generation.toString(36)}`;

export function readName(text: string): DeliveryName {
  const [id = "", generation = "0"] = text.split(".");
  return { id: Number.parseInt(id, 36), generation: Number.parseInt(generation, 36) };
}

/**
 * The delivery the link was sent with: it leads to the address, the contact, the campaign and its topic. Of a `promise`,
 * the promise, which is named the same way.
 */
export function signToken(purpose: TokenPurpose, delivery: DeliveryName): string {
  const payload = nameInText(delivery);
  return `${payload}.${signature(purpose, payload)}`;
}

/**
 * The delivery, or null for anything that we did not sign for this purpose. Mail programs glue a full stop, a
 * bracket or a closing quote to a link, break it over lines, encode it again or change its case: what is signed counts,
 * not what surrounds it. Whoever cut it must be told that it is incomplete.
 */
export function readToken(purpose: TokenPurpose, text: string): DeliveryName | null {
  // What stands before a number of the first generation may be glued to it.
  for (const reading of readings(text.slice(0, LONGEST)))
    for (const [, before = "", last = "", given = ""] of reading.matchAll(signed))
      for (const payload of before ? [`${before}${last}`, last] : [last])
        if (isSignature(given, signature(purpose, payload.toLowerCase())))
          return readName(payload.toLowerCase());
  return null;
}

/** What a token looks like, for whoever looks for one in a text: its name, its signature. */
export const tokenShape = "(?:[0-9a-z]{1,7}\\.){1,2}[\\w-]{24}";

const LONGEST = 500;
const signed = /([0-9a-z]{1,7}\.)?([0-9a-z]{1,7})\.([\w-]{24})/gi;
/** White space, soft hyphens and what cannot be seen. */
const invisible = /[\s\p{Cc}\p{Cf}]+/gu;

/** As it stands; decoded again; with the soft line breaks of quoted-printable (RFC 2045, 6.7) taken out. */
function* readings(text: string): Generator<string> {
  const decoded = percentDecoded(percentDecoded(text)).replace(invisible, "");
  yield decoded;
  yield decoded.replace(/=([0-7][0-9a-f])/gi, byte).replace(/[=\s]+/g, "");
  yield decoded.replace(/=+/g, "");
}

const byte = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
const percentDecoded = (text: string) =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return " ";
    }
  });

/** Whatever the case: 24 letters and digits are still 120 bits. */
function isSignature(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(given.toLowerCase()), Buffer.from(expected.toLowerCase()));
}

// 18 bytes of it.
const signature = (purpose: TokenPurpose, payload: string) =>
  sign(`token:${purpose}`, payload, "base64url").slice(0, 24);
