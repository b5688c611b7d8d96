/** Runs: claimed, executed and settled as rows; whoever is killed leaves nothing but a run to take up again. */
import type pg from "pg";
import { pool, sql, sqlOn } from "#lib/db";
import { log } from "#lib/log";
import { unseal } from "#lib/seal";
import type { Told } from "#lib/sources/decode";
import { anyAddress, fetchFile, publicAddress } from "#lib/sources/fetch";
import { emptyReport, importContacts, type Report } from "#lib/sources/import";
import { FileRefused } from "#lib/sources/refusal";
import { uploadedBytes } from "#lib/sources/upload";

type Run = {
  id: number;
  attempts: number;
  origin: "pull" | "upload";
  user_id: number | null;
  source_id: number;
  key: string;
  url: string | null;
  sealed_token: Uint8Array | null;
  allow_private: boolean;
  default_kind: string;
  archived: boolean;
};

/** Attempts after which a run whose worker dies each time is given up. */
export const maxAttempts = 3;

/** First half of the advisory lock held, on the import's own connection, for as long as the run is alive. */
const runLock = 200_809;

/** The worker's task: recovers what died, then runs all that is queued. Returns how many runs it executed. */
export async function runQueuedSyncs(): Promise<number> {
  await recoverDeadRuns();
  await dropForsakenUploads();
  let executed = 0;
  for (;;) {
    const queued = await sql<{ id: number }>`select id from sync_runs where status = 'queued' order by id`;
    let progressed = false;
    for (const { id } of queued) progressed = (await runSync(id)) || progressed;
    if (!progressed) return executed;
    executed += queued.length;
  }
}

/** Executes one queued run; false when a colleague has it. Failures end up on the run, not here. */
export async function runSync(runId: number): Promise<boolean> {
  return holding(runId, async (client) => {
    const run = await claim(runId);
    if (!run) return false;
    await execute(client, run);
    return true;
  });
}

/** Runs `work` while this connection holds the run's lock; false when another holds it. */
export async function holding(
  runId: number,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> {
  const client = await pool().connect();
  let broken = false;
  try {
    const [lock] = await sqlOn(client)<{
      got: boolean;
    }>`select pg_try_advisory_lock(${runLock}, ${runId}) as got`;
    if (!lock?.got) return false;
    try {
      return await work(client);
    } finally {
      await sqlOn(client)`select pg_advisory_unlock(${runLock}, ${runId})`.catch(() => {
        broken = true;
      });
    }
  } finally {
    client.release(broken);
  }
}

async function claim(runId: number): Promise<Run | undefined> {
  const [run] = await sql<Run>`
    update sync_runs r set status = 'running', started_at = now(), attempts = attempts + 1, rows_read = 0, error = null
    from sources s where r.id = ${runId} and r.status = 'queued' and s.id = r.source_id
    returning r.id, r.attempts, r.origin, r.user_id, s.id as source_id, s.key, s.url, s.sealed_token, s.allow_private,
              s.default_kind, s.archived_at is not null as archived`;
  return run;
}

async function execute(client: pg.PoolClient, run: Run) {
  const report = emptyReport();
  const progress = setInterval(() => tellProgress(run.id, report.rowsRead), 1000);
  try {
    const told: Told = {};
    const bytes = open(run, told);
    await client.query("begin");
    const origin = {
      sourceId: run.source_id,
      sourceKey: run.key,
      defaultKind: run.default_kind,
      runId: run.id,
      userId: run.user_id,
      told,
    };
    await importContacts(client, bytes, origin, report);
    await succeed(client, run.id, report);
    await client.query("commit");
    log.info({ runId: run.id, rows: report.rowsRead }, "sync succeeded");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    await fail(run, report, error);
  } finally {
    clearInterval(progress);
  }
  await sql`delete from sync_upload_chunks c using sync_runs r where c.run_id = ${run.id} and r.id = c.run_id and r.status in ('succeeded', 'failed')`;
}

function open(run: Run, told: Told): AsyncIterable<Uint8Array> {
  if (run.archived) throw new FileRefused("archivedSource");
  if (run.origin === "upload") return uploadedBytes(run.id);
  if (!run.url) throw new FileRefused("noUrl");
  const allowed = run.allow_private ? anyAddress : publicAddress;
  return fetchFile({ url: run.url, token: token(run), allowed }, told);
}

function token({ sealed_token, source_id }: Run): string | null {
  if (!sealed_token) return null;
  try {
    return unseal(sealed_token, "sources.sealed_token", source_id);
  } catch {
    // Sealed with another installation's key: the administrator must type it again.
    throw new FileRefused("token");
  }
}

/** Seen by others while the import's own transaction is still open. */
function tellProgress(runId: number, rowsRead: number) {
  sql`update sync_runs set rows_read = ${rowsRead} where id = ${runId} and status = 'running'`.catch(
    (error: Error) => log.warn({ runId, reason: error.message }, "sync progress not told"),
  );
}

/** On the import's connection: the run succeeds in the same commit as its contacts. */
export async function succeed(client: pg.PoolClient, runId: number, report: Report) {
  await sqlOn(client)`
    update sync_runs set status = 'succeeded', finished_at = now(), rows_read = ${report.rowsRead}, created = ${report.created},
      updated = ${report.updated}, unchanged = ${report.unchanged}, archived = ${report.archived},
      rejected = ${report.rejected}, notes = ${report.notes}
    where id = ${runId}`;
  await recordErrors(sqlOn(client), runId, report);
}

/** `attempts` guards against a run that was taken from us meanwhile because our connection was lost. */
export async function fail(run: { id: number; attempts: number }, report: Report, error: unknown) {
  const refusal = error instanceof FileRefused ? error : new FileRefused("failure");
  if (refusal.reason === "failure")
    log.error(
      { runId: run.id, code: (error as { code?: string }).code, reason: (error as Error).message },
      "sync failed",
    );
  const settled = await sql`
    update sync_runs set status = 'failed', finished_at = now(), rows_read = ${report.rowsRead}, rejected = ${report.rejected},
      notes = ${report.notes}, error = ${refusal.reason}, error_line = ${refusal.line}, error_data = ${JSON.stringify(refusal.data)}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
  if (settled.length > 0) await recordErrors(sql, run.id, report);
}

async function recordErrors(run: typeof sql, runId: number, { errors }: Report) {
  const rows = JSON.stringify(errors);
  await run`
    insert into sync_run_errors (run_id, line, field, reason, value, rejected)
    select ${runId}::int, line, field, reason, value, rejected
    from jsonb_to_recordset(${rows}::jsonb) as e(line int, field text, reason text, value text, rejected boolean)`;
}

/** A run is dead when it says running and nobody holds its lock: its process was killed, and PostgreSQL undid what it did. */
async function recoverDeadRuns() {
  for (const { id } of await sql<{ id: number }>`select id from sync_runs where status = 'running'`) {
    await holding(id, async () => {
      const [settled] = await sql<{ status: string }>`
        update sync_runs set
          status = (case when origin = 'command' or attempts >= ${maxAttempts} then 'failed' else 'queued' end)::"SyncRunStatus",
          finished_at = case when origin = 'command' or attempts >= ${maxAttempts} then now() end,
          error = 'interrupted', rows_read = 0
        where id = ${id} and status = 'running' returning status`;
      if (settled) log.warn({ runId: id, status: settled.status }, "sync run recovered");
      return true;
    });
  }
}

/** What an upload that never ended left behind. */
async function dropForsakenUploads() {
  await sql`
    delete from sync_upload_chunks c using sync_runs r
    where r.id = c.run_id and r.status = 'failed' and r.created_at < now() - interval '2 hours'`;
}
