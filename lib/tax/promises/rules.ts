/** « 40 % », from hundredths of a percent. */
export function sayShare(share: number, locale = "fr"): string {
  const number = new Intl.NumberFormat(locale === "en" ? "en-GB" : "fr-FR", { maximumFractionDigits: 2 });
  return locale === "en" ? `${number.format(share / 100)}%` : `${number.format(share / 100)}\u202f%`;
}
