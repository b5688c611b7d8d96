/** What a run is made of: fetched from its site into chunks first, each committed, so that nothing else waits for the site. */
import type { IncomingHttpHeaders } from "node:http";
import { sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";
import { keepChunks } from "#lib/sites/sources/chunks";
import type { Told } from "#lib/sites/sources/decode";
import { anyAddress, fetchFile, publicAddress, type Remote } from "#lib/sites/sources/fetch";
import { limits } from "#lib/sites/sources/format";
import type { Guards } from "#lib/sites/sources/guards";
import { conditionsOf, findKnown, type Known, type Marks, marksOf } from "#lib/sites/sources/known";
import { type FileRefusalReason, FileRefused } from "#lib/sites/sources/refusal";
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
  /** As it is kept; {} where the files are of our format. */
  dialect: unknown;
  ownership: Record<string, string>;
  guards: Guards;
  /** When the whole file was here; an upload is whole before it is queued. */
  fetchedAt: Date | null;
  charset: string | null;
  /** What it has begun to write in slices; whether that goes back, and for which reason. */
  setId: number | null;
  setStatus: string | null;
  stopped: {
    reason: FileRefusalReason | null;
    line: number | null;
    data: Record<string, string | number> | null;
  };
  cancelled: boolean;
};

/** A colleague has the run: this process says nothing more of it. */
export class RunLost extends Error {}

/** What its site said of a file; `unchanged`: that it has these many people, as when it was last read, and sent none. */
export type Received = Told & { unchanged?: number };

/** Makes sure that the run's whole file is in chunks; what its site said of it. Taken up again, a file that was whole is not asked for twice. */
export async function receive(run: Run, signal: AbortSignal, most: number = limits.bytes): Promise<Received> {
  if (run.archived) throw new FileRefused("archivedSource");
  if (run.fileId !== run.id && !(await isKept(run.fileId))) throw new FileRefused("notKept");
  if (run.origin !== "pull" || run.fetchedAt) return { charset: run.charset };
  if (!run.url) throw new FileRefused("noUrl");
  const told: Told = {};
  const learnt: Learnt & Partial<Marks> = {};
  const bytes = await openBytes(run, run.url, signal, told, learnt);
  await sql`delete from sync_chunks where run_id = ${run.id}`;
  const size = await keepChunks(bytes, most, (n, piece) => keep(run, n, piece));
  if (size === null) throw new FileRefused("tooBig", null, { megabytes: most / 1048576 });
  const mine = await sql`
    update sync_runs set fetched_at = case when ${learnt.unchanged === undefined} then now() end, charset = ${told.charset ?? null},
      site_state = ${learnt.state ?? null}, etag = ${learnt.etag ?? null}, last_modified = ${learnt.lastModified ?? null}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
  if (mine.length === 0) throw new RunLost();
  if (learnt.secretId) await secretAnswered(run.sourceId, learnt.secretId);
  return { ...told, unchanged: learnt.unchanged };
}

async function openBytes(
  run: Run,
  url: string,
  signal: AbortSignal,
  told: Told,
  learnt: Learnt & Partial<Marks>,
) {
  const allowed = run.allowPrivate ? anyAddress : publicAddress;
  const known = await findKnown(run);
  const remote = { url, allowed, signal };
  if (run.access !== "signed")
    return fetchMarked({ ...remote, headers: credentialsOf(run) }, known, told, learnt);
  const site: Site = { ...remote, key: run.key, secrets: await listSecrets(run.sourceId) };
  return fetchSigned(site, known.state, learnt);
}

/** The file of a site that is asked plainly; nothing but `learnt.unchanged` when it says that its marks are as they were. */
async function* fetchMarked(remote: Remote, known: Known, told: Told, learnt: Learnt & Partial<Marks>) {
  const conditions = conditionsOf(known);
  const asked = {
    ...remote,
    conditions,
    heard: (headers: IncomingHttpHeaders) => Object.assign(learnt, marksOf(headers)),
  };
  try {
    yield* fetchFile(asked, told);
  } catch (error) {
    const unchanged =
      error instanceof FileRefused && error.reason === "httpStatus" && error.data.status === 304;
    if (!unchanged || Object.keys(conditions).length === 0) throw error;
    Object.assign(learnt, { unchanged: known.people, etag: known.etag, lastModified: known.lastModified });
  }
}

type Asked = Pick<Run, "access" | "login" | "sealedToken" | "sourceId">;

/** What is said of us to a site that is not asked with signed questions (RFC 6750, RFC 7617). */
export function credentialsOf(site: Asked): Record<string, string> {
  const secret = token(site);
  if (!secret) return {};
  if (site.access === "bearer") return { authorization: `Bearer ${secret}` };
  return { authorization: `Basic ${Buffer.from(`${site.login}:${secret}`).toString("base64")}` };
}

const isKept = async (runId: number) =>
  (await sql`select from sync_chunks where run_id = ${runId} limit 1`).length > 0;

function token({ sealedToken, sourceId }: Asked): string | null {
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
