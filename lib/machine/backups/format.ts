/**
 * A backup as a file: frames, compressed as they are written (Zstandard). A frame is a letter, the length of what follows
 * in four bytes, and that: H the header, T a table, D some of its rows as COPY writes them, E its end with their count and
 * sum, Z the end of all. Nothing is in memory but the frame at hand.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { Explained } from "#lib/machine/explained";

export const compressor = () =>
  createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });

const sealedKey = z.object({ salt: z.string(), nonce: z.string(), tag: z.string(), sealed: z.string() });

export const headerSchema = z.object({
  format: z.literal("src-backup 1"),
  at: z.iso.datetime(),
  /** Names of the migrations its structure is made of. */
  migrations: z.array(z.string()),
  postgres: z.string(),
  keyFingerprint: z.string(),
  /** Null: left out. */
  key: sealedKey.nullable(),
});
export type Header = z.infer<typeof headerSchema>;
export type SealedKey = z.infer<typeof sealedKey>;

export const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()) });
export const endSchema = z.object({ rows: z.number().int(), sha256: z.string() });
export const trailerSchema = z.object({
  sequences: z.array(z.object({ name: z.string(), value: z.number(), called: z.boolean() })),
  tables: z.number().int(),
  rows: z.number().int(),
});
export type TableFrame = z.infer<typeof tableSchema>;
export type TableEnd = z.infer<typeof endSchema>;
export type Trailer = z.infer<typeof trailerSchema>;

export type Kind = "H" | "T" | "D" | "E" | "Z";
export type Frame = { kind: Kind; body: Buffer };

/** A frame's bytes. */
export function frame(kind: Kind, content: object | Buffer): Buffer {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(5);
  head.write(kind, "latin1");
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** Longer than any chunk that PostgreSQL sends at once. */
const LONGEST = 64 * 1024 * 1024;

/** The frames of a file. @throws Explained when it is none of ours, or damaged. */
export async function* readFrames(path: string): AsyncGenerator<Frame> {
  const plain = createZstdDecompress();
  const source = createReadStream(path);
  // What goes wrong on the way is thrown where the frames are read.
  void pipeline(source, plain).catch((error: Error) => plain.destroy(error));
  let rest: Buffer = Buffer.alloc(0);
  let ended = false;
  try {
    for await (const chunk of plain) {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
      let at = 0;
      while (rest.length - at >= 5) {
        const length = rest.readUInt32BE(at + 1);
        if (length > LONGEST) throw damaged(path);
        if (rest.length - at - 5 < length) break;
        const kind = rest.toString("latin1", at, at + 1) as Kind;
        ended = kind === "Z";
        yield { kind, body: rest.subarray(at + 5, at + 5 + length) };
        at += 5 + length;
      }
      rest = rest.subarray(at);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw missing(path);
    throw /^Z|ZSTD|^ERR_(?:_ZSTD|STREAM)/i.test(String((error as { code?: string }).code ?? ""))
      ? damaged(path, error)
      : error;
  }
  if (!ended || rest.length > 0) throw damaged(path);
}

/** The header alone. */
export async function readHeader(path: string): Promise<Header> {
  for await (const { kind, body } of readFrames(path)) {
    const header = kind === "H" ? headerSchema.safeParse(JSON.parse(body.toString("utf8"))) : null;
    if (header?.success) return header.data;
    break;
  }
  throw damaged(path);
}

export const damaged = (path: string, cause?: unknown) =>
  new Explained(
    `${path} n’est pas une sauvegarde de cette application, ou elle est incomplète ou abîmée. Rien n’a été rétabli ; prenez une autre sauvegarde.`,
    `${path} is no backup of this application, or it is incomplete or damaged. Nothing was restored; take another one.`,
    cause,
  );

const missing = (path: string) => new Explained(`${path} n’existe pas.`, `${path} does not exist.`);
