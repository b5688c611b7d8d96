/**
 * The Message-ID of a delivery: made from its number and generation, and signed, so that a returned mail names its delivery,
 * nobody else can make one up, and a crash can be looked up in the relay's Sent folder.
 */
import { timingSafeEqual } from "node:crypto";
import { sign } from "#lib/machine/seal";
import { type DeliveryName, nameInText, readName } from "#lib/machine/tokens";

/** With its angle brackets: `<d.7k2.3f9a…@iut.example>` (RFC 5322, section 3.6.4). */
export function messageId(delivery: DeliveryName, domain: string): string {
  return `${messageIdStem(delivery)}${domain}>`;
}

/** All of it but the domain, which an identity may change: `<d.7k2.3f9a…@`. */
export function messageIdStem(delivery: DeliveryName): string {
  const name = nameInText(delivery);
  return `<d.${name}.${signature(name)}@`;
}

/** The delivery a Message-ID (with or without brackets, whatever the case a gateway left it in) belongs to, or null. */
export function deliveryOf(header: string): DeliveryName | null {
  const match = /^\s*<?d\.([0-9a-z]{1,7}(?:\.[0-9a-z]{1,7})?)\.([0-9a-f]{24})@[^\s<>]+>?\s*$/i.exec(header);
  const [, name, given] = match ?? [];
  if (!name || !given) return null;
  const expected = Buffer.from(signature(name.toLowerCase()));
  return timingSafeEqual(expected, Buffer.from(given.toLowerCase())) ? readName(name.toLowerCase()) : null;
}

const signature = (name: string) => sign("message-id", name, "hex").slice(0, 24);
