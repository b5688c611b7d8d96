/** A computation in words: the labels of its steps and why it was refused, in the reader's language. */
import { createTranslator } from "use-intl/core";
import { formatCents, formatMonth, formatNumber } from "#lib/machine/format";
import { type Catalog, catalogs } from "#lib/machine/messages/catalog";
import type { Refusal } from "./compute.ts";
import type { Step, Value } from "./steps.ts";

type Locale = "fr" | "en";
type Words = Record<string, string>;

/** « Solde de 33 : 0,09 % de 24 000 000,00 € », with what nobody could confirm after it. */
export function sayStep({ key, values, unconfirmed }: Step, locale: Locale): string {
  const label = sentence(locale, `steps.${key}`, valuesIn(locale, values));
  return unconfirmed ? sentence(locale, "steps.unconfirmed", { label, why: unconfirmed }) : label;
}

export const sayRefusal = ({ refused, values }: Refusal, locale: Locale) =>
  sentence(locale, `refused.${refused}`, valuesIn(locale, values));

/** What is wrong with a field, and its cure. `fault` is a message of `employerInput`. */
export const sayFault = (fault: string, locale: Locale) => sentence(locale, `faults.${fault}`);

function sentence(locale: Locale, key: string, values: Words = {}): string {
  const t = createTranslator<Catalog, "tax">({ locale, messages: catalogs[locale], namespace: "tax" });
  // Keys are made of a step's name; a test says them all.
  return (t as unknown as (key: string, values: Words) => string)(key, values);
}

const valuesIn = (locale: Locale, values: Record<string, Value> = {}): Words =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, valueIn(locale, value)]));

function valueIn(locale: Locale, value: Value): string {
  if (typeof value === "string") return value;
  if ("cents" in value) return formatCents(value.cents, locale);
  if ("month" in value) return formatMonth(value.month, locale);
  const number = (figure: string) => formatNumber(Number(figure), locale, { maximumFractionDigits: 9 });
  if ("number" in value) return number(value.number);
  return locale === "en" ? `${number(value.percent)}%` : `${number(value.percent)}\u202f%`;
}
