/** A file of this machine, for who is at a terminal: tried and rolled back, or a run like any other. */
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pool } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import type { Slices } from "#lib/people/change-sets/slices";
import { dialectOf } from "#lib/sites/sources/dialect";
import { limits } from "#lib/sites/sources/format";
import { importContacts, type Report } from "#lib/sites/sources/import";
import { cancelRun } from "#lib/sites/sources/mutations";
import { findRun, listRowErrors, type RunDetail } from "#lib/sites/sources/queries";
import { FileRefused } from "#lib/sites/sources/refusal";
import { recoverRuns, runSync } from "#lib/sites/sources/sync";
import { receiveUpload } from "#lib/sites/sources/upload";
import { listWritten, type WrittenContact } from "#lib/sites/sources/written";

export type Source = {
  id: number;
  key: string;
  defaultKind: string;
  ownership: Record<string, string>;
  dialect: unknown;
};

/**
 * The whole import, rolled back: whom it would write.
 * @unaudited Nothing of it stays.
 */
export async function rehearseFile(source: Source, file: string, report: Report): Promise<WrittenContact[]> {
  const client = await pool().connect();
  let broken = false;
  try {
    await client.query("begin");
    await importContacts(client, createReadStream(file), originOf(source), report);
    return await listWritten(client);
  } finally {
    await client.query("rollback").catch(() => {
      broken = true;
    });
    client.release(broken);
  }
}

const refusals = {
  notFound: "archivedSource",
  alreadyRunning: "alreadyRunning",
  emptyFile: "empty",
  tooBig: "tooBig",
} as const;

/** A run like those of the browser, executed here unless a worker comes first. Who stops us has it go back. */
export async function recordFile(source: Source, file: string, report: Report, sizes: Slices): Promise<void> {
  // What a command prints is its answer; the run says the rest.
  if (log.isLevelEnabled("info")) log.level = "error";
  const kept = await receiveUpload(source.id, basename(file), createReadStream(file), null, limits.bytes);
  if (!kept.ok) throw new FileRefused(refusals[kept.reason], null, kept.params);
  const stop = () =>
    void cancelRun(kept.runId, null).catch((error: Error) =>
      log.warn({ runId: kept.runId, reason: error.message }, "import not stopped"),
    );
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    const run = await ended(kept.runId, sizes);
    const { rowsRead, created, updated, unchanged, archived, rejected, notes } = run;
    Object.assign(report, { rowsRead, created, updated, unchanged, archived, rejected, notes });
    for (const { id: _, ...error } of await listRowErrors(run.id, 0, limits.recordedErrors))
      report.errors.push(error);
    if (run.status !== "succeeded")
      throw new FileRefused(run.error ?? "failure", run.errorLine, run.errorData);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

async function ended(runId: number, sizes: Slices): Promise<RunDetail> {
  for (;;) {
    await runSync(runId, undefined, sizes);
    const run = await findRun(runId);
    if (!run) throw new Error("the run is gone");
    if (run.finishedAt) return run;
    await wait(500);
    await recoverRuns();
  }
}

const originOf = (source: Source) => ({
  sourceId: source.id,
  sourceKey: source.key,
  defaultKind: source.defaultKind,
  ownership: source.ownership,
  dialect: dialectOf(source.dialect),
  runId: null,
  userId: null,
});
