/** The worker's task: what came back is read, judged and recorded, mailbox after mailbox. */

import { notify } from "#lib/department/notices/mutations";
import { failureOf } from "#lib/letters/relays/failure";
import { pool, transaction } from "#lib/machine/db";
import { backOff, holding, LeaseLost } from "#lib/machine/lease";
import { log } from "#lib/machine/log";
import { type Cursor, drain } from "#lib/returns/mailbox/drain";
import {
  advance,
  advanceIn,
  forgetFolders,
  leaseMailbox,
  listFolders,
  type MailboxKind,
  type MailboxLease,
  mailboxes,
  recordUnread,
  releaseMailbox,
} from "#lib/returns/mailbox/lease";
import { type Folder, type Mailbox, openMailbox } from "#lib/returns/mailbox/source";

/**
 * Reads every mailbox (of that kind) that is due, one after another and each by one worker at a time. A mail and the cursor
 * that passes it are one commit: killed anywhere, the next reader goes on from there. Returns how many new mails were recorded.
 */
export async function pollMailboxes(signal?: AbortSignal, kind?: MailboxKind): Promise<number> {
  let recorded = 0;
  while (!signal?.aborted) {
    const lease = await leaseMailbox(kind);
    if (!lease) break;
    recorded += await holding(pool(), mailboxes, lease, () => pollOne(lease, signal));
  }
  return recorded;
}

async function pollOne(lease: MailboxLease, signal?: AbortSignal): Promise<number> {
  let mailbox: Mailbox | undefined;
  try {
    mailbox = await openMailbox(await lease.access());
    const { validity, lastUid } = lease;
    const move: Cursor["move"] = (client, validity, uid) => advance(client, lease, validity, uid);
    const count = await drain(lease, mailbox, { validity, lastUid, folder: null, move }, signal);
    const more = await drainOthers(lease, mailbox, signal);
    await releaseMailbox(lease);
    return count + more;
  } catch (error) {
    // Too slow for its lease: a colleague reads on from the last recorded mail.
    if (error instanceof LeaseLost) return 0;
    const failure = failureOf(error);
    log.warn({ err: error, relayId: lease.id, failure }, "mailbox not read");
    await transaction(async (client) => {
      const held = await backOff(client, mailboxes, lease, failure);
      // Told once; the screen shows the rest until it works again.
      if (held && !lease.hadFailed)
        await notify({ kind: "mailboxTrouble", data: { relayId: lease.id, reason: failure } }, client);
    });
    return 0;
  } finally {
    await mailbox?.close();
  }
}

/** After the main folder, the same connection. A mail that was moved between them is known by its digest. */
async function drainOthers(lease: MailboxLease, mailbox: Mailbox, signal?: AbortSignal): Promise<number> {
  const { paths, missing } = await mailbox.others(lease.others);
  const known = await listFolders(lease);
  let count = 0;
  for (const path of paths) {
    // Its turn is over: what is left is read in the next.
    if (signal?.aborted || mailbox.spent()) return count;
    const folder = await turnTo(lease, mailbox, path);
    if (!folder) continue;
    const { validity = null, lastUid = 0 } = known.find((one) => one.path === path) ?? {};
    count += await drain(
      lease,
      folder,
      {
        validity: validity === null ? null : BigInt(validity),
        lastUid,
        folder: path,
        move: (client, validity, uid) => advanceIn(client, lease, path, { validity, uid }),
      },
      signal,
    );
  }
  for (const path of missing) await recordUnread(lease, path, "folder");
  const kept = [...paths, ...missing];
  if (known.some(({ path }) => !kept.includes(path))) await forgetFolders(lease, kept);
  return count;
}

/** Null when the server says no to this folder, and the connection lives: the others are read all the same. */
async function turnTo(lease: MailboxLease, mailbox: Mailbox, path: string): Promise<Folder | null> {
  try {
    return await mailbox.turnTo(path);
  } catch (error) {
    if ((error as { responseStatus?: string }).responseStatus !== "NO") throw error;
    await recordUnread(lease, path, "folder");
    return null;
  }
}
