/** A file sent by hand: kept in chunks by whoever has it, the browser's request or the command, read back by a worker. */

import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { sql, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { largest } from "#lib/machine/web/sizes";
import { keepChunks } from "#lib/sites/sources/chunks";

/**
 * Keeps a file of at most `most` bytes for the worker and queues its run. Until the last byte is there the run reads
 * « envoi interrompu », so whoever goes away leaves the truth behind. Nobody's is the command's.
 */
export async function receiveUpload(
  sourceId: number,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  by: By,
  most: number = largest.feed,
): Promise<Result<{ runId: number }, "tooBig" | "emptyFile" | "alreadyRunning" | "notFound">> {
  const runId = await begin(sourceId, name, by);
  if (runId === null) return refused("notFound");
  const size = await keep(runId, bytes, most);
  if (size === null || size === 0) {
    await sql`delete from sync_runs where id = ${runId}`;
    return refused(size === 0 ? "emptyFile" : "tooBig", { megabytes: most / 1048576 });
  }
  await sql`update sync_uploads set size = ${size} where run_id = ${runId}`;
  return (await queue(runId, sourceId, by)) ? { ok: true, runId } : refused("alreadyRunning");
}

async function begin(sourceId: number, name: string, by: By): Promise<number | null> {
  const [run] = await sql<{ id: number }>`
    with run as (
      insert into sync_runs (source_id, status, origin, user_id, finished_at, error)
      select id, 'failed', ${by === null ? "command" : "upload"}, ${by}::int, now(), 'uploadInterrupted' from sources where id = ${sourceId} and archived_at is null
      returning id
    )
    insert into sync_uploads (run_id, name, size) select id, ${name.slice(0, 200)}, 0 from run returning run_id as id`;
  return run?.id ?? null;
}

const keep = (runId: number, bytes: AsyncIterable<Uint8Array>, most: number) =>
  keepChunks(
    bytes,
    most,
    (n, piece) => sql`insert into sync_chunks (run_id, n, bytes) values (${runId}, ${n}, ${piece})`,
  );

/** The unique index on open runs answers two uploads, or an upload and a click, at the same time. */
async function queue(runId: number, sourceId: number, by: By): Promise<boolean> {
  try {
    await audited(actOn("source.uploaded", sourceId, by, { runId }), async (client) => {
      await sqlOn(
        client,
      )`update sync_runs set status = 'queued', finished_at = null, error = null where id = ${runId}`;
      return ok;
    });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== "23505") throw error;
    await sql`delete from sync_runs where id = ${runId}`;
    return false;
  }
}
