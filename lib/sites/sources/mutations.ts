import type { Prisma } from "#db/client";
import type { ActsOn } from "#lib/department/audit/actions";
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import { nextId, sql } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { seal } from "#lib/machine/seal";
import { startUndo } from "#lib/people/change-sets/mutations";
import type { SourceInput } from "#lib/sites/sources/schema";

/**
 * Queues a pull. The unique index on open runs answers a second click, and a colleague's.
 * @unaudited The run is its own entry: who asked, when, and what came of it.
 */
export async function requestSync(
  sourceId: number,
  userId: number | null,
): Promise<Result<{ runId: number }, "alreadyRunning" | "noUrl" | "notFound">> {
  const [source] = await sql<{
    url: string | null;
  }>`select url from sources where id = ${sourceId} and archived_at is null`;
  if (!source) return refused("notFound");
  if (!source.url) return refused("noUrl");
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, origin, user_id) values (${sourceId}, 'pull', ${userId})
    on conflict (source_id) where status in ('queued', 'running') do nothing returning id`;
  return run ? { ok: true, runId: run.id } : refused("alreadyRunning");
}

export async function createSource(input: SourceInput, by: By): Promise<Result<{ id: number }, "keyTaken">> {
  try {
    const id = await nextId("sources");
    return await auditedRows(actOn("source.created", id, by), async (rows) => {
      await rows.source.create({ data: { id, ...columns(id, input), key: input.key }, select: { id: true } });
      return { ok: true, id };
    });
  } catch (error) {
    if (isTaken(error)) return refused("keyTaken");
    throw error;
  }
}

/** The key stays: the remote site writes it in each of its files. */
export const editSource = (id: number, input: SourceInput, by: By): Promise<Result<unknown, "notFound">> =>
  change("edited", { id }, columns(id, input), by);

export const archiveSource = (id: number, by: By): Promise<Result<unknown, "notFound">> =>
  change("archived", { id, archivedAt: null }, { archivedAt: new Date() }, by);

export const restoreSource = (id: number, by: By): Promise<Result<unknown, "notFound">> =>
  change("restored", { id, archivedAt: { not: null } }, { archivedAt: null }, by);

/** Has what a run changed undone, all but what people changed since. */
export async function undoRun(
  runId: number,
  by: number,
): Promise<Result<unknown, "notFound" | "notUndoable">> {
  const [run] = await sql<{ sourceId: number; changeSetId: number | null }>`
    select source_id as "sourceId", change_set_id as "changeSetId" from sync_runs where id = ${runId}`;
  if (!run?.changeSetId) return refused("notFound");
  const setId = run.changeSetId;
  return audited(actOn("source.undone", run.sourceId, by, { runId }), (client) =>
    startUndo(client, setId, by),
  );
}

const change = (
  verb: ActsOn<"source">,
  where: Prisma.SourceWhereInput & { id: number },
  data: Prisma.SourceUpdateManyMutationInput,
  by: By,
): Promise<Result<unknown, "notFound">> =>
  auditedRows(actOn(`source.${verb}`, where.id, by), async (rows) => {
    const { count } = await rows.source.updateMany({ where, data });
    return count === 1 ? ok : refused("notFound");
  });

function columns(id: number, input: SourceInput) {
  const { name, url, token, forgetToken, allowPrivate, defaultKind } = input;
  const sealedToken = token ? seal(token, "sources.sealed_token", id) : forgetToken ? null : undefined;
  return {
    name,
    url: url || null,
    allowPrivate,
    defaultKind,
    sealedToken,
  } satisfies Prisma.SourceUpdateManyMutationInput;
}

const isTaken = (error: unknown) => (error as { code?: string }).code === "P2002";
