/** What a domain publishes of who may write in its name: SPF (RFC 7208) and DMARC (RFC 7489), judged. */
import { isIP } from "node:net";
import { isLoopback } from "#lib/machine/network/loopback";

/** TXT records as found, each whole; null: DNS did not answer. `dmarcDomain`: where the policy was found, a parent maybe. */
export type Found = { spf: string[] | null; dmarc: string[] | null; dmarcDomain: string };

/**
 * `right`, `absent`, `several` (as bad as none), `invalid`, `unreachable`. SPF only: `open` (anybody may write),
 * `unnamed` (one record, without the relay's host by name), `unknown` (one record; what the relay needs is not known).
 */
const states = [
  "right",
  "absent",
  "several",
  "invalid",
  "open",
  "unnamed",
  "unknown",
  "unreachable",
] as const;
export type State = (typeof states)[number];

/** `proposed`: the record to publish instead of all those found; null when none is missing or can be told. */
export type Verdict = { state: State; records: string[]; name: string; proposed: string | null };

/** What hosts publish for their customers to include: only these are known for sure. */
const included: Record<string, string> = {
  "smtp.gmail.com": "include:_spf.google.com",
  "smtp-relay.gmail.com": "include:_spf.google.com",
  "smtp.office365.com": "include:spf.protection.outlook.com",
};

const free =
  /^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|icloud|gmx|protonmail|aol)\.(?:com|fr|net)$|^(?:orange|wanadoo|free|laposte|sfr|neuf|bbox|numericable)\.(?:fr|net)$|^(?:proton|mac|me)\.(?:me|com)$/;

/** Whether a provider lends addresses of this domain to the public, and publishes its records itself. */
export const isFreeDomain = (domain: string): boolean => free.test(domain);

export const isSpf = (record: string): boolean => /^v=spf1(?: |$)/i.test(record);
export const isDmarc = (record: string): boolean => /^v\s*=\s*DMARC1\s*(?:;|$)/.test(record);

/**
 * `hosts`: of the relays that write in the domain's name. Several records are an error (RFC 7208, section 4.5). An
 * include of an include is not followed: `unnamed` does not say that the host is refused.
 */
export function judgeSpf(domain: string, found: string[] | null, hosts: readonly string[]): Verdict {
  const records = (found ?? []).filter(isSpf);
  const at = (state: State, proposed: string | null = null) => ({ state, records, name: domain, proposed });
  if (!found) return at("unreachable");
  const wanted = hosts.map((host) => ({ term: termOf(host), known: host in included }));
  const terms = [...new Set(wanted.flatMap(({ term }) => term ?? []))];
  const [record] = records;
  if (!record) return at("absent", terms.length > 0 ? `v=spf1 ${terms.join(" ")} ~all` : null);
  if (records.length > 1) return at("several", merged(records));
  const present = record.toLowerCase().split(/ +/).map(unsigned);
  if (/(?:^| )\+?all(?: |$)/i.test(record))
    return at("open", record.replace(/(^| )\+?all(?= |$)/i, "$1~all"));
  const missing = terms.filter((term) => !present.includes(term));
  if (missing.length === 0) return at(terms.length > 0 ? "right" : "unknown");
  const known = wanted.filter((one) => one.known && missing.includes(one.term ?? ""));
  if (known.length === 0) return at("unknown");
  return at("unnamed", withTerms(record, [...new Set(known.flatMap(({ term }) => term ?? []))]));
}

/** What an SPF record would name this host by; null: it cannot be told (this machine). */
function termOf(host: string): string | null {
  if (host === "" || isLoopback(host)) return null;
  const version = isIP(host);
  if (version) return `ip${version}:${host}`;
  return included[host] ?? `a:${host}`;
}

/** `+` is what no sign means (section 4.6.2); the other signs do not authorise. */
const unsigned = (term: string) => term.replace(/^\+/, "");

/** Before the term that closes the record: what follows « all » is never read (section 5.1). */
function withTerms(record: string, terms: string[]): string {
  const parts = record.trim().split(/ +/);
  const end = parts.findIndex((part) => /^[+~?-]?all$|^redirect=/i.test(part));
  return parts.toSpliced(end < 0 ? parts.length : end, 0, ...terms).join(" ");
}

/** One record that names everybody whom those found name, closed as mildly as they allow to be sure of. */
function merged(records: string[]): string {
  const terms = records.flatMap((record) => record.trim().split(/ +/).slice(1));
  const named = terms.filter((term) => !/^[+~?-]?all$|^redirect=/i.test(term));
  return ["v=spf1", ...new Set(named), "~all"].join(" ");
}

const policies = ["none", "quarantine", "reject"] as const;
type Policy = (typeof policies)[number];

/** A parent's policy holds for its subdomains: `sp`, else `p` (RFC 7489, section 6.3). */
export function judgeDmarc(
  domain: string,
  { dmarc, dmarcDomain }: Found,
): Verdict & { policy: Policy | null } {
  const records = (dmarc ?? []).filter(isDmarc);
  const [record] = records;
  const tags = new Map(
    (record ?? "").split(";").map((tag) => {
      const [name = "", value = ""] = tag.split("=");
      return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const;
    }),
  );
  const said = (dmarcDomain === domain ? undefined : tags.get("sp")) ?? tags.get("p") ?? "";
  const policy = policies.find((one) => one === said) ?? null;
  const state = dmarcState(dmarc, records.length, policy);
  const proposed = state === "right" || state === "unreachable" ? null : "v=DMARC1; p=none";
  const holder = records.length > 0 ? dmarcDomain : domain;
  return { state, records, name: `_dmarc.${holder}`, proposed, policy };
}

function dmarcState(dmarc: string[] | null, count: number, policy: Policy | null): State {
  if (!dmarc) return "unreachable";
  if (count === 0) return "absent";
  // Receivers then apply none (section 6.6.3).
  if (count > 1) return "several";
  return policy ? "right" : "invalid";
}
