import { formatEuros } from "#lib/machine/format";

type Say = (key: "range", values: { low: string; high: string }) => string;
type Span = { lowCents: string | null; highCents: string | null };

/** « 1 200 € », « de 1 100 à 2 200 € », or nothing. */
export function sayExpected({ lowCents, highCents }: Span, t: Say, locale: string): string {
  if (lowCents === null || highCents === null) return "";
  const [low, high] = [formatEuros(lowCents, locale), formatEuros(highCents, locale)];
  return low === high ? low : t("range", { low: low.replace(/\s*€/, ""), high });
}

/** « 12 mai », from `2026-05-12`. */
export const sayDay = (day: string, locale: string) =>
  new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "fr-FR", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(new Date(`${day}T12:00:00Z`));
