import { z } from "zod";
import { accepted, requiredLine } from "#lib/machine/fields";
import { editableKeys } from "./rules.ts";

const acceptFigure = (text: string) => {
  const figure = text.replace(/[\s\u00a0\u202f%€]/g, "").replace(",", ".");
  return /^\d{1,7}(\.\d{1,6})?$/.test(figure) ? figure : null;
};

export const rateInput = z.object({
  key: z.enum(editableKeys, "required"),
  month: z.string("required").regex(/^20\d\d-(0[1-9]|1[0-2])$/, "tax.errors.month"),
  value: accepted(acceptFigure, "tax.errors.figure").refine((value) => value !== "", "required"),
  source: requiredLine(300),
});

export const verifiedInput = z.object({
  payYear: z.coerce
    .number("required")
    .int("required")
    .min(2020, "tax.errors.payYear")
    .max(2100, "tax.errors.payYear"),
  verified: z.enum(["yes", "no"]).transform((value) => value === "yes"),
  source: requiredLine(300),
});

export type RateInput = z.output<typeof rateInput>;
export type VerifiedInput = z.output<typeof verifiedInput>;
