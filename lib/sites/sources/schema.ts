import { z } from "zod";
import { ContactKind } from "#db/enums";
import { rowId } from "#lib/machine/asked";
import { line, requiredLine } from "#lib/machine/fields";

/** Who may have the last word where both sides changed a field, and the fields it is set for; `*`: all others. */
export const owners = ["ask", "remote", "local", "newest"] as const;
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
  token: z.string().trim().max(500, "tooLong").optional().default(""),
  forgetToken: z.stringbool().optional().default(false),
  allowPrivate: z.stringbool().optional().default(false),
  defaultKind: z.enum(ContactKind, "required"),
  applies: z.enum(["auto", "ask"]).optional().default("auto"),
  absent: z.enum(["keep", "propose"]).optional().default("keep"),
  ...Object.fromEntries(
    owned.map((field) => [`owner-${field}`, z.enum(owners).or(z.literal("")).optional()]),
  ),
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
