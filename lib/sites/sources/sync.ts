/** Runs: claimed, executed and settled as rows; whoever is killed leaves nothing but a run to take up again. */
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { type Slices, slices } from "#lib/people/change-sets/slices";
import { keptBytes } from "#lib/sites/sources/chunks";
import { dialectOf } from "#lib/sites/sources/dialect";
import { factsOf, heldFor, mayHold } from "#lib/sites/sources/guards";
import { emptyReport, lookAgain, type Report, readIn, writeAtOnce } from "#lib/sites/sources/import";
import { type Run, RunLost, receive } from "#lib/sites/sources/receive";
import { FileRefused } from "#lib/sites/sources/refusal";
import {
  type GivenUp,
  type Hold,
  maxAttemptsBegun,
  recoverDeadRuns,
  withRunLock,
} from "#lib/sites/sources/run-lock";
import { noteFailure, noteSuccess } from "#lib/sites/sources/schedule";
import { fail, hold, refusalOf, settleUnchanged, succeed } from "#lib/sites/sources/settle";
import { LookAgain, sizeOf, type Work, writeInSlices } from "#lib/sites/sources/sliced";
import { takeBack } from "#lib/sites/sources/turn-back";

/** Runs that one worker executes side by side; a source has one at a time. */
const lanes = 8;

/** Milliseconds after which a run is stopped, whatever it waits for. */
const deadline = 3_600_000;

/**
 * The worker's task: recovers what died, then runs all that is queued, each in its lane, until none is left; what is
 * queued meanwhile begins within the second. Returns how many runs it executed.
 */
export async function runQueuedSyncs(limits = slices): Promise<number> {
  const busy = new Map<number, Promise<void>>();
  let executed = 0;
  do {
    await recoverRuns();
    await dropForsakenUploads();
    for (const id of await listQueued([...busy.keys()], lanes - busy.size)) {
      const lane = runSync(id, deadline, limits)
        .then((did) => {
          executed += Number(did);
        })
        .catch((error: unknown) => log.error({ err: error, runId: id }, "sync lane"))
        .finally(() => busy.delete(id));
      busy.set(id, lane);
    }
    await Promise.race([Promise.all(busy.values()), wait(1000)]);
  } while (busy.size > 0);
  return executed;
}

/** Takes up again what died, and tells of what is given up for it. */
export async function recoverRuns(): Promise<void> {
  for (const run of await recoverDeadRuns()) await settle(run, new FileRefused("interrupted"));
}

async function listQueued(but: number[], limit: number): Promise<number[]> {
  const queued = await sql<{ id: number }>`
    select id from sync_runs where status = 'queued' and not id = any (${but}::int[]) order by id limit ${limit}`;
  return queued.map(({ id }) => id);
}

/** Executes one queued run within `within` milliseconds; false when a colleague has it. Failures end up on the run, not here. */
export async function runSync(runId: number, within = deadline, limits = slices): Promise<boolean> {
  return withRunLock(runId, async (hold) => {
    const run = await claim(runId);
    if (!run) return false;
    await execute(hold, run, within, limits);
    return true;
  });
}

async function claim(runId: number): Promise<Run | undefined> {
  const [run] = await sql<Run>`
    update sync_runs r set status = 'running', started_at = now(), attempts = r.attempts + 1, rows_read = 0, matched = null, to_write = null, error = null,
      bytes_read = case when r.fetched_at is null then 0 else r.bytes_read end
    from sources s, (select r.id, r.error, r.error_line, r.error_data, c.status as set_status, coalesce(f.reads_id, f.id, r.id) as file_id, f.id as reads_id, f.proposal_id, 'replay' in (r.origin, coalesce(f.origin, '')) as replay
      from sync_runs r left join sync_runs f on f.id = r.reads_id left join change_sets c on c.id = r.change_set_id) f
    join sync_runs file on file.id = f.file_id
    where r.id = ${runId} and r.status = 'queued' and s.id = r.source_id and f.id = r.id
    returning r.id, r.attempts, r.origin, r.user_id as "userId", s.id as "sourceId", s.key, s.url,
      s.access, s.login, s.sealed_token as "sealedToken", s.allow_private as "allowPrivate", s.default_kind as "defaultKind",
      s.archived_at is not null as archived, r.fetched_at as "fetchedAt", file.charset,
      f.reads_id as "readsId", f.file_id as "fileId", file.origin as "fileOrigin", f.proposal_id as "proposalId", f.replay, s.absent, s.ownership, s.dialect,
      r.change_set_id as "setId", f.set_status as "setStatus", r.cancelled_at is not null as cancelled,
      jsonb_build_object('reason', f.error, 'line', f.error_line, 'data', f.error_data) as stopped,
      jsonb_build_object('applies', s.applies, 'holdUpdated', s.hold_updated, 'holdEmptied', s.hold_emptied,
        'holdRejected', s.hold_rejected, 'holdFewer', s.hold_fewer, 'holdCreated', s.hold_created) as guards`;
  return run;
}

async function execute(hold: Hold, run: Run, within: number, limits: Slices) {
  const report = emptyReport();
  const late = AbortSignal.timeout(within);
  const cancelled = new AbortController();
  const stop = AbortSignal.any([late, hold.lost, cancelled.signal]);
  const pulse = setInterval(() => {
    if (late.aborted || cancelled.signal.aborted) cancel(hold.pid);
    else tellProgress(run.id, report, cancelled);
  }, 1000);
  const why = (error: unknown) =>
    late.aborted ? tooLate(within) : cancelled.signal.aborted ? new FileRefused("cancelled") : error;
  try {
    await take(hold, run, report, stop, limits);
    if (run.origin === "pull") await noteSuccess(run.sourceId);
    log.info({ runId: run.id, rows: report.rowsRead }, "sync succeeded");
  } catch (error) {
    await hold.client.query("rollback").catch(() => {});
    await stopped(hold, run, report, why(error), limits);
  } finally {
    clearInterval(pulse);
  }
}

/** Who found it lost, or died here, leaves it running and held by nobody: it is taken up again. */
async function stopped({ lost }: Hold, run: Run, report: Report, error: unknown, limits: Slices) {
  try {
    if (error instanceof RunLost || lost.aborted) throw error;
    await takeBack(run, refusalOf(error), limits);
    await settleFailure(run, report, error);
  } catch (reason) {
    if (reason !== error && !(reason instanceof RunLost)) throw reason;
    log.warn({ runId: run.id }, "sync run lost");
  }
}

async function settleFailure(run: Run, report: Report, error: unknown) {
  const refusal = await fail(run, report, error);
  if (refusal) await settle({ ...run, asked: run.userId !== null }, refusal);
}

/** Who pressed the button, or stopped it, sees it fail; what the clock asked is tried again, or told. */
async function settle({ id, sourceId, origin, asked }: GivenUp, refusal: FileRefused) {
  if (origin === "pull" && !asked && refusal.reason !== "cancelled") await noteFailure(sourceId, id, refusal);
}

/** First what may take long and is nobody else's business, then the book. */
async function take({ client }: Hold, run: Run, report: Report, stop: AbortSignal, slices: Slices) {
  throwIfStopped(run);
  const told = await receive(run, stop);
  if (told.unchanged !== undefined) return settleUnchanged(run, told.unchanged, report);
  const origin = { ...originOf(run), told, kept: true, stop };
  for (let attempt = 1; ; attempt++) {
    try {
      return await readAndWrite({ client, run, origin, report, stop, slices });
    } catch (error) {
      if (!(error instanceof LookAgain) || attempt === 3) throw error;
      Object.assign(report, emptyReport());
      await client.query("discard temp");
    }
  }
}

/** In one transaction, or, when that would hold people for too long, in slices. */
async function readAndWrite(work: Work) {
  const { client, run, origin, report, stop, slices } = work;
  await client.query("begin");
  await readIn(client, whileAllowed(keptBytes(run.fileId), stop), origin, report);
  const size = await sizeOf(client);
  const people = size.known + size.created;
  report.toWrite = people;
  const large = run.setId !== null || people > slices.atOnce;
  // Who decided has looked; who gives the command has tried it first (--dry-run), or does not want to be asked.
  const sure = run.setId !== null || run.origin === "decision" || run.origin === "command";
  if (large && (sure || !(await mayHold(client, run, report, size)))) return writeInSlices(work, people);
  const read = { ...report, errors: [...report.errors] };
  const observed = await writeAtOnce(client, origin, report);
  const facts = await factsOf(client, run.sourceId, observed.set, report);
  const held = sure ? [] : heldFor(run.origin, facts, run.guards);
  if (held.length > 0) {
    await hold(client, run, report, observed.set, held);
    await client.query("rollback");
  } else if (large) {
    Object.assign(report, read);
    await lookAgain(client, origin);
    await writeInSlices(work, people);
  } else {
    await succeed(client, run, report, observed);
    await client.query("commit");
  }
}

/** Taken up again only to be taken back. */
function throwIfStopped({ setId, setStatus, stopped, cancelled, attempts }: Run) {
  if (setId === null) return;
  if (setStatus !== "applying")
    throw new FileRefused(stopped.reason ?? "failure", stopped.line, stopped.data ?? {});
  if (cancelled) throw new FileRefused("cancelled");
  if (attempts > maxAttemptsBegun) throw new FileRefused("interrupted");
}

const originOf = (run: Run) => ({
  sourceId: run.sourceId,
  sourceKey: run.key,
  defaultKind: run.defaultKind,
  runId: run.id,
  userId: run.userId,
  ownership: run.ownership,
  dialect: dialectOf(run.dialect),
  // A file sent by hand may be a part: who is not in it is not gone.
  absent: run.fileOrigin === "pull" ? run.absent : "keep",
  replay: run.replay,
  decides: run.origin === "decision" ? run.proposalId : null,
});

async function* whileAllowed(bytes: AsyncIterable<Uint8Array>, stop: AbortSignal) {
  for await (const chunk of bytes) {
    stop.throwIfAborted();
    yield chunk;
  }
}

const tooLate = (within: number) =>
  new FileRefused("deadline", null, { minutes: Math.ceil(within / 60_000) });

/** Ends the statement that a run waits for. Between two statements nothing hears it, so it is said until the run is over. */
function cancel(pid: number) {
  sql`select pg_cancel_backend(${pid})`.catch((error: Error) =>
    log.warn({ reason: error.message }, "late sync not cancelled"),
  );
}

/** Seen by others while the import's own transaction is still open; hears whether somebody asked that it stop. */
function tellProgress(runId: number, { rowsRead, matched, toWrite }: Report, cancelled: AbortController) {
  sql<{ cancelled: boolean }>`
    update sync_runs set rows_read = ${rowsRead}, matched = ${matched}, to_write = ${toWrite} where id = ${runId} and status = 'running'
    returning cancelled_at is not null as cancelled`.then(
    ([run]) => run?.cancelled && cancelled.abort(),
    (error: Error) => log.warn({ runId, reason: error.message }, "sync progress not told"),
  );
}

/** What an upload that never ended left behind, or a run given up because each of its workers died. */
async function dropForsakenUploads() {
  await sql`
    delete from sync_chunks c using sync_runs r
    where r.id = c.run_id and r.status = 'failed' and r.created_at < now() - interval '2 hours'`;
}
