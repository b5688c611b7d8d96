/** What a run is made of: fetched from its site into chunks first, each committed, so that nothing else waits for the site. */
import { sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";
import { keepChunks } from "#lib/sites/sources/chunks";
import type { Told } from "#lib/sites/sources/decode";
import { anyAddress, fetchFile, publicAddress } from "#lib/sites/sources/fetch";
import { limits } from "#lib/sites/sources/format";
import type { Guards } from "#lib/sites/sources/guards";
import { FileRefused } from "#lib/sites/sources/refusal";

export type Run = {
  id: number;
  attempts: number;
  origin: "pull" | "upload" | "command" | "decision" | "replay";
  /** The run that is decided or replayed and what it proposed; whose kept file that is, and where it came from. */
  readsId: number | null;
  proposalId: number | null;
  fileId: number;
  fileOrigin: string;
  replay: boolean;
  userId: number | null;
  sourceId: number;
  key: string;
  url: string | null;
  sealedToken: Uint8Array | null;
  allowPrivate: boolean;
  defaultKind: string;
  archived: boolean;
  absent: string;
  ownership: Record<string, string>;
  guards: Guards;
  /** When the whole file was here; an upload is whole before it is queued. */
  fetchedAt: Date | null;
  charset: string | null;
};

/** A colleague has the run: this process says nothing more of it. */
export class RunLost extends Error {}

/** Makes sure that the run's whole file is in chunks; what its site said of it. Taken up again, a file that was whole is not asked for twice. */
export async function receive(run: Run, signal: AbortSignal): Promise<Told> {
  if (run.archived) throw new FileRefused("archivedSource");
  if (run.fileId !== run.id && !(await isKept(run.fileId))) throw new FileRefused("notKept");
  if (run.origin !== "pull" || run.fetchedAt) return { charset: run.charset };
  if (!run.url) throw new FileRefused("noUrl");
  const told: Told = {};
  const allowed = run.allowPrivate ? anyAddress : publicAddress;
  const bytes = fetchFile({ url: run.url, token: token(run), allowed, signal }, told);
  await sql`delete from sync_chunks where run_id = ${run.id}`;
  const size = await keepChunks(bytes, limits.bytes, (n, piece) => keep(run, n, piece));
  if (size === null) throw new FileRefused("tooBig", null, { megabytes: limits.bytes / 1048576 });
  const mine = await sql`
    update sync_runs set fetched_at = now(), charset = ${told.charset ?? null}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
  if (mine.length === 0) throw new RunLost();
  return told;
}

const isKept = async (runId: number) =>
  (await sql`select from sync_chunks where run_id = ${runId} limit 1`).length > 0;

function token({ sealedToken, sourceId }: Run): string | null {
  if (!sealedToken) return null;
  try {
    return unseal(sealedToken, "sources.sealed_token", sourceId);
  } catch {
    // Sealed with another installation's key: the administrator must type it again.
    throw new FileRefused("token");
  }
}

/** With the count that the run's page shows. */
async function keep({ id, attempts }: Run, n: number, bytes: Buffer) {
  const kept = await sql`
    with mine as (
      update sync_runs set bytes_read = bytes_read + ${bytes.length}
      where id = ${id} and status = 'running' and attempts = ${attempts} returning id
    )
    insert into sync_chunks (run_id, n, bytes) select id, ${n}, ${bytes} from mine returning run_id`;
  if (kept.length === 0) throw new RunLost();
}
