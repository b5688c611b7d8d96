import { z } from "zod";
import { calendarDay, rowId } from "#lib/machine/asked";
import { line } from "#lib/machine/fields";
import { readCents } from "./cells.ts";
import { type Column, columnsOf, type FileKind, fileKinds, type Mapping } from "./columns.ts";

const campaignYear = z.coerce.number("required").int("required").min(2023, "required").max(2100, "required");
const number = z.preprocess(
  (value) => (value === "" ? undefined : value),
  z.coerce
    .number("transfers.errors.number")
    .int("transfers.errors.number")
    .min(1, "transfers.errors.number")
    .max(99, "transfers.errors.number")
    .optional(),
);
const day = z.preprocess((value) => (value === "" ? undefined : value), calendarDay.optional());

export const fileKind = z.enum(fileKinds);
export const fileId = z.object({ id: rowId() });

/** The place of a column in the file, as a list of choices sends it; empty: the file has none. */
const place = z.preprocess(
  (value) => (value === "" ? undefined : value),
  z.coerce.number().int().min(0).max(200).optional(),
);
type FieldName = `in_${Column}`;
const fieldNames = [...new Set([...columnsOf.list, ...columnsOf.statement])].map(
  (column): FieldName => `in_${column}`,
);

export const storeInput = z.object({
  id: rowId(),
  /** Of a list, where no column says it. */
  campaignYear,
  number,
  ...(Object.fromEntries(fieldNames.map((name) => [name, place])) as Record<FieldName, typeof place>),
});

/** The columns asked for in the address of a preview; null when none is. */
export const mappingInput = z
  .object(Object.fromEntries(fieldNames.map((name) => [name, place])) as Record<FieldName, typeof place>)
  .transform((asked): ColumnsInput | null =>
    Object.values(asked).some((at) => at !== undefined) ? asked : null,
  )
  .catch(null);
export type ColumnsInput = Partial<Record<FieldName, number>>;

/** The columns that this kind of file may have, of those that were sent. */
export function mappingOf(kind: FileKind, told: ColumnsInput): Mapping {
  const mapping: Mapping = {};
  for (const column of columnsOf[kind]) {
    const at = told[`in_${column}`];
    if (at !== undefined) mapping[column] = at;
  }
  return mapping;
}

export const bankInput = z.object({
  campaignYear,
  number: number.pipe(z.number("transfers.errors.number")),
  /** Of the row that was read; 0 where there was none. */
  version: z.coerce.number().int().min(0).default(0),
  amount: line(40).transform((text, context) => {
    const reading = readCents(text);
    if ("value" in reading && reading.value > 0) return reading.value;
    context.addIssue({ code: "custom", message: "transfers.errors.amount" });
    return z.NEVER;
  }),
  valueDate: day,
});

export const levels = ["certain", "shared", "likely", "possible", "manual"] as const;

/** « 12|certain|p5:96000+o7:400 »: line 12 is 960 € of pledge 5 and 4 € that organisation 7 had not promised. */
const accepted = z.string().transform((text, context) => {
  const [, line, level, parts = ""] = /^(\d{1,9})\|(\w+)\|([po\d:+]{1,500})$/.exec(text) ?? [];
  const read = parts.split("+").map((part) => /^([po])(\d{1,9}):(\d{1,13})$/.exec(part));
  if (!line || !(levels as readonly string[]).includes(level ?? "") || read.some((part) => !part)) {
    context.addIssue({ code: "custom", message: "invalid" });
    return z.NEVER;
  }
  return {
    lineId: Number(line),
    level: level as (typeof levels)[number],
    parts: read.map((part) => ({
      pledgeId: part?.[1] === "p" ? Number(part[2]) : null,
      organisationId: part?.[1] === "o" ? Number(part[2]) : null,
      cents: Number(part?.[3]),
    })),
  };
});

export const acceptInput = z.object({
  id: rowId(),
  matches: z.array(accepted).min(1, "transfers.errors.nothingTicked").max(20_000),
});
export type AcceptInput = z.output<typeof acceptInput>;

export const lineId = z.object({ id: rowId() });
export const donorInput = z.object({ id: rowId(), organisationId: rowId("required") });
export const newDonorInput = z.object({ id: rowId(), name: line(200).pipe(z.string().min(1, "required")) });

export type StoreInput = z.output<typeof storeInput>;
export type BankInput = z.output<typeof bankInput>;
