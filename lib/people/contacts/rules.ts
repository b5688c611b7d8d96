/** What makes an address, a phone number, a year or a website acceptable, whoever brings it: a form or a file. */
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { foldAddress } from "#lib/machine/seal";
import { tidy } from "#lib/machine/text";

export const oldestYear = 1950;

/** A year somebody may have graduated in, or will: up to five years from `now`. */
export const isGraduationYear = (year: number, now = new Date()) =>
  Number.isInteger(year) && year >= oldestYear && year <= now.getFullYear() + 5;

// RFC 5321's sizes; of RFC 5322's characters, those that occur in life.
const address =
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * The address as stored, or null when no mail can reach it: also when a letter before the @ is not ASCII, which
 * few servers take (RFC 6531). `mailto:`, invisible and full-width characters, as pasted, are dropped.
 */
export function acceptAddress(text: string): string | null {
  const folded = foldAddress(plainAddress(text));
  const local = folded.slice(0, folded.lastIndexOf("@"));
  const dots = local.startsWith(".") || local.endsWith(".") || local.includes("..");
  return folded.length <= 254 && !dots && isAscii(local) && address.test(folded) ? folded : null;
}

const plainAddress = (text: string) =>
  tidy(text)
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/^mailto:/i, "");

const isAscii = (text: string) => !/[^\x20-\x7e]/.test(text);

/** What is wrong with an address that is not accepted: what a key of the catalog says, with its cure. */
export const addressFault = (text: string): "email" | "emailNotAscii" => {
  const [local = "", domain] = plainAddress(text).split("@");
  return domain && !isAscii(local) ? "emailNotAscii" : "email";
};

/** Numbering plans beside that of metropolitan France, by the first digits of the postcode. */
const plans: Record<string, CountryCode> = {
  971: "GP",
  972: "MQ",
  973: "GF",
  974: "RE",
  975: "PM",
  976: "YT",
  977: "BL",
  978: "MF",
  986: "WF",
  987: "PF",
  988: "NC",
};

/**
 * International form (« +33 5 57 12 20 44 »), or null for what is no number of the plan of its country. What looks
 * like a French number but belongs to an overseas plan gets that plan's code; a French postcode says which to try first.
 */
export function acceptPhone(text: string, country = "FR", postcode = ""): string | null {
  const region = /^[A-Z]{2}$/.test(country) ? (country as CountryCode) : "FR";
  const near = region === "FR" ? (plans[postcode.replace(/\s/g, "").slice(0, 3)] ?? "FR") : region;
  const read = parsePhoneNumberFromString(text, near);
  const elsewhere = !read?.isValid() && Object.values(plans).includes(near);
  const number = elsewhere ? parsePhoneNumberFromString(text, "FR") : read;
  const found = number?.countryCallingCode === "33" ? (overseas(number.nationalNumber) ?? number) : number;
  return found?.isPossible() ? found.formatInternational() : null;
}

/** National numbers that belong to other country codes (ARCEP's numbering plan): dialled with +33 they ring nobody. */
const overseasPlans: [RegExp, CountryCode][] = [
  [/^(26[239]|639|69[23])/, "RE"],
  [/^(590|69[01])/, "GP"],
  [/^(596|69[67])/, "MQ"],
  [/^(594|694)/, "GF"],
  [/^508/, "PM"],
];

function overseas(national: string) {
  const [, plan] = overseasPlans.find(([start]) => start.test(national)) ?? [];
  const number = plan && parsePhoneNumberFromString(`0${national}`, plan);
  return number?.isPossible() ? number : null;
}

/**
 * An absolute http(s) address as it was typed; a bare domain, with a port or not, is given its scheme. Null
 * otherwise: a `javascript:` link must never be stored.
 */
export function acceptWebsite(text: string): string | null {
  const typed = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) ? text : `https://${text}`;
  const url = URL.parse(typed);
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname.includes(".") || url.username) return null;
  return /^https?:\/\/[^/]/i.test(typed) ? typed.replace(/[\s"<>`\\]/g, encodeURIComponent) : url.href;
}

/** ISO 3166 alpha-2 code, from the code itself or the two names that files write. Null otherwise. */
export function acceptCountry(text: string): string | null {
  if (/^france$/i.test(text)) return "FR";
  const code = text.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && names.of(code) !== code ? code : null;
}

const names = new Intl.DisplayNames("fr", { type: "region", fallback: "code" });
