/** Files joined to a draft: in pieces in the database, or in the folder that an administrator chose. */
import { fileTypeFromBuffer } from "file-type";
import { findAttachmentsFolder } from "#lib/department/settings/attachments-folder";
import { hold, keepFile } from "#lib/letters/attachments/folder";
import { type Fault, judgeFile } from "#lib/letters/attachments/rules";
import { fits, mostFiles, pieceBytes } from "#lib/letters/attachments/schema";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * Joins a file to a draft of one's own. `empty`, or what it is not (`kind`), what it would run (`executable`, `macros`), what nobody
 * can look into (`locked`); `tooManyFiles`, `tooHeavy` with the others; `folderAway`: nothing can be written in the folder.
 * @unaudited A draft: nobody had been written to.
 */
export async function joinFile(
  draftId: number,
  given: { name: string; bytes: Buffer },
  by: number,
): Promise<
  Result<{ id: number }, "notDraft" | "empty" | Fault | "tooManyFiles" | "tooHeavy" | "folderAway">
> {
  const { bytes } = given;
  if (bytes.length === 0) return refused("empty");
  const judged = judgeFile(given.name, bytes, await fileTypeFromBuffer(bytes));
  if (!judged.ok) return judged;
  const folder = await findAttachmentsFolder();
  const place = folder === null ? null : await keepFile(folder, bytes);
  if (folder !== null && !place) return refused("folderAway");
  return transaction(async (client) => {
    const query = sqlOn(client);
    const [draft] = await query`
      select 1 from drafts where id = ${draftId} and author_id = ${by} and sent_at is null for update`;
    if (!draft) return refused("notDraft");
    const others = await query<{ size: number }>`select size from attachments where draft_id = ${draftId}`;
    if (others.length >= mostFiles) return refused("tooManyFiles");
    if (!fits([...others.map(({ size }) => size), bytes.length])) return refused("tooHeavy");
    if (place) await hold(client, place, bytes);
    const [row] = await query<{ id: number }>`
      insert into attachments (draft_id, name, type, size, folder, digest)
      values (${draftId}, ${judged.name}, ${judged.type}, ${bytes.length}, ${place?.folder ?? null}, ${place?.digest ?? null}::bytea)
      returning id`;
    const id = row?.id ?? 0;
    if (!place) await keepPieces(client, id, bytes);
    return { ...ok, id };
  });
}

async function keepPieces(client: Runner, id: number, bytes: Buffer): Promise<void> {
  for (let at = 0, n = 0; at < bytes.length; at += pieceBytes, n++)
    await sqlOn(client)`
      insert into attachment_chunks (attachment_id, n, bytes) values (${id}, ${n}, ${bytes.subarray(at, at + pieceBytes)})`;
}

/** @unaudited A draft: nobody had been written to. */
export async function dropFile(id: number, by: number): Promise<Result<object, "notDraft">> {
  const rows = await sql`
    update attachments a set draft_id = null from drafts d
    where a.id = ${id} and d.id = a.draft_id and d.author_id = ${by} and d.sent_at is null returning a.id`;
  return rows.length === 1 ? ok : refused("notDraft");
}

/**
 * The files of a draft leave with this letter.
 * @unaudited Part of sending, which audits.
 */
export const attachTo = (client: Runner, deliveryId: number, draftId: number) => sqlOn(client)`
  insert into content_attachments (content_id, attachment_id)
  select d.content_id, a.id from deliveries d, attachments a where d.id = ${deliveryId} and a.draft_id = ${draftId}`;

/**
 * What did not leave holds no file any more; its draft still does.
 * @unaudited Part of taking a letter back, which audits.
 */
export const detach = (client: Runner, deliveryIds: number[]) => sqlOn(client)`
  delete from content_attachments a using deliveries d
  where d.id = any(${deliveryIds}::int[]) and a.content_id = d.content_id`;
