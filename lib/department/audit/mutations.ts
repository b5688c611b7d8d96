import type { Prisma } from "#db/client";
import type { AuditAction, AuditSubject } from "#lib/department/audit/actions";
import { db, type Runner, runnerOf, sqlOn, transaction } from "#lib/machine/db";
import type { Result } from "#lib/machine/result";

/** Who acts: a user's id; null for a command or the worker. */
export type By = number | null;

export type AuditFact = {
  userId: By;
  action: AuditAction;
  /** The noun acted upon, and its id. */
  subject: AuditSubject;
  subjectId?: number | null;
  /** Ids and small facts, never an address, a name or a secret. */
  data?: Prisma.InputJsonObject;
};

/**
 * Writes down who changed what, in the transaction of the change. Append-only: nothing updates or deletes these rows.
 * `network`, the address a sign-in came from, is kept apart: it has a term.
 */
export async function recordAudit(fact: AuditFact, runner: Runner, network = ""): Promise<void> {
  const { userId, action, subject, subjectId = null, data = {} } = fact;
  await sqlOn(runner)`
    with entry as (
      insert into audit_entries (user_id, action, subject, subject_id, data)
      values (${userId}, ${action}, ${subject}, ${subjectId}, ${JSON.stringify(data)}) returning id
    )
    insert into sign_in_networks (audit_entry_id, network) select id, ${network} from entry where ${network} <> ''`;
}

type Done<R> = Extract<R, { ok: true }>;
/** A fact that depends on the outcome is a function of it. */
type Fact<R> = AuditFact | ((done: Done<R>) => AuditFact);

/**
 * One write and its entry, both or neither: runs `write` in a transaction and writes `fact` down. What refuses is undone
 * whole, whatever it had written before it knew.
 */
export const audited = <R extends Result>(
  fact: Fact<NoInfer<R>>,
  write: (client: Runner) => Promise<R>,
): Promise<R> => orRefused(transaction(async (client) => noted(fact, await write(client), client)));

/** The same for what Prisma writes. */
export const auditedRows = <R extends Result>(
  fact: Fact<NoInfer<R>>,
  write: (rows: Prisma.TransactionClient) => Promise<R>,
): Promise<R> => orRefused(db.$transaction(async (rows) => noted(fact, await write(rows), runnerOf(rows))));

/** Rolls a transaction back, and carries its answer out of it. */
class Undone extends Error {
  readonly answer: Result;
  constructor(answer: Result) {
    super("refused");
    this.answer = answer;
  }
}

async function orRefused<R extends Result>(written: Promise<R>): Promise<R> {
  try {
    return await written;
  } catch (error) {
    if (error instanceof Undone) return error.answer as R;
    throw error;
  }
}

async function noted<R extends Result>(fact: Fact<R>, result: R, runner: Runner): Promise<R> {
  if (!result.ok) throw new Undone(result);
  await recordAudit(typeof fact === "function" ? fact(result as Done<R>) : fact, runner);
  return result;
}

/** The fact of the most usual act: somebody did `action` to the row `subjectId` of its noun. */
export const actOn = <N extends AuditSubject>(
  action: AuditAction & `${N}.${string}`,
  subjectId: number,
  userId: By,
  data: Prisma.InputJsonObject = {},
): AuditFact => ({ userId, action, subject: action.split(".")[0] as N, subjectId, data });
