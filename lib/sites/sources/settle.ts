/** How a run ends: with its contacts, in their commit, or with the reason why there are none. */
import type pg from "pg";
import { sql, sqlOn } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import type { Report } from "#lib/sites/sources/import";
import { FileRefused } from "#lib/sites/sources/refusal";

/**
 * On the import's connection: the run succeeds in the same commit as its contacts.
 * @unaudited The end of a run, which is its own entry.
 */
export async function succeed(client: pg.PoolClient, runId: number, report: Report): Promise<void> {
  await sqlOn(client)`
    update sync_runs set status = 'succeeded', finished_at = now(), rows_read = ${report.rowsRead}, created = ${report.created},
      updated = ${report.updated}, unchanged = ${report.unchanged}, archived = ${report.archived},
      rejected = ${report.rejected}, notes = ${report.notes}
    where id = ${runId}`;
  await sqlOn(client)`delete from sync_chunks where run_id = ${runId}`;
  await recordErrors(sqlOn(client), runId, report);
}

/**
 * `attempts` guards against a run that was taken from us meanwhile because our connection was lost.
 * @unaudited The end of a run, which is its own entry.
 */
export async function fail(
  run: { id: number; attempts: number },
  report: Report,
  error: unknown,
): Promise<void> {
  const refusal = error instanceof FileRefused ? error : new FileRefused("failure");
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
  if (settled.length > 0) await recordErrors(sql, run.id, report);
}

async function recordErrors(run: typeof sql, runId: number, { errors }: Report) {
  const rows = JSON.stringify(errors);
  await run`
    insert into sync_run_errors (run_id, line, field, reason, value, rejected)
    select ${runId}::int, line, field, reason, value, rejected
    from jsonb_to_recordset(${rows}::jsonb) as e(line int, field text, reason text, value text, rejected boolean)`;
}
