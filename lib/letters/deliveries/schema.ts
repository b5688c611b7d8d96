import { z } from "zod";
import { rowId } from "#lib/machine/asked";

/** Without `deliveryId`: all of them. */
export const settleInput = z.object({
  decision: z.enum(["sent", "requeue"]),
  deliveryId: rowId().optional(),
});
