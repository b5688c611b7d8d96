/** What a visitor of /taxe types, as an employer of the rules. */
import type { Rates } from "#lib/tax/rules/rates";

/**
 * An amount as people write it: « 249 600 », « 249.600,50 € », « 249600.5 ». Null for anything else; at most a thousand
 * billion.
 */
export function acceptAmount(text: string): number | null {
  const digits = text.replace(/[\s\u00a0\u202f€]/g, "");
  const grouped = /^\d{1,3}(\.\d{3})+(,\d{1,2})?$/.test(digits);
  if (!grouped && !/^\d{1,13}([.,]\d{1,2})?$/.test(digits)) return null;
  const amount = Number((grouped ? digits.replaceAll(".", "") : digits).replace(",", "."));
  return amount <= 1e12 ? amount : null;
}

/** « 1,5 % », « 1.5 »: a percentage up to 100, or null. */
export function acceptPercent(text: string): number | null {
  const digits = text.replace(/[\s\u00a0\u202f%]/g, "").replace(",", ".");
  return /^\d{1,3}(\.\d{1,4})?$/.test(digits) && Number(digits) <= 100 ? Number(digits) : null;
}

/** « 33 », « 2a », « 974 », or the postcode of a place: its département, else null. */
export function acceptDepartment(text: string): string | null {
  const typed = text.trim().toUpperCase().replace(/\s/g, "");
  const known = /^(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[4678])$/;
  // Corsica's postcodes: 200 and 201 are the south, 202 and 206 the north.
  const corsica = /^20[01]\d\d$/.test(typed) ? "2A" : /^20[26]\d\d$/.test(typed) ? "2B" : null;
  const place = /^\d{5}$/.test(typed) ? (corsica ?? typed.slice(0, /^9[78]/.test(typed) ? 3 : 2)) : typed;
  const padded = /^\d$/.test(place) ? `0${place}` : place;
  return known.test(padded) ? padded : null;
}

/**
 * The year of pay that interests an employer on a day (`2026-11-27`): the last one whose solde is not spread yet. SOLTéA
 * closes in the autumn, so from November on it is the year under way. Never a year whose rates nobody verified.
 */
export function payYear(day: string, rates: Rates): number {
  const year = Number(day.slice(0, 4));
  const wanted = Number(day.slice(5, 7)) >= 11 ? year : year - 1;
  const verified = [...rates.years.values()].filter((one) => one.verified && one.year <= wanted);
  return Math.max(...verified.map((one) => one.year));
}
