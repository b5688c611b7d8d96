/** French typography for numbers and dates, where next-intl does not reach (mails, commands); instants are shown as Europe/Paris. */
export const timeZone = "Europe/Paris";

const tag = (locale: string) => (locale === "en" ? "en-GB" : "fr-FR");

/** Below zero with the minus sign of typography, where CLDR has a hyphen. */
export const formatNumber = (value: number, locale = "fr", options?: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat(tag(locale), options).format(value).replace("-", "\u2212");

export const formatDate = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "long", timeZone }).format(at);

export const formatDateTime = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "medium", timeStyle: "short", timeZone }).format(at);

const calendar = (day: string, locale: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(tag(locale), { ...options, timeZone: "UTC" }).format(new Date(`${day}T12:00:00Z`));

/** « 27 novembre », from `2026-11-27`. */
export const formatDay = (day: string, locale = "fr") =>
  calendar(day, locale, { day: "numeric", month: "long" });

/** « juin 2026 », from `2026-06`. */
export const formatMonth = (month: string, locale = "fr") =>
  calendar(`${month}-15`, locale, { month: "long", year: "numeric" });

/** « 1 472,64 € », from integer cents. */
export const formatCents = (cents: bigint | number, locale = "fr") =>
  formatNumber(Number(cents) / 100, locale, { style: "currency", currency: "EUR" });

/** « 1 473 € », from integer cents: for a glance, never for the accounts. */
export const formatEuros = (cents: bigint | number | string, locale = "fr") =>
  formatNumber(Number(cents) / 100, locale, { style: "currency", currency: "EUR", maximumFractionDigits: 0 });

/** « 1,4 Mo », from bytes. */
export const formatBytes = (bytes: number, locale = "fr") => {
  const [value, unit] =
    bytes < 1e6 ? [Math.max(1, bytes / 1024), "kilobyte"] : [bytes / 1024 / 1024, "megabyte"];
  return formatNumber(value, locale, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
};
