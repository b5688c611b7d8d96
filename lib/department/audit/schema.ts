import { z } from "zod";
import { auditSubjects } from "#lib/department/audit/actions";
import { calendarDay, rowId } from "#lib/machine/asked";

const day = calendarDay.catch("");

/** The journal's filters, as they stand in the address; what cannot be read is no filter. */
export const auditSearch = z.object({
  /** A user's id, or `system`: the worker and the commands. */
  by: z
    .union([z.literal("system"), rowId()])
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
