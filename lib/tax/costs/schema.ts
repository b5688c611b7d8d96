import { z } from "zod";
import { calendarDay, rowId } from "#lib/machine/asked";
import { line, requiredLine } from "#lib/machine/fields";
import { campaignYear } from "#lib/tax/pledges/schema";
import { acceptAmount } from "#lib/tax/simulator/rules";
import { acceptHours } from "./rules.ts";

const optional = <T>(schema: z.ZodType<T>) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

export const costInput = z
  .object({
    campaignYear,
    /** The letter it was spent on; none: the campaign as a whole. */
    campaignId: optional(rowId()),
    what: requiredLine(200),
    hours: line(20).transform((text, context) => {
      const minutes = text === "" ? 0 : acceptHours(text);
      if (minutes === null) context.addIssue({ code: "custom", message: "pledges.errors.hours" });
      return minutes ?? 0;
    }),
    amount: line(40).transform((text, context) => {
      const amount = text === "" ? 0 : acceptAmount(text);
      if (amount === null) context.addIssue({ code: "custom", message: "pledges.errors.amount" });
      return Math.round((amount ?? 0) * 100);
    }),
    spentOn: optional(calendarDay),
  })
  .check(({ value, issues }) => {
    if (value.hours === 0 && value.amount === 0)
      issues.push({ code: "custom", input: value, path: ["hours"], message: "pledges.errors.nothingSpent" });
  });

export const costId = z.object({ id: rowId() });

export type CostInput = z.output<typeof costInput>;
