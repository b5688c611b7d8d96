import { z } from "zod";
import { calendarDay } from "#lib/machine/asked";
import { accepted, line, lines } from "#lib/machine/fields";
import { acceptAmount } from "#lib/tax/simulator/rules";
import { acceptIban, acceptUai, calendarFaults, type Days, milestoneKinds, noteVariables } from "./rules.ts";

/** Of the rows that were read; empty when there were none. */
const version = z.preprocess((value) => (value === "" ? undefined : value), z.coerce.date().optional());

export const firstCampaign = 2023;
const campaignYear = z.coerce.number().int().min(firstCampaign).max(2100);
const day = z.preprocess((value) => (value === "" ? undefined : value), calendarDay.optional());

/** `?year=` of the screen: null for anything that is no campaign. */
export const askedYear = z
  .unknown()
  .transform((value) => campaignYear.safeParse(value))
  .transform((read) => (read.success ? read.data : null));

/** Cents, or null where nothing is written. */
const euros = line(40).transform((text, context) => {
  const amount = text === "" ? null : acceptAmount(text);
  if (text !== "" && amount === null) context.addIssue({ code: "custom", message: "tax.errors.amount" });
  return amount === null ? null : Math.round(amount * 100);
});

/** The note of thanks, with the variables it may hold. */
export const thanksTextInput = z.object({
  campaignYear,
  version,
  thanks: lines(4_000).check(({ value, issues }) => {
    const names = [...value.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g)].map(([, name = ""]) => name);
    if (names.some((name) => !(noteVariables as readonly string[]).includes(name)))
      issues.push({ code: "custom", input: value, message: "pledges.errors.variable" });
  }),
});
export type ThanksTextInput = z.output<typeof thanksTextInput>;

export const establishmentInput = z.object({
  campaignYear,
  version,
  uai: accepted(acceptUai, "tax.errors.uai"),
  /** Empty: the former one stays. */
  iban: accepted(acceptIban, "tax.errors.iban"),
  accreditedUntil: day,
  uses: lines(2_000),
  goal: euros,
  /** What an hour of work counts for in the cost of a campaign. */
  hourly: euros,
});

export const calendarInput = z
  .object({
    campaignYear,
    version,
    source: line(300),
    ...(Object.fromEntries(milestoneKinds.map((kind) => [kind, day])) as Record<
      (typeof milestoneKinds)[number],
      typeof day
    >),
  })
  .check(({ value, issues }) => {
    for (const [kind, fault] of Object.entries(calendarFaults(value.campaignYear, value as Days)))
      issues.push({ code: "custom", input: value, path: [kind], message: `tax.errors.${fault}` });
  });

export type EstablishmentInput = z.output<typeof establishmentInput>;
export type CalendarInput = z.output<typeof calendarInput>;
