import { z } from "zod";
import { calendarDay, rowId, searched } from "#lib/machine/asked";
import { accepted, line, requiredLine } from "#lib/machine/fields";
import { acceptAmount } from "#lib/tax/simulator/rules";
import { acceptShare, pledgeStates } from "./rules.ts";
import { askedChannels } from "./words.ts";

export const firstCampaign = 2023;
export const campaignYear = z.coerce.number().int().min(firstCampaign).max(2100);

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

/** Cents, signed: « −120 » when the declaration went down. Empty: none was told. */
const correction = line(40).transform((text, context) => {
  const [, sign, amount = ""] = /^([-−–+]?)(.*)$/.exec(text) ?? [];
  const cents = text === "" ? 0 : acceptAmount(amount);
  if (cents === null) context.addIssue({ code: "custom", message: "pledges.errors.amount" });
  return Math.round((cents ?? 0) * 100) * (sign === "" || sign === "+" ? 1 : -1) || 0;
});

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

export const editInput = z.object({
  id: rowId(),
  version: z.coerce.number().int().positive(),
  covers: z.enum(["siret", "siren"]),
  ownerId: optionalId,
  nextStep: line(200),
  nextOn: day,
  /** The former student who opened the door. */
  openedBy: optionalId,
  correction,
});

export const contactLogInput = z.object({
  id: rowId(),
  kind: z.enum(["called", "mailed"]),
  contactId: optionalId,
  note: line(500),
});

export const directPaymentInput = z.object({
  organisationId: rowId(),
  campaignYear,
  amount: requiredLine(40).transform((text, context) => {
    const cents = Math.round((acceptAmount(text) ?? 0) * 100);
    if (cents <= 0) context.addIssue({ code: "custom", message: "pledges.errors.amount" });
    return cents;
  }),
  means: z.enum(["cheque", "transfer", "other"]),
  cameOn: calendarDay,
});

export const returnedInput = z.object({ id: rowId(), returnedOn: calendarDay });
export const openInput = z.object({ campaignYear });
export const solicitInput = z.object({ campaignYear, campaignId: rowId() });
export const thanksInput = z.object({
  campaignYear,
  pledgeIds: z.array(rowId()).min(1, "pledges.errors.nobodyToThank").max(1_000),
});
export const tickInput = z.object({ id: rowId(), rule: line(40) });

/** What the address of a screen asks for: the campaign, whose pledges, one state, words of the name. */
export const pledgeSearch = z.object({
  year: campaignYear.optional().catch(undefined),
  owner: z.union([z.literal(""), z.literal("none"), rowId()]).catch(""),
  state: z.enum(["", ...pledgeStates]).catch(""),
  q: searched,
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});

export type EditInput = z.output<typeof editInput>;
export type ContactLogInput = z.output<typeof contactLogInput>;
export type DirectPaymentInput = z.output<typeof directPaymentInput>;
export type PledgeSearch = z.output<typeof pledgeSearch>;

/** The rest of one column of the board. */
export const columnSearch = z.object({
  year: campaignYear,
  state: z.enum(pledgeStates),
  owner: pledgeSearch.shape.owner,
  after: z.string().optional(),
});

/** `?month=2026-05`; null for anything that is none. */
export const monthSearch = z
  .unknown()
  .transform((value) => (/^20\d\d-(0[1-9]|1[0-2])$/.test(String(value)) ? String(value) : null));
