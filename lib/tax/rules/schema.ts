/** What is told of an employer to compute its tax: euros in, as `npm run crm -- tax` and the screens give them. */
import { z } from "zod";

export const statuses = ["company", "association", "mutual", "teaching", "public", "bnc"] as const;

const euros = z.number("euros").min(0, "euros").max(1e12, "euros");
const percent = z.number("percent").min(0, "percent").max(100, "percent");
const list = <Item extends z.ZodType>(item: Item) => z.array(item, "list").max(10_000, "list");

/** 01 to 95, 2A, 2B, 971…: also as a spreadsheet gives it, the number 1 for 01. */
const department = z
  .union([z.string(), z.number()], "department")
  .transform((value) => String(value).trim().toUpperCase().padStart(2, "0"))
  .pipe(z.string().regex(/^(0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[78]\d)$/, "department"));

const establishment = z.object(
  {
    siret: z.union([z.string(), z.number()], "siret").transform(String).default(""),
    department,
    base: euros.optional(),
  },
  "object",
);

const month = z.object(
  {
    month: z.string("month").regex(/^\d{4}-(0[1-9]|1[0-2])$/, "month"),
    base: euros,
    apprentices: z.number("count").int("count").min(0, "count").max(1e6, "count").default(0),
  },
  "object",
);

export const employerInput = z
  .object(
    {
      /** The year of pay; its campaign on SOLTéA is the one after. */
      year: z.number("year").int("year").min(1900, "year").max(2999, "year"),
      status: z.enum(statuses, "status"),
      /** Yearly average, all establishments; unknown counts as under every threshold, and a step says so. */
      headcount: z.number("headcount").min(0, "headcount").max(5e6, "headcount").nullish(),
      workStudyPercent: percent.nullish(),
      workStudyPercentBefore: percent.nullish(),
      cfaGifts: euros.nullish(),
      establishments: list(establishment).min(1, "establishments"),
      /** The whole employer month by month, from December of the year before; then no `base` is needed. */
      months: list(month).nullish(),
    },
    "object",
  )
  .check((context) => {
    const { year, establishments, months } = context.value;
    const fault = (path: PropertyKey[], message: string) =>
      context.issues.push({ code: "custom", input: context.value, path, message });
    if (!months?.length) {
      for (const [at, { base }] of establishments.entries())
        if (base === undefined) fault(["establishments", at, "base"], "base");
      return;
    }
    const first = `${year - 1}-12`;
    const seen = new Set<string>();
    for (const [at, one] of months.entries()) {
      if (one.month < first || one.month > `${year}-12`) fault(["months", at, "month"], "otherYear");
      if (seen.has(one.month)) fault(["months", at, "month"], "twice");
      seen.add(one.month);
    }
    const told = total(establishments.map(({ base }) => base ?? 0));
    const byMonth = total(months.filter((one) => one.month !== first).map(({ base }) => base));
    // Cents: sums of binary fractions differ in their last digits.
    if (told > 0 && Math.abs(told - byMonth) >= 0.01) fault(["months"], "twoBases");
  });

const total = (amounts: number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

export type Employer = z.output<typeof employerInput>;
