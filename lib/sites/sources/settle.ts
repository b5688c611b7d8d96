/** How a run ends: with its contacts, in their commit, or with the reason why there are none. */
import type pg from "pg";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { gather, keepProposal, supersedeSets } from "#lib/people/change-sets/propose";
import { type Observed, proposable } from "#lib/sites/sources/apply";
import type { Held } from "#lib/sites/sources/guards";
import type { Report } from "#lib/sites/sources/import";
import { type Run, RunLost } from "#lib/sites/sources/receive";
import { FileRefused } from "#lib/sites/sources/refusal";

type Ended = Pick<Run, "id" | "sourceId" | "userId" | "origin" | "readsId">;

/**
 * On the import's connection: the run succeeds in the same commit as its contacts, and asks what only people can answer.
 * Its file is kept, for who replays it, until its term.
 * @unaudited The end of a run, which is its own entry.
 */
export async function succeed(
  client: pg.PoolClient,
  run: Ended,
  report: Report,
  { set, asked }: Observed,
): Promise<void> {
  const decision = run.origin === "decision";
  const old = decision ? [] : await listWaiting(client, run.sourceId);
  const proposal = decision || asked === 0 ? null : await askFor(client, run, old);
  await sqlOn(client)`
    update sync_runs set status = 'succeeded', finished_at = now(), rows_read = ${report.rowsRead}, matched = ${report.matched}, created = ${report.created},
      updated = ${report.updated}, unchanged = ${report.unchanged}, archived = ${report.archived},
      rejected = ${report.rejected}, notes = ${report.notes}, change_set_id = ${set}, proposal_id = ${proposal}
    where id = ${run.id}`;
  // A file that changed nothing has nothing to be replayed for.
  if (set === null && proposal === null)
    await sqlOn(client)`delete from sync_chunks where run_id = ${run.id}`;
  if (decision)
    await sqlOn(
      client,
    )`update sync_runs set status = 'decided' where id = ${run.readsId} and status = 'held'`;
  else await supersede(client, old);
  await recordErrors(sqlOn(client), run.id, report);
}

/**
 * The site signed that its people are as when they were last read: all of them are counted unchanged, none was sent.
 * @unaudited The end of a run, which is its own entry.
 */
export async function settleUnchanged(
  run: { id: number; attempts: number },
  people: number,
  report: Report,
): Promise<void> {
  report.rowsRead = people;
  await sql`
    update sync_runs set status = 'succeeded', finished_at = now(), rows_read = ${people}, matched = ${people}, unchanged = ${people}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts}`;
}

async function askFor(client: pg.PoolClient, run: Ended, old: number[]): Promise<number> {
  await gather(client, null, proposable);
  return keepProposal(client, client, old, run.userId);
}

/**
 * What the run would have done waits for somebody; written by another connection, since its own is rolled back.
 * @unaudited The end of a run, which is its own entry.
 */
export async function hold(
  client: pg.PoolClient,
  run: Ended & { attempts: number },
  report: Report,
  set: number | null,
  held: Held[],
): Promise<void> {
  await gather(client, set, proposable);
  await transaction(async (other) => {
    // What the import's own connection holds would never be let go: it waits for us.
    await other.query("set local lock_timeout = '10s'");
    const old = await listWaiting(other, run.sourceId);
    const proposal = await keepProposal(client, other, old, run.userId);
    const mine = await sqlOn(other)`
      update sync_runs set status = 'held', finished_at = now(), rows_read = ${report.rowsRead}, matched = ${report.matched}, created = ${report.created},
        updated = ${report.updated}, unchanged = ${report.unchanged}, archived = ${report.archived}, rejected = ${report.rejected},
        notes = ${report.notes}, proposal_id = ${proposal}, held_for = ${JSON.stringify(held)}
      where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
    if (mine.length === 0) throw new RunLost();
    await supersede(other, old);
    await recordErrors(sqlOn(other), run.id, report);
  });
}

/** The sets of a source that still wait: a new run says what they said, or better. */
async function listWaiting(client: pg.PoolClient, sourceId: number): Promise<number[]> {
  const rows = await sqlOn(client)<{ id: number }>`
    select s.id from sync_runs r join change_sets s on s.id = r.proposal_id and s.status = 'waiting'
    where r.source_id = ${sourceId} order by s.id for update of s`;
  return rows.map(({ id }) => id);
}

async function supersede(client: pg.PoolClient, old: number[]) {
  await supersedeSets(client, old);
  await sqlOn(client)`
    update sync_runs set status = 'superseded' where proposal_id = any (${old}::int[]) and status = 'held'`;
}

/**
 * Why it failed, once that is written; null when somebody else has it.
 * `attempts` guards against a run that was taken from us meanwhile because our connection was lost.
 * @unaudited The end of a run, which is its own entry.
 */
export async function fail(
  run: { id: number; attempts: number },
  report: Report,
  error: unknown,
): Promise<FileRefused | null> {
  const refusal = refusalOf(error);
  if (refusal.reason === "failure")
    log.error(
      { runId: run.id, code: (error as { code?: string }).code, reason: (error as Error).message },
      "sync failed",
    );
  const settled = await sql`
    with mine as (
      update sync_runs set status = 'failed', finished_at = now(), rows_read = ${report.rowsRead}, rejected = ${report.rejected},
        notes = ${report.notes}, error = ${refusal.reason}, error_line = ${refusal.line}, error_data = ${JSON.stringify(refusal.data)}
      where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id
    ), swept as (
      delete from sync_chunks using mine where run_id = mine.id
    )
    select id from mine`;
  if (settled.length === 0) return null;
  await recordErrors(sql, run.id, report);
  return refusal;
}

export const refusalOf = (error: unknown): FileRefused =>
  error instanceof FileRefused ? error : new FileRefused("failure");

async function recordErrors(run: typeof sql, runId: number, { errors }: Report) {
  const rows = JSON.stringify(errors);
  await run`
    insert into sync_run_errors (run_id, line, field, reason, value, rejected)
    select ${runId}::int, line, field, reason, value, rejected
    from jsonb_to_recordset(${rows}::jsonb) as e(line int, field text, reason text, value text, rejected boolean)`;
}
