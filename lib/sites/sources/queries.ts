import { db, sql } from "#lib/machine/db";
import type { Mapping } from "#lib/sites/script/schema";
import { dialectOf } from "#lib/sites/sources/dialect";
import type { RowReason } from "#lib/sites/sources/format";
import type { Held } from "#lib/sites/sources/guards";
import type { Ownership } from "#lib/sites/sources/recall";
import type { FileRefusalReason } from "#lib/sites/sources/refusal";
import type { accesses } from "#lib/sites/sources/schema";

/** Every source with its last run; archived ones last. */
export const listSources = () =>
  db.source.findMany({
    select: {
      id: true,
      key: true,
      name: true,
      url: true,
      archivedAt: true,
      runs: {
        select: {
          id: true,
          status: true,
          createdAt: true,
          finishedAt: true,
          created: true,
          updated: true,
          rejected: true,
          rowsRead: true,
        },
        orderBy: { id: "desc" },
        take: 1,
      },
      _count: { select: { externalIds: true } },
    },
    orderBy: [{ archivedAt: { sort: "asc", nulls: "first" } }, { name: "asc" }, { id: "asc" }],
  });

export type SourceRow = Awaited<ReturnType<typeof listSources>>[number];

/** The token itself never leaves the database. */
export async function findSource(id: number) {
  const source = await db.source.findUnique({
    where: { id },
    select: {
      id: true,
      key: true,
      name: true,
      url: true,
      access: true,
      login: true,
      mapping: true,
      dialect: true,
      allowPrivate: true,
      schedule: true,
      nextAt: true,
      ownerId: true,
      owner: { select: { name: true } },
      alertEmail: true,
      networks: true,
      gives: true,
      givesSegmentId: true,
      givesFields: true,
      defaultKind: true,
      identity: true,
      applies: true,
      absent: true,
      ownership: true,
      holdUpdated: true,
      holdEmptied: true,
      holdRejected: true,
      holdFewer: true,
      holdCreated: true,
      archivedAt: true,
      createdAt: true,
    },
  });
  if (!source) return null;
  const [token] = await sql<{ present: boolean; secrets: number; waiting: boolean }>`
    select s.sealed_token is not null as present, count(k.id)::int as secrets, coalesce(bool_or(k.used_at is null), false) as waiting
    from sources s left join source_secrets k on k.source_id = s.id where s.id = ${id} group by s.id`;
  return {
    ...source,
    access: source.access as (typeof accesses)[number],
    mapping: { table: "", key: "id", columns: {}, clear: [], ...(source.mapping as Partial<Mapping>) },
    dialect: dialectOf(source.dialect),
    ownership: source.ownership as Ownership,
    hasToken: token?.present ?? false,
    // A secret that its site has not answered with yet, beside the one it does, if there is one.
    secrets: { count: token?.secrets ?? 0, waiting: token?.waiting ?? false },
  };
}

export type SourceDetail = NonNullable<Awaited<ReturnType<typeof findSource>>>;

const runColumns = {
  id: true,
  status: true,
  origin: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  rowsRead: true,
  matched: true,
  toWrite: true,
  created: true,
  updated: true,
  unchanged: true,
  archived: true,
  rejected: true,
  notes: true,
  attempts: true,
  bytesRead: true,
  fetchedAt: true,
  cancelledAt: true,
  changeSetId: true,
  changeSet: { select: { planned: true, written: true, status: true } },
  proposalId: true,
  heldFor: true,
  readsId: true,
  error: true,
  errorLine: true,
  errorData: true,
  user: { select: { name: true } },
  upload: { select: { name: true, size: true } },
} as const;

/** The last runs of a source, newest first; `before` is a run's id. */
export const listRuns = (sourceId: number, before?: number) =>
  db.syncRun.findMany({
    where: { sourceId, ...(before && { id: { lt: before } }) },
    select: runColumns,
    orderBy: { id: "desc" },
    take: 21,
  });

export const findRun = async (id: number) => {
  const run = await db.syncRun.findUnique({
    where: { id },
    select: { ...runColumns, source: { select: { id: true, key: true, name: true } } },
  });
  const [file] = await sql<{ kept: boolean }>`
    select exists (select from sync_chunks where run_id = ${run?.readsId ?? id}) as kept`;
  return (
    run && {
      ...run,
      kept: file?.kept ?? false,
      error: run.error as FileRefusalReason | null,
      errorData: (run.errorData ?? {}) as Record<string, string | number>,
      heldFor: run.heldFor as Held[],
    }
  );
};

/** The run that carried a decision out, or that says better: the next of the same source that is not this one. */
export async function findSuccessor(run: {
  id: number;
  status: string;
  source: { id: number };
}): Promise<number | null> {
  const [found] = await sql<{ id: number }>`
    select id from sync_runs where source_id = ${run.source.id} and id > ${run.id}
      and (${run.status} = 'superseded' or reads_id = ${run.id}) and status not in ('queued', 'running', 'failed') order by id limit 1`;
  return found?.id ?? null;
}

export type RunRow = Awaited<ReturnType<typeof listRuns>>[number];
export type RunDetail = NonNullable<Awaited<ReturnType<typeof findRun>>>;

/** How far a run is: what its page asks again and again. `receiving`: its site has not given everything yet. */
export async function findProgress(id: number) {
  const run = await db.syncRun.findUnique({
    where: { id },
    select: {
      status: true,
      origin: true,
      bytesRead: true,
      fetchedAt: true,
      rowsRead: true,
      matched: true,
      toWrite: true,
      created: true,
      updated: true,
      cancelledAt: true,
      changeSet: runColumns.changeSet,
    },
  });
  return run && progressOf(run);
}

export const progressOf = (
  run: Pick<
    RunRow,
    | "status"
    | "origin"
    | "bytesRead"
    | "fetchedAt"
    | "rowsRead"
    | "matched"
    | "toWrite"
    | "created"
    | "updated"
    | "cancelledAt"
    | "changeSet"
  >,
) => ({
  status: run.status,
  receiving: run.status === "running" && run.origin === "pull" && !run.fetchedAt,
  bytesRead: run.bytesRead,
  rowsRead: run.rowsRead,
  /** Recognised as somebody we know; null until all are read. */
  matched: run.matched,
  cancelled: run.cancelledAt !== null,
  changed: run.created + run.updated,
  /** People who are still to be dealt with; in one transaction nobody is, until all are. */
  left: run.changeSet ? Math.max(0, run.changeSet.planned - run.changeSet.written) : run.toWrite,
  /** In slices: people dealt with, of how many; whether what was written goes back. */
  written: run.changeSet?.written ?? 0,
  planned: run.changeSet?.planned ?? 0,
  goesBack: run.changeSet !== null && run.changeSet.status !== "applying",
});

export type Progress = ReturnType<typeof progressOf>;

/** A page of a run's row errors, in file order, after the error `after`. */
export const listRowErrors = (runId: number, after = 0, take = 51) =>
  sql<{ id: number; line: number; field: string; reason: RowReason; value: string; rejected: boolean }>`
    select id, line, field, reason, value, rejected from sync_run_errors
    where run_id = ${runId} and id > ${after} order by id limit ${take}`;
