/** French typography for numbers, money and dates; instants are shown as Europe/Paris. */
export const timeZone = "Europe/Paris";

const tag = (locale: string) => (locale === "en" ? "en-GB" : "fr-FR");

export const formatNumber = (value: number, locale = "fr") =>
  new Intl.NumberFormat(tag(locale)).format(value);

/** A share in [0, 1] as « 12,5 % ». */
export const formatShare = (value: number, locale = "fr") =>
  new Intl.NumberFormat(tag(locale), { style: "percent", maximumFractionDigits: 1 }).format(value);

/** Integer cents as « 1 234,56 € ». */
export const formatCents = (cents: number, locale = "fr") =>
  new Intl.NumberFormat(tag(locale), { style: "currency", currency: "EUR" }).format(cents / 100);

export const formatDate = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "long", timeZone }).format(at);

export const formatDateTime = (at: Date, locale = "fr") =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "medium", timeStyle: "short", timeZone }).format(at);
