import { z } from "zod";
import { ContactKind } from "#db/enums";

const text = (max: number) => z.string().trim().max(max, "tooLong");

/** A source as its form sends it. An empty `token` keeps the one there is; `forgetToken` removes it. */
export const sourceInput = z.object({
  name: text(100).min(1, "required"),
  key: text(60)
    .toLowerCase()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "sources.invalidKey"),
  url: text(1000).refine((url) => url === "" || isRemote(url), "sources.invalidUrl"),
  token: text(500).optional().default(""),
  forgetToken: z.stringbool().optional().default(false),
  allowPrivate: z.stringbool().optional().default(false),
  defaultKind: z.enum(ContactKind, "required"),
});

export type SourceInput = z.output<typeof sourceInput>;

export const sourceEdit = sourceInput.extend({ id: z.coerce.number().int() });
export const sourceId = z.object({ id: z.coerce.number().int() });

function isRemote(text: string): boolean {
  const url = URL.parse(text);
  return !!url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}
