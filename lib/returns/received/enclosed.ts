/** What received mails hold besides their words, for who may read them. */
import { may } from "#lib/department/permissions";
import { isRunnable } from "#lib/letters/attachments/rules";
import { type Reader, readsAll, visible } from "#lib/letters/threads/reader";
import { pool, sql } from "#lib/machine/db";
import { type Enclosed, readEnclosed, readFile } from "#lib/machine/mime/enclosed";
import { type Layout, safeLayout } from "#lib/returns/received/layout";

/** `refused`: a machine might run it, or it was too long to be kept; it is named, and not given. */
export type ReceivedFile = Enclosed & { refused: "runs" | "cut" | null };
export type Contents = { hasLayout: boolean; layout: Layout | null; files: ReceivedFile[] };

const nothing: Contents = { hasLayout: false, layout: null, files: [] };
/** Bytes of mails that one page opens. */
const MOST = 8 * 1024 * 1024;

/**
 * Of those mails (whose thread the reader was let into), the newest first, as long as they are not too heavy together.
 * `shown`: the one whose layout is asked for. What quotes a one-time link is opened on its own page.
 */
export async function listContents(ids: number[], shown: number | null): Promise<Map<number, Contents>> {
  const rows = await sql<{ id: number; raw: Buffer }>`
    select id, raw from (
      select id, raw, sum(octet_length(raw)) over (order by id desc) as weight from received_mails
      where id = any(${ids}::int[]) and not carries_secret) m
    where weight <= ${MOST}`;
  return new Map(rows.map(({ id, raw }) => [id, contentsOf(raw, id === shown)]));
}

/** The layout is made only where it is looked at. */
export function contentsOf(raw: Buffer, shown: boolean): Contents {
  if (raw.length === 0) return nothing;
  const { html, files } = readEnclosed(raw);
  const refused = ({ whole, name }: Enclosed) =>
    whole ? (isRunnable(name) ? ("runs" as const) : null) : ("cut" as const);
  return {
    hasLayout: html.trim() !== "",
    layout: shown && html ? safeLayout(html) : null,
    files: files.map((file) => ({ ...file, refused: refused(file) })),
  };
}

/** Whether this person may read the mail: all of them, the answers to a campaign of theirs, a conversation they are in. */
export async function mayReadMail(id: number, reader: Reader): Promise<boolean> {
  const { rowCount } = await pool().query(
    `select from received_mails m where m.id = $3 and ($1::boolean
       or (m.class = 'reply' and exists (select from deliveries d join campaigns k on k.id = d.campaign_id
             where d.id = m.delivery_id and k.author_id = $2::int))
       or exists (select from letters o join threads t on t.id = o.thread_id where o.received_mail_id = m.id and ${visible}))`,
    [readsAll(reader), reader.id, id],
  );
  return rowCount === 1;
}

/** The file at that place, for who may read the mail; null otherwise, as for what a machine might run. */
export async function findReceivedFile(
  id: number,
  n: number,
  reader: Reader,
): Promise<{ name: string; bytes: Buffer } | null> {
  if (!(await mayReadMail(id, reader))) return null;
  const [mail] = await sql<{ raw: Buffer; secret: boolean }>`
    select raw, carries_secret as secret from received_mails where id = ${id}`;
  if (!mail || (mail.secret && !may(reader.role, "secrets.read"))) return null;
  const file = readFile(mail.raw, n);
  return file && !isRunnable(file.name) ? file : null;
}
