import { formatEuros } from "#lib/machine/format";

type Say = (key: "range", values: { low: string; high: string }) => string;
type Span = { lowCents: string | null; highCents: string | null };

/** « 1 215 € » when it is known, « de 1 100 à 2 200 € » (two digits: it rests on an estimate), or nothing. */
export function sayExpected({ lowCents, highCents }: Span, t: Say, locale: string): string {
  if (lowCents === null || highCents === null) return "";
  if (lowCents === highCents) return formatEuros(lowCents, locale);
  const [low, high] = [lowCents, highCents].map((cents) => formatEuros(twoDigits(cents), locale));
  return t("range", { low: String(low).replace(/\s*€/, ""), high: String(high) });
}

const twoDigits = (cents: string) => Number(Number(cents).toPrecision(2));

/** « 12 mai », from `2026-05-12`. */
export const sayDay = (day: string, locale: string) =>
  new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "fr-FR", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(new Date(`${day}T12:00:00Z`));
