/** Attachments kept as files, each named by its SHA-256: the same one joined twice is there once. */
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { isThere, pathOf, writeDurably } from "#lib/department/settings/attachments-folder";
import { pieceBytes } from "#lib/letters/attachments/schema";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";

export type Place = { folder: string; digest: Buffer };
/** `lost`: it is not there, or not as it was joined. `away`: the folder is not there, as when a disk is not mounted. */
export type State = "whole" | "lost" | "away";

/** Seconds after which what a crash left between the disk and the database is looked at. */
const CRASHED = 3_600;
/** Of one round of the worker. */
const ROUND = 200;

const nameOf = ({ digest }: Place) => digest.toString("hex");
const shardOf = (place: Place) => join(pathOf(place.folder), nameOf(place).slice(0, 2));
const fileOf = (place: Place) => join(shardOf(place), nameOf(place));

/**
 * On disk before the row that names it, which is then written with `hold`; one that no row names is removed in the end.
 * Null when the folder is away, full or not ours to write in.
 */
export async function keepFile(folder: string, bytes: Buffer): Promise<Place | null> {
  const place = { folder, digest: createHash("sha256").update(bytes).digest() };
  if (!(await isThere(folder))) return null;
  await sql`
    insert into loose_files (folder, digest, due_at) values (${folder}, ${place.digest}, now() + make_interval(secs => ${CRASHED}))`;
  try {
    await write(place, bytes);
    return place;
  } catch (error) {
    log.error({ err: error }, "attachment not written");
    return null;
  }
}

async function write(place: Place, bytes: Buffer): Promise<void> {
  await fs.mkdir(shardOf(place), { recursive: true, mode: 0o700 });
  await writeDurably(fileOf(place), bytes);
}

/** Until this transaction ends nobody removes it: somebody else's of the same bytes may just have been, and is put back. */
export async function hold(client: Runner, place: Place, bytes: Buffer): Promise<void> {
  await lock(client, place);
  if (!(await fs.stat(fileOf(place)).catch(() => null))) await write(place, bytes);
}

const lock = (client: Runner, { digest }: Place) => sqlOn(client)`
  select pg_advisory_xact_lock(hashtextextended(encode(${digest}::bytea, 'hex'), 0))`;

/** Reads all of it: a disk that rots or a hand that edits is not told by a size. */
export async function stateOf(place: Place, size: number): Promise<State> {
  try {
    for await (const _ of readPieces(place, size));
    return "whole";
  } catch {
    return (await isThere(place.folder)) ? "lost" : "away";
  }
}

/** Its bytes, a piece at a time, the last one only when all of them are those joined. @throws else. */
export async function* readPieces(place: Place, size: number): AsyncGenerator<Buffer> {
  const file = await fs.open(fileOf(place), "r");
  try {
    const hash = createHash("sha256");
    for (let at = 0; at < size; at += pieceBytes) {
      const piece = Buffer.alloc(Math.min(pieceBytes, size - at));
      await fill(file, piece, at);
      hash.update(piece);
      if (at + piece.length === size && !hash.digest().equals(place.digest))
        throw new Error("attachment altered");
      yield piece;
    }
  } finally {
    await file.close();
  }
}

/** A read may give less than it was asked for. */
async function fill(file: fs.FileHandle, piece: Buffer, at: number): Promise<void> {
  for (let got = 0; got < piece.length; ) {
    const { bytesRead } = await file.read(piece, got, piece.length - got, at + got);
    if (bytesRead === 0) throw new Error("attachment cut short");
    got += bytesRead;
  }
}

/**
 * The worker's task: removes the files that no attachment names any more. One whose folder is away waits, and so does all
 * of it while a backup that was put back is held: what it does not name may be somebody's.
 * @unaudited Part of purge, erasure and what people remove, which audit.
 */
export async function removeLoose(): Promise<number> {
  const due = await sql<Place & { id: number }>`
    select id, folder, digest from loose_files where due_at <= now() and (select held_at is null from installation)
    order by due_at, id limit ${ROUND}`;
  let removed = 0;
  for (const one of due)
    removed += await transaction(async (client) => {
      await lock(client, one);
      const query = sqlOn(client);
      if (!(await isThere(one.folder))) {
        await query`update loose_files set due_at = now() + make_interval(secs => ${CRASHED}) where id = ${one.id}`;
        return 0;
      }
      const named = await query`
        select 1 from attachments where digest = ${one.digest} and folder = ${one.folder} limit 1`;
      const gone = named.length === 0 && (await remove(one));
      await removeDrafts(one);
      await query`delete from loose_files where id = ${one.id}`;
      return gone ? 1 : 0;
    });
  return removed;
}

const remove = (place: Place) =>
  fs.unlink(fileOf(place)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );

/** Those that a crash left half written; a younger one is being written. */
async function removeDrafts(place: Place): Promise<void> {
  const names = await fs.readdir(shardOf(place)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(nameOf(place)) && one.endsWith(".part"))) {
    const path = join(shardOf(place), name);
    const { mtimeMs } = await fs.stat(path);
    if (mtimeMs < Date.now() - CRASHED * 1_000) await fs.rm(path, { force: true });
  }
}
