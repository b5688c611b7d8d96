import { formatNumber } from "#lib/machine/format";

/** « 40 % », from hundredths of a percent. */
export function sayShare(share: number, locale = "fr"): string {
  const percent = formatNumber(share / 100, locale, { maximumFractionDigits: 2 });
  return locale === "en" ? `${percent}%` : `${percent}\u202f%`;
}
