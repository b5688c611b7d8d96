/** French typography for numbers and dates, where next-intl does not reach (mails, commands); instants are shown as Europe/Paris. */
export const timeZone = "Europe/Paris";

const tag = (locale: string) => (locale === "en" ? "en-GB" : "fr-FR");

export const formatNumber = (value: number, locale = "fr") =>
  new Intl.NumberFormat(tag(locale)).format(value);

export const formatDate = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "long", timeZone }).format(at);

export const formatDateTime = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "medium", timeStyle: "short", timeZone }).format(at);

/** « 1 472,64 € », from integer cents. */
export const formatCents = (cents: bigint | number, locale = "fr") =>
  new Intl.NumberFormat(tag(locale), { style: "currency", currency: "EUR" }).format(Number(cents) / 100);

const euros = (locale: string) =>
  new Intl.NumberFormat(tag(locale), { style: "currency", currency: "EUR", maximumFractionDigits: 0 });

/** « 1 473 € », from integer cents: for a glance, never for the accounts. */
export const formatEuros = (cents: bigint | number | string, locale = "fr") =>
  euros(locale).format(Number(cents) / 100);
