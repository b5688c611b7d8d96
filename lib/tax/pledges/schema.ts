import { z } from "zod";
import { calendarDay, rowId } from "#lib/machine/asked";
import { accepted, line } from "#lib/machine/fields";
import { acceptAmount } from "#lib/tax/simulator/rules";
import { acceptShare, pledgeStates } from "./rules.ts";

export const firstCampaign = 2023;
export const campaignYear = z.coerce.number().int().min(firstCampaign).max(2100);
/** How a colleague may have heard of it. */
export const askedChannels = ["letter", "mail", "call", "meeting"] as const;

const day = z.preprocess((value) => (value === "" ? undefined : value), calendarDay.optional());
const optionalId = z.preprocess((value) => (value === "" ? undefined : value), rowId().optional());

/** Hundredths of a percent; undefined: not told. */
const share = accepted((text) => (acceptShare(text) ? text : null), "pledges.errors.share").transform(
  (text) => (text === "" ? undefined : (acceptShare(text) ?? undefined)),
);
/** Cents; undefined: not told. */
const euros = accepted(
  (text) => (acceptAmount(text) === null ? null : text),
  "pledges.errors.amount",
).transform((text) => (text === "" ? undefined : Math.round((acceptAmount(text) ?? 0) * 100)));

export const pledgeInput = z.object({
  campaignYear,
  organisationId: rowId("required"),
  covers: z.enum(["siret", "siren"]).default("siret"),
  target: line(200),
});

export const moveInput = z.object({
  id: rowId(),
  /** Of the row that was read. */
  version: z.coerce.number().int().positive(),
  to: z.enum(pledgeStates),
  share,
  expected: euros,
  channel: z.enum(["", ...askedChannels]).default(""),
  contactId: optionalId,
  why: line(300),
  allocatedOn: day,
});

export type PledgeInput = z.output<typeof pledgeInput>;
export type MoveInput = z.output<typeof moveInput>;
