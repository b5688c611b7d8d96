/** Whose a run is: alive as long as the connection that holds its lock, whatever befalls the process. */
import type pg from "pg";
import { openConnection, sql, sqlOn } from "#lib/machine/db";
import { log } from "#lib/machine/log";

/** Attempts after which a run whose worker dies each time is given up. */
export const maxAttempts = 3;

/** Of a run that is written in part, which giving up would take back: it may have been stopped on purpose each time. */
export const maxAttemptsBegun = 20;

/** First half of the advisory lock held, on the import's own connection, for as long as the run is alive. */
const runLock = 200_809;

/** What a run is done with: its connection, that server process's number, and when to stop because it is ours no more. */
export type Hold = { client: pg.PoolClient; pid: number; lost: AbortSignal };

/** Runs `work` while a connection of its own holds the run's lock; false when another holds it. */
export async function withRunLock(runId: number, work: (hold: Hold) => Promise<boolean>): Promise<boolean> {
  const { client, close } = await openConnection();
  const lost = new AbortController();
  // Lost between two statements, it would otherwise be heard of by nobody, and end the process.
  client.on("error", (error) => lost.abort(error));
  try {
    const [lock] = await sqlOn(client)<{ got: boolean; pid: number }>`
      select pg_try_advisory_lock(${runLock}, ${runId}) as got, pg_backend_pid() as pid`;
    return !!lock?.got && (await work({ client, pid: lock.pid, lost: lost.signal }));
  } finally {
    // The lock goes with the connection.
    await close();
  }
}

/** A run that fails because each of its workers died; `asked`: by a person, who sees it. */
export type GivenUp = { id: number; sourceId: number; origin: string; asked: boolean };

/**
 * A run is dead when it says running and nobody holds its lock: its process was killed, and PostgreSQL undid what it
 * did. Our own hold lasts for the statement only. Returns those that are given up for it.
 */
export async function recoverDeadRuns(): Promise<GivenUp[]> {
  const recovered = await sql<GivenUp & { status: string; error: string }>`
    update sync_runs r set
      status = (case when f.given_up then 'failed' else 'queued' end)::"SyncRunStatus",
      finished_at = case when f.given_up then now() end,
      error = case when f.turning then r.error when r.cancelled_at is null then 'interrupted' else 'cancelled' end, rows_read = 0
    from (select r.id, coalesce(c.status <> 'applying', false) as turning,
        c.id is null and (r.attempts >= ${maxAttempts} or r.cancelled_at is not null) as given_up
      from sync_runs r left join change_sets c on c.id = r.change_set_id where r.status = 'running') f
    where f.id = r.id and r.status = 'running' and pg_try_advisory_xact_lock(${runLock}, r.id)
    returning r.id, r.source_id as "sourceId", r.origin, r.user_id is not null as asked, r.status, r.error`;
  for (const { id, status } of recovered) log.warn({ runId: id, status }, "sync run recovered");
  return recovered.filter(({ status, error }) => status === "failed" && error === "interrupted");
}
