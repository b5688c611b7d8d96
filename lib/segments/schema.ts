import { z } from "zod";

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

const ids = z.array(z.int().positive()).min(1).max(50);
const word = z.string().trim().min(1).max(100);
const year = z.int("wholeYear").min(1950, "yearRange").max(2100, "yearRange");

const condition = z.discriminatedUnion("field", [
  z.object({ field: z.literal("kind"), in: z.array(z.enum(contactKinds)).min(1) }),
  z
    .object({ field: z.literal("graduationYear"), from: year.nullable(), to: year.nullable() })
    .refine(({ from, to }) => from === null || to === null || from <= to, { message: "yearsReversed", path: ["to"] }),
  z.object({ field: z.literal("city"), is: word }),
  /** Start of a postcode: the département (33, 2A is 20) or more. */
  z.object({ field: z.literal("postcode"), prefix: z.string().regex(/^\d{1,5}$/, "postcodePrefix") }),
  z.object({ field: z.literal("organisation"), known: z.boolean() }),
  z.object({ field: z.literal("sector"), is: word }),
  z.object({ field: z.literal("source"), in: ids }),
  z.object({ field: z.literal("topic"), in: ids }),
  /** A calendar date in Paris; contacts created on that day belong. */
  z.object({ field: z.literal("createdAfter"), on: z.iso.date("date") }),
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

const list = (value: unknown) => (value === undefined ? [] : Array.isArray(value) ? value : [value]).map(String);
const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
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
  if (field("reachable")) found.push({ field: "reachable" });
  return found;
}

/**
 * Reads the form's flat fields (`0.match`, `0.kinds`, `1.city`…, `match`) as criteria, before validation.
 * Empty groups are dropped.
 */
export function readCriteria(fields: Record<string, unknown>): unknown {
  const numbers = [...new Set(Object.keys(fields).flatMap((key) => /^(\d)\./.exec(key)?.[1] ?? []))].sort();
  const groups = numbers.flatMap((n) => {
    const conditions = conditionsOf((name) => fields[`${n}.${name}`]);
    return conditions.length > 0 ? [{ match: text(fields[`${n}.match`]) || "all", conditions }] : [];
  });
  return { match: text(fields.match) || "all", groups };
}

const form = z.record(z.string(), z.unknown());

/** Criteria alone, as the live count asks for them. */
export const criteriaInput = form.transform(readCriteria).pipe(criteriaSchema);

/** Name and criteria of the form; `id` when the segment exists. */
export const segmentInput = form
  .transform((fields) => ({ id: number(fields.id), name: fields.name, criteria: readCriteria(fields) }))
  .pipe(
    z.object({
      id: z.int().positive().nullable(),
      name: z.string("required").trim().min(1, "required").max(120, "tooLong"),
      criteria: criteriaSchema,
    }),
  );

export const segmentId = z.object({ id: z.coerce.number().int().positive() });
