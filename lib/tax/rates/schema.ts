import { z } from "zod";
import { accepted, requiredLine } from "#lib/machine/fields";
import type { Band } from "#lib/tax/rules/rates";
import { editableKeys, mostBands, writeBands } from "./rules.ts";

const acceptFigure = (text: string) => {
  const figure = text.replace(/[\s\u00a0\u202f%€]/g, "").replace(",", ".");
  return /^\d{1,7}(\.\d{1,6})?$/.test(figure) ? figure : null;
};

const month = z.string("required").regex(/^20\d\d-(0[1-9]|1[0-2])$/, "tax.errors.month");

export const rateInput = z.object({
  key: z.enum(editableKeys, "required"),
  month,
  value: accepted(acceptFigure, "tax.errors.figure").refine((value) => value !== "", "required"),
  source: requiredLine(300),
});

const figure = accepted(
  (text) => (/^\d{1,3}(\.\d{1,6})?$/.test(acceptFigure(text) ?? "") ? acceptFigure(text) : null),
  "tax.errors.figure",
);
const places = Array.from({ length: mostBands }, (_, at) => at);
type BandField = `below${number}` | `rate${number}` | `large${number}`;

/** The bands of the CSA, a row each: an empty threshold is no band. They rise, and each has its rate. */
export const bandsInput = z
  .object({
    month,
    source: requiredLine(300),
    ...(Object.fromEntries(
      places.flatMap((at) => [`below${at}`, `rate${at}`, `large${at}`].map((name) => [name, figure])),
    ) as Record<BandField, typeof figure>),
  })
  .transform(({ month, source, ...rows }, context) => {
    const cells = rows as Record<BandField, string>;
    const fault = (name: BandField, message: string) =>
      context.addIssue({ code: "custom", path: [name], message });
    const bands: Band[] = [];
    for (const at of places) {
      const [below, rate, large] = [cells[`below${at}`], cells[`rate${at}`], cells[`large${at}`]];
      if (!below) {
        if (rate) fault(`below${at}`, "required");
        continue;
      }
      if (!rate) fault(`rate${at}`, "required");
      if (Number(below) <= Number(bands.at(-1)?.below ?? 0)) fault(`below${at}`, "tax.errors.bandOrder");
      bands.push({ below, rate: rate ?? "", ...(large && { large }) });
    }
    if (bands.length === 0) fault("below0", "required");
    return { key: "csa" as const, month, source, value: writeBands(bands) };
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

export type RateInput = z.output<typeof rateInput> | z.output<typeof bandsInput>;
export type VerifiedInput = z.output<typeof verifiedInput>;
