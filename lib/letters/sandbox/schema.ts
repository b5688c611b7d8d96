import { z } from "zod";
import { pastId, searched } from "#lib/machine/asked";

export const folders = ["sent", "inbox"] as const;

/** The screen's address bar: folder, search words, and the last id of the page above. */
export const sandboxFilter = z.object({
  folder: z.enum(folders).catch("sent"),
  q: searched,
  before: pastId,
});

export const clearSandboxInput = z.object({});
