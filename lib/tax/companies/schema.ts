import { z } from "zod";
import { rowId } from "#lib/machine/asked";
import { line, requiredLine } from "#lib/machine/fields";
import { campaignYear } from "#lib/tax/pledges/schema";
import { acceptAmount } from "#lib/tax/simulator/rules";
import { type Sector, sectorNames } from "./rules.ts";

const organisationId = rowId();

export const declaredInput = z.object({
  organisationId,
  campaignYear,
  base: requiredLine(40).transform((text, context) => {
    const amount = acceptAmount(text);
    if (amount === null) context.addIssue({ code: "custom", message: "pledges.errors.amount" });
    return Math.round((amount ?? 0) * 100);
  }),
  source: line(300),
});

export const estimatedInput = z.object({
  organisationId,
  campaignYear,
  headcount: z.coerce
    .number("required")
    .int("pledges.errors.headcount")
    .min(1, "pledges.errors.headcount")
    .max(5_000_000),
  sector: z.enum(sectorNames as [Sector, ...Sector[]]),
});

/** What staff may say; Alsace-Moselle says itself. */
export const toldReasons = ["undisclosed", "asked", "notLiable", "other"] as const;

export const stanceInput = z.object({
  organisationId,
  reason: z.enum(["", ...toldReasons]),
  note: line(300),
});

export type DeclaredInput = z.output<typeof declaredInput>;
export type EstimatedInput = z.output<typeof estimatedInput>;
export type StanceInput = z.output<typeof stanceInput>;
