import { z } from "zod";
import { ContactKind } from "#db/enums";
import { rowId } from "#lib/machine/asked";
import { line, requiredLine } from "#lib/machine/fields";

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
});

export type SourceInput = z.output<typeof sourceInput>;

export const sourceEdit = sourceInput.extend({ id: rowId() });
export const sourceId = z.object({ id: rowId() });

function isRemote(text: string): boolean {
  const url = URL.parse(text);
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}
