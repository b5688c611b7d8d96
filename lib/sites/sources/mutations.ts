import type { Prisma } from "#db/client";
import type { ActsOn } from "#lib/department/audit/actions";
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import { nextId, runnerOf, sql, sqlOn } from "#lib/machine/db";
import { readNetworks } from "#lib/machine/network/networks";
import { ok, type Result, refused } from "#lib/machine/result";
import { seal } from "#lib/machine/seal";
import { type Decision, decide } from "#lib/people/change-sets/decide";
import { startUndo } from "#lib/people/change-sets/mutations";
import { type Mapping, mappedFields } from "#lib/sites/script/schema";
import { toldDialect } from "#lib/sites/sources/dialect";
import { clearable } from "#lib/sites/sources/format";
import type { Ownership } from "#lib/sites/sources/recall";
import {
  type DialectInput,
  givenFields,
  type MappingInput,
  owned,
  type SourceInput,
} from "#lib/sites/sources/schema";
import { keepSecret } from "#lib/sites/sources/secret";

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

export async function createSource(
  input: SourceInput,
  by: By,
): Promise<Result<{ id: number }, "keyTaken" | "badNetwork">> {
  const networks = readNetworks(input.networks);
  if ("unreadable" in networks) return refused("badNetwork", { entry: networks.unreadable.slice(0, 60) });
  try {
    const id = await nextId("sources");
    return await auditedRows(actOn("source.created", id, by), async (rows) => {
      await rows.source.create({ data: { id, ...columns(id, input), key: input.key }, select: { id: true } });
      await keepGiven(rows, id, input);
      return { ok: true, id };
    });
  } catch (error) {
    if (isTaken(error)) return refused("keyTaken");
    throw error;
  }
}

/** The key stays: the remote site writes it in each of its files. */
export async function editSource(
  id: number,
  input: SourceInput,
  by: By,
): Promise<Result<unknown, "notFound" | "badNetwork">> {
  const networks = readNetworks(input.networks);
  if ("unreadable" in networks) return refused("badNetwork", { entry: networks.unreadable.slice(0, 60) });
  return auditedRows(actOn("source.edited", id, by), async (rows) => {
    const data = columns(id, input);
    // Another schedule begins now.
    await rows.source.updateMany({ where: { id, schedule: { not: data.schedule } }, data: { nextAt: null } });
    const { count } = await rows.source.updateMany({ where: { id }, data });
    if (count === 1) await keepGiven(rows, id, input);
    return count === 1 ? ok : refused("notFound");
  });
}

/** A secret that another installation gave, typed here; ours are made by renewSecret. */
const keepGiven = async (rows: Prisma.TransactionClient, id: number, { access, token }: SourceInput) => {
  if (access === "signed" && token !== "") await keepSecret(runnerOf(rows), id, token);
};

/** Which columns of its site's table the script reads. */
export const mapSource = (input: MappingInput, by: By): Promise<Result<unknown, "notFound">> =>
  change("mapped", { id: input.id }, { mapping: mappingOf(input) }, by);

/** How the files of its site are read where they are not of our format. */
export const translateSource = (input: DialectInput, by: By): Promise<Result<unknown, "notFound">> =>
  change("translated", { id: input.id }, { dialect: toldDialect(input) ?? {} }, by);

export const archiveSource = (id: number, by: By): Promise<Result<unknown, "notFound">> =>
  change("archived", { id, archivedAt: null }, { archivedAt: new Date() }, by);

export const restoreSource = (id: number, by: By): Promise<Result<unknown, "notFound">> =>
  change("restored", { id, archivedAt: { not: null } }, { archivedAt: null }, by);

/** Has an open run stop: at once when it waits, else as soon as its worker hears of it; nothing of it is written, or what was goes back. */
export async function cancelRun(runId: number, by: By): Promise<Result<unknown, "notFound" | "notOpen">> {
  const [run] = await sql<{
    sourceId: number;
  }>`select source_id as "sourceId" from sync_runs where id = ${runId}`;
  if (!run) return refused("notFound");
  return audited(actOn("source.cancelled", run.sourceId, by, { runId }), async (client) => {
    const open = await sqlOn(client)`
      update sync_runs r set cancelled_at = now(), status = case when f.waits then 'failed' else r.status end,
        finished_at = case when f.waits then now() end, error = case when f.waits then 'cancelled' else r.error end
      from (select id, status = 'queued' and change_set_id is null as waits from sync_runs where id = ${runId} for update) f
      where r.id = f.id and r.status in ('queued', 'running') and r.cancelled_at is null returning r.id`;
    return open.length === 1 ? ok : refused("notOpen");
  });
}

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

/**
 * Notes what somebody decides of a run's proposal; nothing is written until it is carried out.
 * @unaudited The decision is its own entry, and its carrying out is audited.
 */
export async function decideChanges(
  runId: number,
  decision: Decision,
  by: number,
): Promise<Result<unknown, "notFound" | "notWaiting">> {
  const [run] = await sql<{ proposalId: number | null }>`
    select proposal_id as "proposalId" from sync_runs where id = ${runId}`;
  return run?.proposalId ? decide(run.proposalId, decision, by) : refused("notFound");
}

/** Has what was decided of a proposal carried out: a run of its own, that reads the same file. */
export const applyDecision = (runId: number, by: number) => readAgain(runId, "decision", by);

/** Has the kept file of a run read again, as if nothing had been said before; it waits for a decision. */
export const replayRun = (runId: number, by: number) => readAgain(runId, "replay", by);

type Again = "notFound" | "notWaiting" | "notKept" | "alreadyRunning";

async function readAgain(
  runId: number,
  origin: "decision" | "replay",
  by: number,
): Promise<Result<{ runId: number }, Again>> {
  const [run] = await sql<{ sourceId: number; waits: boolean; kept: boolean }>`
    select r.source_id as "sourceId", coalesce(c.status = 'waiting', false) as waits,
      exists (select from sync_chunks where run_id = coalesce(r.reads_id, r.id)) as kept
    from sync_runs r join sources s on s.id = r.source_id and s.archived_at is null
    left join change_sets c on c.id = r.proposal_id where r.id = ${runId} and r.status not in ('queued', 'running')`;
  if (!run) return refused("notFound");
  if (origin === "decision" && !run.waits) return refused("notWaiting");
  if (!run.kept) return refused("notKept");
  const verb = origin === "decision" ? "source.decided" : "source.replayed";
  return audited(actOn(verb, run.sourceId, by, { runId }), async (client) => {
    const [queued] = await sqlOn(client)<{ id: number }>`
      insert into sync_runs (source_id, origin, user_id, reads_id) values (${run.sourceId}, ${origin}, ${by}, ${runId})
      on conflict (source_id) where status in ('queued', 'running') do nothing returning id`;
    return queued ? { ok: true, runId: queued.id } : refused("alreadyRunning");
  });
}

const change = (
  verb: ActsOn<"source">,
  where: Prisma.SourceWhereInput & { id: number },
  data: Prisma.SourceUncheckedUpdateManyInput,
  by: By,
): Promise<Result<unknown, "notFound">> =>
  auditedRows(actOn(`source.${verb}`, where.id, by), async (rows) => {
    const { count } = await rows.source.updateMany({ where, data });
    return count === 1 ? ok : refused("notFound");
  });

function columns(id: number, input: SourceInput) {
  const { name, url, access, login, forgetToken, allowPrivate, defaultKind, applies, absent } = input;
  const { schedule, ownerId, alertEmail, identity } = input;
  const { holdUpdated, holdEmptied, holdRejected, holdFewer, holdCreated } = input;
  const token = access === "signed" ? "" : input.token;
  const sealedToken = token ? seal(token, "sources.sealed_token", id) : forgetToken ? null : undefined;
  return {
    name,
    url: url || null,
    access,
    login,
    allowPrivate,
    defaultKind,
    schedule,
    ownerId,
    alertEmail,
    networks: input.networks,
    gives: input.gives,
    givesSegmentId: input.givesSegmentId,
    givesFields: givenFields.filter((field) => (input as Record<string, unknown>)[`give-${field}`] === true),
    identity,
    applies,
    absent,
    ownership: ownershipOf(input),
    holdUpdated,
    holdEmptied,
    holdRejected,
    holdFewer,
    holdCreated,
    sealedToken,
  } satisfies Prisma.SourceUncheckedUpdateManyInput;
}

function mappingOf(input: MappingInput): Mapping {
  const said = input as Record<string, unknown>;
  const columns = mappedFields.flatMap((field) => {
    const column = said[`column-${field}`];
    return typeof column === "string" && column !== "" ? [[field, column]] : [];
  });
  const clear = [...clearable].filter((field) => said[`clear-${field}`] === true);
  return { table: input.table, key: input.key, columns: Object.fromEntries(columns), clear };
}

/** Only what differs from « ask » for all. */
function ownershipOf(input: SourceInput): Ownership {
  const said = owned.flatMap((field) => {
    const owner = (input as Record<string, unknown>)[`owner-${field}`];
    return typeof owner === "string" && owner !== "" ? [[field, owner] as const] : [];
  });
  return Object.fromEntries(said);
}

const isTaken = (error: unknown) => (error as { code?: string }).code === "P2002";
