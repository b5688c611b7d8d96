/** Bytes of a file, gunzipped when they start like gzip, counted either way: a bomb stops at the same limit as a big file. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { limits } from "#lib/sites/sources/format";
import { FileRefused } from "#lib/sites/sources/refusal";

export async function* unpack(
  bytes: AsyncIterable<Uint8Array>,
  limit = limits.bytes,
): AsyncGenerator<Uint8Array> {
  const [packed, all] = await peek(bytes);
  yield* capped(packed ? gunzip(all) : all, limit);
}

/** Whether the first two bytes are gzip's, and the whole again. */
async function peek(bytes: AsyncIterable<Uint8Array>): Promise<[boolean, AsyncGenerator<Uint8Array>]> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  async function* whole() {
    if (head.length > 0) yield head;
    yield* rest;
  }
  return [head[0] === 0x1f && head[1] === 0x8b, whole()];
}

async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  const feeding = pipeline(Readable.from(packed), unzip);
  // Its failure also ends the loop below, which tells it.
  feeding.catch(() => {});
  try {
    for await (const chunk of unzip) yield chunk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "Z_BUF_ERROR") throw new FileRefused("truncated");
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_")) throw new FileRefused("gzip");
    throw error;
  }
}

async function* capped(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit) throw new FileRefused("tooBig", null, { megabytes: Math.round(limit / 1048576) });
    yield chunk;
  }
}
