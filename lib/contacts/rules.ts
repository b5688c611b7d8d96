/** What makes an address, a phone number, a year or a website acceptable, whoever brings it: a form or a file. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { foldAddress } from "#lib/seal";

export const oldestYear = 1950;

/** A year somebody may have graduated in, or will: up to five years from `now`. */
export const isGraduationYear = (year: number, now = new Date()) =>
  Number.isInteger(year) && year >= oldestYear && year <= now.getFullYear() + 5;

// RFC 5321's sizes; of RFC 5322's characters, those that occur in life.
const address =
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** The address as stored, or null when no mail can reach it. */
export function acceptAddress(text: string): string | null {
  const folded = foldAddress(text);
  const local = folded.slice(0, folded.lastIndexOf("@"));
  const dots = local.startsWith(".") || local.endsWith(".") || local.includes("..");
  return folded.length <= 254 && !dots && address.test(folded) ? folded : null;
}

/** International form (« +33 5 57 12 20 44 »), or null for what is no number of the plan of its country. */
export function acceptPhone(text: string, country = "FR"): string | null {
  const region = /^[A-Z]{2}$/.test(country) ? (country as "FR") : "FR";
  const phone = parsePhoneNumberFromString(text, region);
  return phone?.isPossible() ? phone.formatInternational() : null;
}

/** An absolute http(s) address; a bare domain is given its scheme. Null otherwise: a `javascript:` link must never be stored. */
export function acceptWebsite(text: string): string | null {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes(".") || url.username) return null;
  return url.href.replace(/\/$/, "");
}

/** ISO 3166 alpha-2 code, from the code itself or the two names that files write. Null otherwise. */
export function acceptCountry(text: string): string | null {
  if (/^france$/i.test(text)) return "FR";
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && names.of(code) !== code ? code : null;
}

const names = new Intl.DisplayNames("fr", { type: "region", fallback: "code" });

/** One line, no control characters, single spaces, composed accents. */
export const tidy = (text: string) =>
  text
    .normalize("NFC")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
