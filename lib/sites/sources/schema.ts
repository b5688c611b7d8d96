import { z } from "zod";
import { ContactKind } from "#db/enums";
import { rowId } from "#lib/machine/asked";
import { accepted, line, lines, requiredLine } from "#lib/machine/fields";
import { acceptAddress, addressFault } from "#lib/people/contacts/rules";
import { mappedFields } from "#lib/sites/script/schema";
import { dialectFields, isPath, isRecord } from "#lib/sites/sources/dialect";
import { clearable } from "#lib/sites/sources/format";

/** Who may have the last word where both sides changed a field, and the fields it is set for; `*`: all others. */
export const owners = ["ask", "remote", "local", "newest"] as const;
/** How a site is asked: with a token or a password that it knows, or with signed questions. */
export const accesses = ["signed", "bearer", "basic"] as const;
/** What a partner may be given beside the names and addresses. */
export const givenFields = ["kind", "graduationYear", "phone", "address", "website", "organisation"] as const;

/** When a source is read by itself; daily and weekly runs are at night. */
export const schedules = ["never", "hourly", "sixHours", "daily", "weekly"] as const;
/** How a row that a source has not given before finds its person; each goes further than the one after it. */
export const identityRules = ["duplicates", "address", "id"] as const;
export const owned = [
  "*",
  "kind",
  "firstName",
  "lastName",
  "graduationYear",
  "phone",
  "address",
  "website",
  "locale",
] as const;

const percent = (usual: number) =>
  z.coerce.number("invalid").int("invalid").min(0, "invalid").max(100, "invalid").optional().default(usual);

/** A source as its form sends it. An empty `token` keeps the one there is; `forgetToken` removes it. */
export const sourceInput = z.object({
  name: requiredLine(100),
  key: line(60)
    .transform((key) => key.toLowerCase())
    .pipe(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "sources.errors.invalidKey")),
  url: line(1000).refine((url) => url === "" || isRemote(url), "sources.errors.invalidUrl"),
  access: z.enum(accesses).optional().default("bearer"),
  login: line(100).refine((login) => !login.includes(":"), "invalid"),
  token: z.string().trim().max(500, "tooLong").optional().default(""),
  forgetToken: z.stringbool().optional().default(false),
  /** Addresses and networks, apart by spaces, commas or lines; whether they are is the mutation's to say, by name. */
  networks: lines(4000).transform((text) => text.split(/[\s,;]+/).filter(Boolean)),
  allowPrivate: z.stringbool().optional().default(false),
  defaultKind: z.enum(ContactKind, "required"),
  schedule: z.enum(schedules).optional().default("never"),
  ownerId: z
    .string()
    .regex(/^\d{0,9}$/, "invalid")
    .optional()
    .transform((id) => (id ? Number(id) : null)),
  alertEmail: accepted(acceptAddress, addressFault),
  identity: z.enum(identityRules).optional().default("duplicates"),
  applies: z.enum(["auto", "ask"]).optional().default("auto"),
  absent: z.enum(["keep", "propose"]).optional().default("keep"),
  ...Object.fromEntries(
    owned.map((field) => [`owner-${field}`, z.enum(owners).or(z.literal("")).optional()]),
  ),
  gives: z.stringbool().optional().default(false),
  givesSegmentId: z
    .string()
    .regex(/^\d{0,9}$/, "invalid")
    .optional()
    .transform((id) => (id ? Number(id) : null)),
  ...Object.fromEntries(givenFields.map((field) => [`give-${field}`, z.stringbool().optional()])),
  holdUpdated: percent(20),
  holdEmptied: percent(5),
  holdRejected: percent(5),
  holdFewer: percent(10),
  holdCreated: z.coerce
    .number("invalid")
    .int("invalid")
    .min(0, "invalid")
    .max(1_000_000, "invalid")
    .optional()
    .default(200),
});

export type SourceInput = z.output<typeof sourceInput>;

/** A name of MySQL's as the script writes it between backquotes. */
const name = line(64).refine((text) => !/[`\0]/.test(text), "invalid");

/** What the script of a source's site reads: its table, and its column for each of our fields. */
export const mappingInput = z.object({
  id: rowId(),
  table: line(129).refine((text) => !/[`\0]/.test(text), "invalid"),
  key: name,
  ...Object.fromEntries(mappedFields.map((field) => [`column-${field}`, name.optional()])),
  ...Object.fromEntries([...clearable].map((field) => [`clear-${field}`, z.stringbool().optional()])),
});
export type MappingInput = z.output<typeof mappingInput>;

/** Where the files of a source have each of our fields, in their own words; no record: they are of our format. */
const dialectParts = {
  id: rowId(),
  record: line(80).refine((text) => text === "" || isRecord(text), "sources.errors.badPath"),
  ...Object.fromEntries(
    dialectFields.map((field) => [
      `path-${field}`,
      line(162).refine((text) => text === "" || isPath(text), "sources.errors.badPath"),
    ]),
  ),
};
const said = (input: Record<string, unknown>, name: string) =>
  typeof input[name] === "string" && input[name] !== "";
export const dialectInput = z.object(dialectParts).superRefine((input, context) => {
  const missing = (path: string) => context.addIssue({ code: "custom", path: [path], message: "required" });
  const some = dialectFields.some((field) => said(input, `path-${field}`));
  if (some && !input.record) missing("record");
  if (input.record && !said(input, "path-id")) missing("path-id");
  if (input.record && !["lastName", "firstName", "email"].some((field) => said(input, `path-${field}`)))
    missing("path-lastName");
});
export type DialectInput = z.output<typeof dialectInput>;

/** A try: what is written so far, right or not, and the beginning of a file (base64), else of the one at the source's address. */
export const sampleInput = z.object({
  ...dialectParts,
  head: z.string().max(140_000, "tooLong").optional().default(""),
});
export type SampleInput = z.output<typeof sampleInput>;

export const sourceEdit = sourceInput.extend({ id: rowId() });
export const sourceId = z.object({ id: rowId() });

const sorts = ["question", "created", "updated", "archived"] as const;

/** A decision of a run's proposal, as a button sends it. */
export const decisionInput = z.object({
  id: rowId(),
  sort: z.enum(sorts).optional(),
  field: z
    .string()
    .regex(/^\w{1,30}$/, "invalid")
    .optional(),
  changeId: rowId().optional(),
  accepted: z.stringbool(),
});

function isRemote(text: string): boolean {
  const url = URL.parse(text);
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}
