/** Our own establishment and the calendar of a campaign: keys to check, dates in their order. */

/** The dates of a campaign, in the order of a year. */
export const milestoneKinds = [
  "accreditationCloses",
  "contribution",
  "period1Opens",
  "period1Closes",
  "transfer1",
  "period2Opens",
  "period2Closes",
  "transfer2",
  "reliquat",
] as const;
export type MilestoneKind = (typeof milestoneKinds)[number];

const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";

/** « 033 1420 p » to 0331420P; null when the letter is not the key of the seven digits (their number modulo 23). */
export function acceptUai(text: string): string | null {
  const uai = text.replace(/[\s\u00a0\u202f.-]/g, "").toUpperCase();
  return /^\d{7}[A-Z]$/.test(uai) && letters[Number(uai.slice(0, 7)) % 23] === uai[7] ? uai : null;
}

/** An IBAN of any country whose key is right (ISO 13616, modulo 97), without spaces; else null. */
export function acceptIban(text: string): string | null {
  const iban = text.replace(/[\s\u00a0\u202f.-]/g, "").toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban) || (iban.startsWith("FR") && iban.length !== 27))
    return null;
  const digits = `${iban.slice(4)}${iban.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return BigInt(digits) % 97n === 1n ? iban : null;
}

export type Days = Partial<Record<MilestoneKind, string>>;

/**
 * What is wrong with a calendar of days (`2025-05-26`), by kind: a day out of the campaign (from the September before to
 * the March after), or before one that comes earlier in the year. An empty object when it stands.
 */
export function calendarFaults(campaignYear: number, days: Days): Partial<Record<MilestoneKind, string>> {
  const faults: Partial<Record<MilestoneKind, string>> = {};
  let last = "";
  for (const kind of milestoneKinds) {
    const day = days[kind];
    if (!day) continue;
    if (day < `${campaignYear - 1}-09-01` || day > `${campaignYear + 1}-03-31`) faults[kind] = "outside";
    else if (day < last) faults[kind] = "order";
    else last = day;
  }
  return faults;
}

/** What a note of thanks may say of its gift; the names of letters where they have one. */
export const noteVariables = [
  "organisation.name",
  "contact.name",
  "gift.amount",
  "gift.year",
  "department.name",
  "department.uses",
] as const;
