/**
 * The Message-ID of a delivery: made from its number and signed, so that a returned mail names its delivery,
 * nobody else can make one up, and a crash can be looked up in the relay's Sent folder.
 */
import { timingSafeEqual } from "node:crypto";
import { sign } from "#lib/machine/seal";

/** With its angle brackets: `<d.7k2.3f9a…@iut.example>` (RFC 5322, section 3.6.4). */
export function messageId(deliveryId: number, domain: string): string {
  return `${messageIdStem(deliveryId)}${domain}>`;
}

/** All of it but the domain, which an identity may change: `<d.7k2.3f9a…@`. */
export function messageIdStem(deliveryId: number): string {
  const id = deliveryId.toString(36);
  return `<d.${id}.${signature(id)}@`;
}

/** The delivery a Message-ID (with or without brackets, whatever the case a gateway left it in) belongs to, or null. */
export function deliveryOf(header: string): number | null {
  const match = /^\s*<?d\.([0-9a-z]{1,7})\.([0-9a-f]{24})@[^\s<>]+>?\s*$/i.exec(header);
  const [, id, given] = match ?? [];
  if (!id || !given) return null;
  const expected = Buffer.from(signature(id.toLowerCase()));
  return timingSafeEqual(expected, Buffer.from(given.toLowerCase())) ? Number.parseInt(id, 36) : null;
}

const signature = (id: string) => sign("message-id", id, "hex").slice(0, 24);
