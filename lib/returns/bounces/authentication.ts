/**
 * Who a mail is really from, as the server of our own mailbox checked it (RFC 8601). Only the topmost field counts, and
 * only if that server signed it: the others may have been written by the sender.
 */
import { domainOf, isAligned } from "#lib/letters/verdicts/domains";
import type { Headers } from "#lib/machine/mime/mail";
import { cleanAddress } from "#lib/returns/bounces/fields";

/**
 * The domain of From, when DMARC passed for it or an aligned DKIM signature did (RFC 7489, 3.1.1); else null. SPF says
 * nothing: of a mail without a return path it only proves the name of the machine. `authservId` empty trusts nobody.
 */
export function authenticatedDomain(headers: Headers, authservId: string): string | null {
  const domain = fromDomain(headers);
  const field = headers.get("authentication-results")?.[0];
  if (authservId === "" || !domain || field === undefined) return null;
  const [server = "", ...results] = withoutComments(field.slice(0, 8_000)).split(";");
  if (server.trim().split(/\s/)[0]?.toLowerCase() !== authservId.toLowerCase()) return null;
  return results.some((result) => passes(result.trim().toLowerCase(), domain)) ? domain : null;
}

/** Two From fields, or two addresses in one, are nobody's. */
function fromDomain(headers: Headers): string | null {
  const [from = "", second] = headers.get("from") ?? [];
  if (second !== undefined || (from.match(/@/g)?.length ?? 0) > 2 || /,[^<]*@/.test(from)) return null;
  const address = cleanAddress(from);
  return address ? domainOf(address) : null;
}

/** Comments may be nested and hold anything, a false result too (RFC 5322, 3.2.2). */
function withoutComments(field: string): string {
  let depth = 0;
  let quoted = false;
  let out = "";
  for (const letter of field) {
    if (letter === '"' && depth === 0) quoted = !quoted;
    if (!quoted && letter === "(") depth += 1;
    if (depth === 0) out += letter;
    if (!quoted && letter === ")" && depth > 0) depth -= 1;
  }
  return out;
}

function passes(result: string, domain: string): boolean {
  const named = (property: string) =>
    new RegExp(`\\s${property}\\s*=\\s*"?@?([^\\s";]{1,320})`).exec(result)?.[1] ?? "";
  if (/^dmarc\s*=\s*pass\b/.test(result)) return named("header\\.from") === domain;
  if (!/^dkim\s*=\s*pass\b/.test(result)) return false;
  const signer = named("header\\.d") || domainOf(named("header\\.i"));
  return isAligned(signer, domain);
}
