import { z } from "zod";
import { auditSubjects } from "#lib/audit/actions";

const day = z.iso.date().catch("");

/** The journal's filters, as they stand in the address; what cannot be read is no filter. */
export const auditSearch = z.object({
  /** A user's id, or `system`: the worker and the commands. */
  by: z
    .union([z.literal("system"), z.coerce.number().int().positive().max(2_147_483_647)])
    .or(z.literal(""))
    .catch(""),
  subject: z.enum(auditSubjects).or(z.literal("")).catch(""),
  /** Days of Paris, both included. */
  from: day,
  to: day,
  after: z.string().optional().catch(undefined),
  before: z.string().optional().catch(undefined),
});
export type AuditSearch = z.infer<typeof auditSearch>;
