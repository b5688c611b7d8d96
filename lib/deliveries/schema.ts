import { z } from "zod";

/** Without `deliveryId`: all of them. */
export const settleInput = z.object({
  decision: z.enum(["sent", "requeue"]),
  deliveryId: z.coerce.number().int().positive().optional(),
});
