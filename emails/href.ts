import type { Slots } from "./slots.ts";

/** The normalised address if a mail may carry it (http, https, mailto, tel), otherwise null. */
export function safeHref(url: string): string | null {
  const trimmed = url.trim();
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(trimmed) || !URL.canParse(trimmed)) return null;
  // Braces would be read as Liquid when the mail is personalised.
  return new URL(trimmed).href.replaceAll("{", "%7B").replaceAll("}", "%7D");
}

/** Exactly one of the recipient's own addresses, such as `{{ links.preferences }}`. */
export function isLinkVariable(url: string): boolean {
  return /^\{\{\s*links\.(unsubscribe|preferences|online)\s*\}\}$/.test(url);
}

/** Where a link of a protected text leads; other variables than `links.…` give way to their fallback. */
export function linkTarget(url: string, slots: Slots): string | null {
  return slots.isLink(url) ? url : safeHref(slots.fallback(url));
}
