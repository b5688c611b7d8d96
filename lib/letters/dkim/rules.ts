/** What is published in DNS for a key, and what is found there (RFC 6376, section 3.6). */
import type { Algorithm, CheckResult } from "#lib/letters/dkim/schema";

/** `src202611`; with a letter more when the month has had its key. */
export function selectorOf(at: Date, taken: readonly string[]): string {
  const month = `src${at.toISOString().slice(0, 7).replace("-", "")}`;
  const candidates = ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => month + letter);
  return candidates.find((one) => !taken.includes(one)) ?? `${month}-${taken.length}`;
}

/** Where the record is published: `src202611._domainkey.iut.example`. */
export const recordName = (selector: string, domain: string): string => `${selector}._domainkey.${domain}`;

export type PublicKey = {
  algorithm: Algorithm;
  /** Base64: of the SubjectPublicKeyInfo for RSA, of the 32 bytes themselves for Ed25519 (RFC 8463, section 4). */
  publicKey: string;
};

/** The record's value. */
export const recordValue = ({ algorithm, publicKey }: PublicKey): string =>
  `v=DKIM1; k=${algorithm}; p=${publicKey}`;

/** The value as a zone file wants it: quoted strings of 255 characters at most (RFC 1035, section 3.3.14). */
export const zoneValue = (value: string): string =>
  (value.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(" ");

/**
 * Judges the TXT records found under the name, each whole. Several DKIM records are as bad as a wrong one: which of
 * them a receiver takes is not defined (section 3.6.2.2).
 */
export function judgeRecords(records: readonly string[], key: PublicKey): CheckResult {
  const keys = records.map(tagsOf).filter((tags) => tags.has("p") && (tags.get("v") ?? "DKIM1") === "DKIM1");
  if (keys.length === 0) return "absent";
  const right = keys.every(
    (tags) => tags.get("p") === key.publicKey && (tags.get("k") ?? "rsa") === key.algorithm,
  );
  return right ? "right" : "other";
}

/** `v=DKIM1; k=rsa; p=…`; white space in a value means nothing (section 3.2). */
function tagsOf(record: string): Map<string, string> {
  const tags = record.split(";").map((tag) => {
    const [name = "", ...value] = tag.split("=");
    return [name.trim(), value.join("=").replace(/\s+/g, "")] as const;
  });
  return new Map(tags.filter(([name]) => name !== ""));
}
