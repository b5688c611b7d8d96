// The address we wrote to, where a report speaks of the one it became: aliases and forwards in words, and mailboxes
// named without a domain or in the manner of X.400.

import { cleanAddress } from "#lib/returns/bounces/fields";
import type { Notice } from "#lib/returns/bounces/parse";

const MAX_CHAINS = 500;
const CHAIN =
  /\((?:expanded from|(?:ultimately )?generated from|originally addressed to|redirected from|forwarded from|alias of)[: ]{1,3}<?([^\s<>()",;]{1,200}@[^\s<>()",;]{1,255})>?\)?|(?:was )?originally addressed to[: ]{1,3}<?([^\s<>()",;]{1,200}@[^\s<>()",;]{1,255})>?/gi;

/**
 * Gives each notice the address its report says it was expanded from (Postfix, Sendmail), generated from (Exim) or
 * originally addressed to: the last address named before these words is the one they explain.
 */
export function withOriginals(notices: Notice[], text: string): Notice[] {
  if (!/expanded from|generated from|addressed to|redirected from|forwarded from|alias of/i.test(text))
    return notices;
  const low = text.toLowerCase();
  const found = new Map<Notice, string>();
  for (const match of [...text.matchAll(CHAIN)].slice(0, MAX_CHAINS)) {
    const address = cleanAddress(match[1] ?? match[2] ?? "");
    const explained = nearest(notices, low, match.index);
    if (address && explained && !found.has(explained)) found.set(explained, address);
  }
  return notices.map((one) => {
    const original = one.originalRecipient ?? found.get(one) ?? null;
    // Exim hides whom an address was forwarded to: what is left is ours.
    return { ...one, recipient: one.recipient ?? original, originalRecipient: original };
  });
}

function nearest(notices: Notice[], low: string, at: number): Notice | undefined {
  if (notices.length === 1) return notices[0];
  let best: Notice | undefined;
  let where = -1;
  for (const one of notices) {
    const place = one.recipient ? low.lastIndexOf(one.recipient.toLowerCase(), at) : -1;
    if (place > where && at - place < 1_000) [best, where] = [one, place];
  }
  return best;
}

/**
 * A recipient field without an address: a local part, or an X.400 name (RFC 2156), completed by the reporter's domain.
 * Null when it is neither, or the reporter has no domain.
 */
export function completed(field: string, domain: string): string | null {
  if (domain === "" || field.includes("@")) return null;
  const [, type = "", value = ""] = /^\s*([\w-]{1,20})\s*;\s*(.{1,500})$/.exec(field) ?? [];
  const name = (key: string) =>
    new RegExp(`[/;]\\s*${key}\\s*=\\s*([^/;=]{1,64})`, "i").exec(`/${value}`)?.[1]?.trim();
  const surname = name("s");
  const local =
    /x-?400/i.test(type) || surname ? [name("g"), surname].filter(Boolean).join(".") : value.trim();
  return /^[\w.+'-]{1,64}$/.test(local) ? `${local.toLowerCase()}@${domain}` : null;
}
