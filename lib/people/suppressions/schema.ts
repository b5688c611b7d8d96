import { z } from "zod";
import { SuppressionReason } from "#db/enums";
import { searched } from "#lib/machine/asked";
import { lines, requiredLine } from "#lib/machine/fields";

export const suppressionReasons = Object.values(SuppressionReason);

/** The address bar of the list; anything odd in it is ignored. */
export const oppositionSearch = z.object({
  q: searched,
  reason: z.enum(SuppressionReason).or(z.literal("")).catch(""),
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});
export type OppositionSearch = z.output<typeof oppositionSearch>;

/** A list typed or pasted: an address a line, then perhaps the day it was asked. `step`: look first, then write. */
export const oppositionImport = z.object({
  list: lines(200_000),
  note: requiredLine(200),
  step: z.enum(["preview", "write"]),
});
