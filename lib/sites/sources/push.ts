/** What a remote site sends by itself: judged by its signature before a byte is read, used once, and found again when repeated. */
import { createHash } from "node:crypto";
import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { readNetworks } from "#lib/machine/network/networks";
import { largest } from "#lib/machine/web/sizes";
import { type Delivery, isNonce, isRecent, isSame, signDelivery } from "#lib/sites/signatures/rules";
import { keepChunks } from "#lib/sites/sources/chunks";
import { listSecrets, secretAnswered } from "#lib/sites/sources/secret";

/** As its headers say: `X-SRC-Time`, `X-SRC-Nonce`, `X-SRC-Signature`, `X-SRC-Content-SHA256`, `Idempotency-Key`. */
export type Signed = Delivery & { time: string; nonce: string; signature: string };

/** An answer for a machine: its status, and what the body says. */
export type Answer = { status: number; error?: string; runId?: number };

/**
 * The source whose key signed this, now and for the first time, from where it may; 401 says nothing of why not, and
 * only who has the key learns that `client` is not of its networks (403).
 */
export async function identifySender(
  key: string,
  signed: Signed,
  client: string,
): Promise<{ id: number } | { status: 401 | 403 }> {
  const unknown = { status: 401 } as const;
  const [source] = await sql<{ id: number; networks: string[] }>`
    select id, networks from sources where key = ${key} and archived_at is null and access = 'signed'`;
  if (!source || !/^\d{10}$/.test(signed.time) || !isRecent(Number(signed.time)) || !isNonce(signed.nonce))
    return unknown;
  const expected = (secret: string) => signDelivery(secret, signed, Number(signed.time), signed.nonce);
  const found = (await listSecrets(source.id)).find(({ secret }) =>
    isSame(signed.signature, expected(secret)),
  );
  if (!found) return unknown;
  if (!mayCome(source, client)) return { status: 403 };
  if (!(await spendNonce(source.id, signed.nonce))) return unknown;
  await secretAnswered(source.id, found.id);
  return { id: source.id };
}

/** Whether a source takes signed requests from an address: from all where none is written. What is refused is logged. */
export function mayCome({ id, networks }: { id: number; networks: string[] }, client: string): boolean {
  const list = readNetworks(networks);
  const may = networks.length === 0 || ("has" in list && list.has(client));
  if (!may) log.warn({ sourceId: id }, "signed request from another network");
  return may;
}

/** False when it was used before; older ones are refused by their time. */
export async function spendNonce(sourceId: number, nonce: string): Promise<boolean> {
  await sql`delete from push_nonces where at < now() - interval '20 minutes'`;
  const used = await sql`
    insert into push_nonces (source_id, nonce) values (${sourceId}, ${nonce}) on conflict do nothing returning nonce`;
  return used.length === 1;
}

/**
 * Keeps a body for the worker and queues its run: 202 with the run, also when it is repeated. 409: still under way, or
 * another run of the source is; 422: the same key with another body; 400, 413: not what was announced.
 * @unaudited The run is its own entry: a machine sent it.
 */
export async function receivePush(
  sourceId: number,
  { bodySha256, idempotencyKey }: Delivery,
  bytes: AsyncIterable<Uint8Array>,
  most: number = largest.feed,
): Promise<Answer> {
  if (!/^[0-9a-f]{64}$/.test(bodySha256)) return { status: 400, error: "contentSha256" };
  if (!/^[\x21-\x7e]{1,100}$/.test(idempotencyKey)) return { status: 400, error: "idempotencyKey" };
  const runId = await begin(sourceId, bodySha256, idempotencyKey);
  if (runId === null) return repeated(sourceId, bodySha256, idempotencyKey);
  let queued = false;
  try {
    const wrong = await keepAnnounced(runId, bodySha256, bytes, most);
    queued = !wrong && (await queue(runId));
    if (queued) return { status: 202, runId };
    return wrong ?? { status: 409, error: "busy" };
  } catch (error) {
    if (error instanceof Cut) return { status: 400, error: "cut" };
    throw error;
  } finally {
    if (!queued) await sql`delete from sync_runs where id = ${runId}`;
  }
}

/** The sender went away; what fails on our side is no fault of theirs. */
class Cut extends Error {}

/** Until the last byte is there the run reads « envoi interrompu »; what a dead process left makes room for who comes back. */
async function begin(sourceId: number, sha: string, key: string): Promise<number | null> {
  await sql`
    delete from sync_runs where source_id = ${sourceId} and idempotency_key = ${key} and error = 'uploadInterrupted'
      and created_at < now() - interval '15 minutes'`;
  const [run] = await sql<{ id: number }>`
    insert into sync_runs (source_id, status, origin, finished_at, error, idempotency_key, body_sha256)
    values (${sourceId}, 'failed', 'push', now(), 'uploadInterrupted', ${key}, ${sha})
    on conflict (source_id, idempotency_key) do nothing returning id`;
  return run?.id ?? null;
}

async function repeated(sourceId: number, sha: string, key: string): Promise<Answer> {
  const [run] = await sql<{ id: number; sha: string; receiving: boolean }>`
    select id, body_sha256 as sha, coalesce(error, '') = 'uploadInterrupted' as receiving from sync_runs
    where source_id = ${sourceId} and idempotency_key = ${key}`;
  if (!run || run.receiving) return { status: 409, error: "busy" };
  return run.sha === sha ? { status: 202, runId: run.id } : { status: 422, error: "idempotencyKey" };
}

async function keepAnnounced(
  runId: number,
  sha: string,
  bytes: AsyncIterable<Uint8Array>,
  most: number,
): Promise<Answer | null> {
  const hash = createHash("sha256");
  async function* heard() {
    try {
      for await (const piece of bytes) {
        hash.update(piece);
        yield piece;
      }
    } catch {
      throw new Cut();
    }
  }
  const size = await keepChunks(
    heard(),
    most,
    // Who came back in its place took the row away: `queue` says so.
    (n, piece) => sql`
      insert into sync_chunks (run_id, n, bytes) select id, ${n}, ${piece} from sync_runs where id = ${runId}`,
  );
  if (size === null) return { status: 413, error: "tooBig" };
  return hash.digest("hex") === sha ? null : { status: 400, error: "contentSha256" };
}

/** False when another run of the source is under way, as the unique index on open runs says, or took this one's place. */
async function queue(runId: number): Promise<boolean> {
  try {
    const queued = await sql`
      update sync_runs set status = 'queued', finished_at = null, error = null where id = ${runId} returning id`;
    return queued.length === 1;
  } catch (error) {
    if ((error as { code?: string }).code !== "23505") throw error;
    return false;
  }
}

/** How a run that was sent stands, for who sent it. */
export async function findPushed(sourceId: number, runId: number) {
  const [run] = await sql<{
    status: string;
    read: number;
    created: number;
    updated: number;
    unchanged: number;
    rejected: number;
    error: string | null;
    line: number | null;
  }>`
    select status, rows_read as read, created, updated, unchanged, rejected, error, error_line as line
    from sync_runs where id = ${runId} and source_id = ${sourceId} and origin = 'push'`;
  return run ?? null;
}
