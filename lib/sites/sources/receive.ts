/** What a run is made of: fetched from its site into chunks first, each committed, so that nothing else waits for the site. */
import { sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";
import { keepChunks } from "#lib/sites/sources/chunks";
import type { Told } from "#lib/sites/sources/decode";
import { anyAddress, fetchFile, publicAddress } from "#lib/sites/sources/fetch";
import { limits } from "#lib/sites/sources/format";
import type { Guards } from "#lib/sites/sources/guards";
import { FileRefused } from "#lib/sites/sources/refusal";
import { listSecrets, secretAnswered } from "#lib/sites/sources/secret";
import { fetchSigned, type Learnt, type Site } from "#lib/sites/sources/signed";

export type Run = {
  id: number;
  attempts: number;
  origin: "pull" | "push" | "upload" | "command" | "decision" | "replay";
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
  access: "bearer" | "basic" | "signed";
  login: string;
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

/** What its site said of a file; `unchanged`: that it has these many people, as when it was last read, and sent none. */
export type Received = Told & { unchanged?: number };

/** Makes sure that the run's whole file is in chunks; what its site said of it. Taken up again, a file that was whole is not asked for twice. */
export async function receive(run: Run, signal: AbortSignal): Promise<Received> {
  if (run.archived) throw new FileRefused("archivedSource");
  if (run.fileId !== run.id && !(await isKept(run.fileId))) throw new FileRefused("notKept");
  if (run.origin !== "pull" || run.fetchedAt) return { charset: run.charset };
  if (!run.url) throw new FileRefused("noUrl");
  const told: Told = {};
  const learnt: Learnt = {};
  const bytes = await openBytes(run, run.url, signal, told, learnt);
  await sql`delete from sync_chunks where run_id = ${run.id}`;
  const size = await keepChunks(bytes, limits.bytes, (n, piece) => keep(run, n, piece));
  if (size === null) throw new FileRefused("tooBig", null, { megabytes: limits.bytes / 1048576 });
  const mine = await sql`
    update sync_runs set fetched_at = now(), charset = ${told.charset ?? null}, site_state = ${learnt.state ?? null}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
  if (mine.length === 0) throw new RunLost();
  if (learnt.secretId) await secretAnswered(run.sourceId, learnt.secretId);
  return { ...told, unchanged: learnt.unchanged };
}

async function openBytes(run: Run, url: string, signal: AbortSignal, told: Told, learnt: Learnt) {
  const allowed = run.allowPrivate ? anyAddress : publicAddress;
  if (run.access !== "signed") return fetchFile({ url, headers: credentials(run), allowed, signal }, told);
  const site: Site = { url, allowed, signal, key: run.key, secrets: await listSecrets(run.sourceId) };
  return fetchSigned(site, await knownState(run), learnt);
}

/**
 * The state that the site may answer « unchanged » to: of the last run, if it was read whole, written, not undone since,
 * and under the settings of today. Once a day everything is read all the same.
 */
async function knownState({ id, sourceId }: Run): Promise<string> {
  const [last] = await sql<{ state: string | null }>`
    select case when r.status = 'succeeded' and r.origin = 'pull' and r.proposal_id is null and r.created_at > s.updated_at
        and coalesce(c.status::text, '') not like 'undo%'
        and exists (select from sync_runs f where f.source_id = s.id and f.site_state is not null and f.bytes_read > 0 and f.status = 'succeeded' and f.created_at > now() - interval '1 day')
      then r.site_state end as state
    from sync_runs r join sources s on s.id = r.source_id left join change_sets c on c.id = r.change_set_id
    where r.source_id = ${sourceId} and r.id < ${id} and r.status <> 'failed' order by r.id desc limit 1`;
  return last?.state ?? "";
}

/** What is said of us to a site that is not asked with signed questions (RFC 6750, RFC 7617). */
function credentials(run: Run): Record<string, string> {
  const secret = token(run);
  if (!secret) return {};
  if (run.access === "bearer") return { authorization: `Bearer ${secret}` };
  return { authorization: `Basic ${Buffer.from(`${run.login}:${secret}`).toString("base64")}` };
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
