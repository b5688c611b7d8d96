/** A file as it came, in rows of 256 kB: what a request or a fetch leaves for whoever reads it. */
import { sql } from "#lib/machine/db";

const chunkSize = 256 * 1024;

/** Cuts `bytes` and has each piece written; the size of all, or null as soon as it is more than `limit`. */
export async function keepChunks(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
  write: (n: number, bytes: Buffer) => Promise<unknown>,
): Promise<number | null> {
  let size = 0;
  let n = 0;
  let waiting: Uint8Array[] = [];
  let held = 0;
  const flush = async () => {
    if (held > 0) await write(n++, Buffer.concat(waiting));
    waiting = [];
    held = 0;
  };
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit) return null;
    waiting.push(chunk);
    held += chunk.length;
    if (held >= chunkSize) await flush();
  }
  await flush();
  return size;
}

/** The bytes of a run's file as they came, one chunk in memory at a time. */
export async function* keptBytes(runId: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n++) {
    const [chunk] = await sql<{
      bytes: Buffer;
    }>`select bytes from sync_chunks where run_id = ${runId} and n = ${n}`;
    if (!chunk) return;
    yield chunk.bytes;
  }
}
