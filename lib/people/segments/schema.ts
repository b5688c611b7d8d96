import { z } from "zod";
import { calendarDay, largestId, rowId, storable } from "#lib/machine/asked";
import { requiredLine } from "#lib/machine/fields";
import { interestLevels } from "#lib/people/contacts/interest";

export const contactKinds = [
  "former_src",
  "former_pub",
  "student_src",
  "student_pub",
  "professional",
  "guest_lecturer",
  "associate_lecturer",
  "staff",
] as const;

const ids = z.array(z.int().positive().max(largestId)).min(1).max(50);
const word = requiredLine(100);
const year = z.int("wholeYear").min(1950, "yearRange").max(2100, "yearRange");

const condition = z.discriminatedUnion("field", [
  z.object({ field: z.literal("kind"), in: z.array(z.enum(contactKinds)).min(1) }),
  z
    .object({ field: z.literal("graduationYear"), from: year.nullable(), to: year.nullable() })
    .refine(({ from, to }) => from === null || to === null || from <= to, {
      message: "yearsReversed",
      path: ["to"],
    }),
  z.object({ field: z.literal("city"), is: word }),
  /** Start of a French postcode: the département (33, 971, 2A) or more. */
  z.object({
    field: z.literal("postcode"),
    prefix: z
      .string()
      .toUpperCase()
      .regex(/^(\d{1,5}|2[AB])$/, "postcodePrefix"),
  }),
  z.object({ field: z.literal("organisation"), known: z.boolean() }),
  z.object({ field: z.literal("sector"), is: word }),
  z.object({ field: z.literal("source"), in: ids }),
  z.object({ field: z.literal("topic"), in: ids }),
  /** A calendar date in Paris; contacts created on that day belong. */
  z.object({ field: z.literal("createdAfter"), on: calendarDay }),
  /** Levels of lib/people/contacts/interest.ts, as of the day it is asked. */
  z.object({ field: z.literal("interest"), in: z.array(z.enum(interestLevels)).min(1) }),
  z.object({ field: z.literal("reachable") }),
]);

const group = z.object({
  /** `none` leaves out whoever meets one of them. */
  match: z.enum(["all", "any", "none"]),
  conditions: z.array(condition).min(1).max(20),
});

/** No group: every contact of the book. */
export const criteriaSchema = z.object({ match: z.enum(["all", "any"]), groups: z.array(group).max(5) });

export type Condition = z.infer<typeof condition>;
export type Group = z.infer<typeof group>;
export type Criteria = z.infer<typeof criteriaSchema>;

const list = (value: unknown) =>
  (value === undefined ? [] : Array.isArray(value) ? value : [value]).map(String);
const text = (value: unknown) => (typeof value === "string" ? storable(value).trim() : "");
const number = (value: unknown) => (text(value) === "" ? null : Number(text(value)));

/** The conditions filled in one group of the form; a blank field says nothing. */
function conditionsOf(field: (name: string) => unknown): unknown[] {
  const found: unknown[] = [];
  const kinds = list(field("kinds"));
  if (kinds.length > 0) found.push({ field: "kind", in: kinds });
  const from = number(field("yearFrom"));
  const to = number(field("yearTo"));
  if (from !== null || to !== null) found.push({ field: "graduationYear", from, to });
  if (text(field("city"))) found.push({ field: "city", is: text(field("city")) });
  if (text(field("postcode"))) found.push({ field: "postcode", prefix: text(field("postcode")) });
  const organisation = text(field("organisation"));
  if (organisation) found.push({ field: "organisation", known: organisation === "known" });
  if (text(field("sector"))) found.push({ field: "sector", is: text(field("sector")) });
  const sources = list(field("sources"));
  if (sources.length > 0) found.push({ field: "source", in: sources.map(Number) });
  const topics = list(field("topics"));
  if (topics.length > 0) found.push({ field: "topic", in: topics.map(Number) });
  if (text(field("createdAfter"))) found.push({ field: "createdAfter", on: text(field("createdAfter")) });
  const interest = list(field("interest"));
  if (interest.length > 0) found.push({ field: "interest", in: interest });
  if (field("reachable")) found.push({ field: "reachable" });
  return found;
}

/** The group numbers of the form that hold something. */
const filledGroups = (fields: Record<string, unknown>) =>
  [...new Set(Object.keys(fields).flatMap((key) => /^(\d)\./.exec(key)?.[1] ?? []))]
    .sort()
    .map((n) => ({ n, conditions: conditionsOf((name) => fields[`${n}.${name}`]) }))
    .filter(({ conditions }) => conditions.length > 0);

const names: Record<string, string> = {
  kind: "kinds",
  "graduationYear.from": "yearFrom",
  "graduationYear.to": "yearTo",
  source: "sources",
  topic: "topics",
};

/**
 * Reads the form's flat fields (`0.match`, `0.kinds`, `1.city`…, `match`); blank groups are dropped, and an error
 * is reported under the name of its field.
 */
function readCriteria(fields: Record<string, unknown>, context: z.RefinementCtx): Criteria {
  const groups = filledGroups(fields);
  const read = criteriaSchema.safeParse({
    match: text(fields.match) || "all",
    groups: groups.map(({ n, conditions }) => ({ match: text(fields[`${n}.match`]) || "all", conditions })),
  });
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) {
    const group = groups[Number(path[1])];
    const { field = "match" } = (group?.conditions[Number(path[3])] ?? {}) as { field?: string };
    const name = names[`${field}.${String(path[4])}`] ?? names[field] ?? field;
    context.addIssue({ code: "custom", message, path: [group ? `${group.n}.${name}` : "match"] });
  }
  return z.NEVER;
}

const form = z.record(z.string(), z.unknown());

/** Criteria alone, as the live count asks for them. */
export const criteriaInput = form.transform(readCriteria);

const naming = z.object({
  id: z.union([z.literal(""), rowId()]).optional(),
  name: requiredLine(120),
});

/** Name and criteria of the form; `id` when the segment exists. */
export const segmentInput = form.transform((fields, context) => {
  const named = naming.safeParse(fields);
  for (const { path, message } of named.error?.issues ?? [])
    context.addIssue({ code: "custom", message, path });
  const criteria = readCriteria(fields, context);
  return { id: named.data?.id || null, name: named.data?.name ?? "", criteria };
});

export const segmentId = z.object({ id: rowId() });
