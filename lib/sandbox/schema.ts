import { z } from "zod";

export const folders = ["sent", "inbox"] as const;

/** The screen's address bar: folder, search words, and the last id of the page above. */
export const sandboxFilter = z.object({
  folder: z.enum(folders).catch("sent"),
  q: z.string().trim().max(200).catch(""),
  before: z.coerce.number().int().positive().optional().catch(undefined),
});

export const clearSandboxInput = z.object({});
