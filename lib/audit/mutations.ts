import type { Prisma } from "#db/client";
import { db } from "#lib/db";

export type AuditFact = {
  /** Null when a command or the worker acted. */
  userId: number | null;
  /** `<noun>.<past participle>`: « user.invited », « settings.changed ». */
  action: string;
  /** The noun acted upon, and its id. */
  subject: string;
  subjectId?: number | null;
  /** Ids and small facts, never an address, a name or a secret. */
  data?: Prisma.InputJsonObject;
};

/** Writes down who changed what. Append-only: nothing updates or deletes these rows. */
export async function recordAudit({ userId, action, subject, subjectId, data }: AuditFact): Promise<void> {
  await db.auditEntry.create({
    data: { userId, action, subject, subjectId, data: data ?? {} },
    select: { id: true },
  });
}
