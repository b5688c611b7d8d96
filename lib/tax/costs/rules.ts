/** What a campaign costs and what it returns. */

export type Spent = { minutes: number; cents: bigint };

/** « 1,5 », « 1h30 », « 2 h », « 90 min » as minutes; null for anything else, nothing and more than a thousand hours. */
export function acceptHours(text: string): number | null {
  const typed = text.replace(/[\s\u00a0\u202f]/g, "").toLowerCase();
  const [, hours, rest = "0"] = /^(\d{1,4})h([0-5]?\d)?$/.exec(typed) ?? [];
  const [, minutes] = /^(\d{1,5})min$/.exec(typed) ?? [];
  const decimal = /^\d{1,4}([.,]\d{1,2})?$/.test(typed) ? Number(typed.replace(",", ".")) * 60 : 0;
  const told = hours ? Number(hours) * 60 + Number(rest) : minutes ? Number(minutes) : Math.round(decimal);
  return told > 0 && told <= 60_000 ? told : null;
}

/**
 * Money, and hours at what an hour counts for; half a cent rounds up. Null where hours were spent and nobody told what one
 * counts for: money alone would be a part of the cost that looks like the whole.
 */
export function costOf({ minutes, cents }: Spent, hourlyCents: bigint | null): bigint | null {
  if (hourlyCents === null) return minutes === 0 ? cents : null;
  return cents + (BigInt(minutes) * hourlyCents + 30n) / 60n;
}

/** Fewer donors say nothing: one large one would make any letter a triumph. */
export const fewestDonors = 10;

/**
 * Return on investment (« retour sur investissement »): (received − cost) ÷ cost, in hundredths; 450 is 4.5 times the
 * cost. Null without a cost, or under ten donors.
 */
export function returnOn(receivedCents: bigint, costCents: bigint | null, donors: number): number | null {
  if (costCents === null || costCents <= 0n || donors < fewestDonors) return null;
  return Number(((receivedCents - costCents) * 100n) / costCents);
}

/** Why there is no return, as the catalog says it (`pledges.costs`). */
export const noReturn = (costCents: bigint | null) =>
  costCents === null ? "noHour" : costCents === 0n ? "noCost" : "tooFew";
