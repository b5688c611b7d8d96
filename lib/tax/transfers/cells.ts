/** What a cell of an export says, whatever a spreadsheet did to it: a SIRET, an amount, a day, the label of a transfer. */
import type { Cell } from "#lib/machine/sheets/read";
import { tidy } from "#lib/machine/text";
import { isSiren, isSiret } from "#lib/people/organisations/rules";

/** Why a cell cannot be used: a key of the catalog (`transfers.faults`), which also says the cure. */
export type Fault =
  | "siretMissing"
  | "siretScientific"
  | "siretSiren"
  | "siretLength"
  | "siretKey"
  | "amountMissing"
  | "amountUnreadable"
  | "amountDecimals"
  | "amountNegative"
  | "amountZero"
  | "dayUnreadable"
  | "transferUnreadable";

export type Reading<T> = { value: T } | { fault: Fault };

export const wordsOf = (cell: Cell | undefined): string => tidy(String(cell ?? ""));

/**
 * A SIRET as fourteen digits. A spreadsheet takes it for a number: the zeros it dropped are put back where the key
 * agrees; written as « 7,32829E+13 » its last digits are gone, and nobody guesses them.
 */
export function readSiret(cell: Cell | undefined): Reading<string> {
  const typed = typeof cell === "number" ? String(cell) : wordsOf(cell);
  if (typed === "") return { fault: "siretMissing" };
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(typed)) return { fault: "siretScientific" };
  const digits = typed
    .replace(/^\D+/, "")
    .replace(/[.,]0+$/, "")
    .replace(/[\s.'’-]/g, "");
  if (!/^\d+$/.test(digits)) return { fault: "siretLength" };
  if (digits.length === 9 && isSiren(digits)) return { fault: "siretSiren" };
  if (digits.length > 14 || digits.length < 14 - mostZeros) return { fault: "siretLength" };
  const siret = digits.padStart(14, "0");
  // Nought has a good key, and is what programs write for want of a SIRET.
  return isSiret(siret) && /[1-9]/.test(siret) ? { value: siret } : { fault: "siretKey" };
}

/** No SIREN begins with more. */
const mostZeros = 3;

/**
 * An amount in cents: « 1 234,56 € », « 1.234,56 », « 1,234.56 », « (12,00) » or a number of the spreadsheet. Three
 * digits after a lone separator are thousands; a fraction of a cent is refused rather than rounded.
 */
export function readCents(cell: Cell | undefined): Reading<number> {
  if (typeof cell === "number") return inCents(Math.abs(cell), cell < 0);
  const typed = wordsOf(cell);
  if (typed === "") return { fault: "amountMissing" };
  const bare = typed.replace(/[\s\u00a0\u202f'’]|€|EUR/gi, "").replace(/[−–]/g, "-");
  const negative = /^-|-$|^\(.*\)$/.test(bare);
  const digits = bare.replace(/^[-+(]|[-)]$/g, "");
  const decimal =
    /^\d+(?:[.,]\d{1,2})?$/.exec(digits) ??
    /^\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?$/.exec(digits) ??
    /^\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?$/.exec(digits);
  if (!decimal) return { fault: /^\d+[.,]\d{3,}$/.test(digits) ? "amountDecimals" : "amountUnreadable" };
  const [, fraction = ""] = /[.,](\d{1,2})$/.exec(digits) ?? [];
  const whole = digits.slice(0, digits.length - (fraction ? fraction.length + 1 : 0)).replace(/[.,]/g, "");
  return inCents(Number(`${whole}.${fraction || 0}`), negative);
}

function inCents(amount: number, negative: boolean): Reading<number> {
  const cents = Math.round(amount * 100);
  if (Math.abs(amount * 100 - cents) > 1e-4) return { fault: "amountDecimals" };
  if (cents > 1e13) return { fault: "amountUnreadable" };
  return { value: negative ? -cents : cents };
}

/** A day, `2026-07-11`; null where the cell is empty. */
export function readDay(cell: Cell | undefined): Reading<string | null> {
  const typed = wordsOf(cell);
  if (typed === "") return { value: null };
  const [, y, m, d] = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(typed) ?? [];
  const [, d2, m2, y2] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?:\s|$)/.exec(typed) ?? [];
  const year = y ?? (y2?.length === 2 ? `20${y2}` : y2);
  const day = `${year}-${(m ?? m2)?.padStart(2, "0")}-${(d ?? d2)?.padStart(2, "0")}`;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day
    ? { fault: "dayUnreadable" }
    : { value: day };
}

export type Label = { siret: string; campaignYear: number; number: number | null };

const spaced = (word: string) => [...word].join("\\s*");
const labelled = new RegExp(
  `${spaced("TAXE")}\\s*-?\\s*(?:D\\s*['’]?\\s*)?${spaced("APPRENTISSAGE")}\\s*-?\\s*((?:\\d\\s*){13}\\d)\\s*-?\\s*(2\\s*0\\s*\\d\\s*\\d)(?!\\d)(?:\\s*-?\\s*(\\d{1,2})(?!\\d))?`,
  "i",
);

/**
 * « TAXE- APPRENTISSAGE - 19331766600017 - 2026 - 1 » as banks print it, cut anywhere: the SIRET is ours, not a donor's.
 * Null for any other label; the number is null where the label ends before it.
 */
export function readLabel(text: string): Label | null {
  const [, siret, year, number] = labelled.exec(text) ?? [];
  if (!siret || !year) return null;
  const digits = (digitsAndSpaces: string) => digitsAndSpaces.replace(/\s/g, "");
  return {
    siret: digits(siret),
    campaignYear: Number(digits(year)),
    number: number ? Number(number) : null,
  };
}
