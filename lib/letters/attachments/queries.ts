import { type Place, readPieces, stateOf } from "#lib/letters/attachments/folder";
import { type Reader, seenBy } from "#lib/letters/threads/reader";
import { pool, sql } from "#lib/machine/db";

export type Attached = { id: number; name: string; type: string; size: number };

export const listOfDraft = (draftId: number) => sql<Attached>`
  select id, name, type, size from attachments where draft_id = ${draftId} order by id`;

/** Those that a content leaves with, in the order they were joined. */
export const listOfContent = (contentId: number) => sql<Attached>`
  select a.id, a.name, a.type, a.size from content_attachments c join attachments a on a.id = c.attachment_id
  where c.content_id = ${contentId} order by a.id`;

/** Those of the letters of a thread, by letter. */
export async function listOfThread(threadId: number): Promise<Map<number, Attached[]>> {
  const rows = await sql<Attached & { letterId: number }>`
    select l.id as "letterId", a.id, a.name, a.type, a.size
    from letters l join deliveries d on d.id = l.delivery_id join content_attachments c on c.content_id = d.content_id
    join attachments a on a.id = c.attachment_id where l.thread_id = ${threadId} order by a.id`;
  return Map.groupBy(rows, ({ letterId }) => letterId);
}

/** One that this person may have: of their own draft, or of a letter in a conversation they may read. */
export async function findFileFor(id: number, reader: Reader): Promise<Attached | null> {
  const [file] = await sql<Attached & { own: boolean }>`
    select a.id, a.name, a.type, a.size, coalesce(f.author_id = ${reader.id}, false) as own
    from attachments a left join drafts f on f.id = a.draft_id where a.id = ${id}`;
  if (!file) return null;
  const { own, ...found } = file;
  if (own) return found;
  const threads = await sql<{ id: number }>`
    select distinct l.thread_id as id from content_attachments c
    join deliveries d on d.content_id = c.content_id and d.campaign_id is null
    join letters l on l.delivery_id = d.id where c.attachment_id = ${id}`;
  for (const thread of threads) if (await seenBy(pool(), reader, thread.id)) return found;
  return null;
}

/** Its bytes, piece by piece: one is held at a time. @throws when it is gone, or altered, in the middle. */
export async function* piecesOf({ id, size }: Pick<Attached, "id" | "size">): AsyncGenerator<Buffer> {
  const place = await findPlace(id);
  if (place) return yield* readPieces(place, size);
  let read = 0;
  for (let n = 0; read < size; n++) {
    const [piece] = await sql<{ bytes: Buffer }>`
      select bytes from attachment_chunks where attachment_id = ${id} and n = ${n}`;
    if (!piece) throw new Error(`attachment ${id} is gone`);
    read += piece.bytes.length;
    yield piece.bytes;
  }
}

async function findPlace(id: number): Promise<Place | null> {
  const [row] = await sql<{ folder: string | null; digest: Buffer | null }>`
    select folder, digest from attachments where id = ${id}`;
  return row?.folder != null && row.digest ? { folder: row.folder, digest: row.digest } : null;
}

/** The first of these that cannot be read as it was joined, and why; those of the database always can. */
export async function findLost(
  files: readonly Attached[],
): Promise<{ name: string; state: "lost" | "away" } | null> {
  for (const { id, name, size } of files) {
    const place = await findPlace(id);
    const state = place ? await stateOf(place, size) : "whole";
    if (state !== "whole") return { name, state };
  }
  return null;
}
