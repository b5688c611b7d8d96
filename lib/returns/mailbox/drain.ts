/** A folder read to its end. A mail and the cursor that passes it are one commit. */
import { type Runner, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import type { MailboxLease } from "#lib/returns/mailbox/lease";
import type { Folder } from "#lib/returns/mailbox/source";
import { keptBytes, notUnderstood, type ReadMail, readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";

/** Each of half a megabyte at most, in memory at once, of each mailbox that is being read. */
const batch = 8;

/** Where a folder's reader was. `move` rejects when the lease is lost: nothing may be written then. */
export type Cursor = {
  validity: bigint | null;
  lastUid: number;
  /** The folder's name, told of its mails; null for the main one. */
  folder: string | null;
  move(client: Runner, validity: bigint, uid: number): Promise<void>;
};

/** Returns how many mails were new. */
export async function drain(
  lease: MailboxLease,
  folder: Folder,
  cursor: Cursor,
  signal?: AbortSignal,
): Promise<number> {
  const { validity } = folder;
  const known = cursor.validity === validity;
  // New numbers (RFC 9051, section 2.3.1.1): everything recent is read again, and the digests stop what is already here.
  let last = known ? cursor.lastUid : await folder.startFrom(lease.since);
  if (!known) await transaction((client) => cursor.move(client, validity, last));
  let count = 0;
  while (!signal?.aborted) {
    const mails = await folder.fetchAfter(last, batch, keptBytes);
    for (const mail of mails) {
      last = mail.uid;
      // Old mail copied into the folder lately has a new number: it still concerns nobody.
      if (mail.receivedAt < lease.since) continue;
      const read = await readIncoming({ ...mail, uidValidity: validity });
      const pass = (mail: ReadMail) => record(lease, cursor, mail);
      // What PostgreSQL itself will not take is set down as « other »: one odd mail never stops the others.
      const fresh = await pass(read).catch((error: unknown) => {
        if (!isDataError(error)) throw error;
        log.error({ err: error, relayId: lease.id, uid: mail.uid }, "mail set aside");
        return pass({ ...read, ...notUnderstood, sender: "", subject: "", from: null });
      });
      count += Number(fresh);
    }
    if (mails.length > 0) await transaction((client) => cursor.move(client, validity, last));
    if (mails.length < batch || folder.spent()) break;
  }
  return count;
}

const record = (lease: MailboxLease, cursor: Cursor, mail: ReadMail): Promise<boolean> =>
  transaction(async (client) => {
    const id = await recordMail(client, lease.id, mail, cursor.folder);
    await cursor.move(client, mail.uidValidity, mail.uid);
    return id !== null;
  });

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint). */
const isDataError = (error: unknown) => /^2[23]/.test((error as { code?: string }).code ?? "");
