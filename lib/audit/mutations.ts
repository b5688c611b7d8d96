import type { Prisma } from "#db/client";
import type { AuditAction, AuditSubject } from "#lib/audit/actions";
import { pool, type Runner, sqlOn } from "#lib/db";

export type AuditFact = {
  /** Null when a command or the worker acted. */
  userId: number | null;
  action: AuditAction;
  /** The noun acted upon, and its id. */
  subject: AuditSubject;
  subjectId?: number | null;
  /** Ids and small facts, never an address, a name or a secret. */
  data?: Prisma.InputJsonObject;
};

/**
 * Writes down who changed what, in the caller's transaction if it gives one. Append-only: nothing updates or deletes
 * these rows. `network`, the address a sign-in came from, is kept apart: it has a term.
 */
export async function recordAudit(fact: AuditFact, runner: Runner = pool(), network = ""): Promise<void> {
  const { userId, action, subject, subjectId = null, data = {} } = fact;
  await sqlOn(runner)`
    with entry as (
      insert into audit_entries (user_id, action, subject, subject_id, data)
      values (${userId}, ${action}, ${subject}, ${subjectId}, ${JSON.stringify(data)}) returning id
    )
    insert into sign_in_networks (audit_entry_id, network) select id, ${network} from entry where ${network} <> ''`;
}
