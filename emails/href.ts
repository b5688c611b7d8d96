import type { Slots } from "./slots.ts";
import { linkVariables } from "./variables.ts";

// What copying brings along and no address holds: marks of width zero, soft hyphens, the ampersand as HTML writes it.
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const ampersand = /&(?:amp|#38|#x26);/gi;
/** Quotes never stand in an address as they are: what follows one was written around it. */
const quote = /[«»“”‹›"]/;

/** The normalised address if a mail may carry it (http, https, mailto, tel), otherwise null. */
export function safeHref(url: string): string | null {
  const trimmed = url.replace(unseen, "").trim().replace(ampersand, "&");
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(trimmed) || !URL.canParse(trimmed)) return null;
  if (quote.test(trimmed)) return null;
  // Braces would be read as Liquid when the mail is personalised.
  return new URL(trimmed).href.replaceAll("{", "%7B").replaceAll("}", "%7D");
}

/** Exactly one of the recipient's own addresses, such as `{{ links.preferences }}`. */
export function isLinkVariable(url: string): boolean {
  const [, name = ""] = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(url) ?? [];
  return (linkVariables as readonly string[]).includes(name);
}

/** Where a link of a protected text leads; other variables than `links.…` give way to their fallback. */
export function linkTarget(url: string, slots: Slots): string | null {
  return slots.isLink(url) ? url : safeHref(slots.fallback(url));
}

/** An address met in running text, and the quotes or marks glued to its end, which are text again. */
export function unquoted(bare: string): { url: string; rest: string } {
  const inside = bare.slice(0, quote.exec(bare)?.index ?? bare.length);
  const url = inside.replace(/[’'…]+$/, "");
  return { url, rest: bare.slice(url.length) };
}
