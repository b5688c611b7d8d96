/** The worker's task: what came back is read, judged and recorded, mailbox after mailbox. */

import { notify } from "#lib/department/notices/mutations";
import { failureOf } from "#lib/letters/relays/failure";
import { transaction } from "#lib/machine/db";
import { backOff, LeaseLost } from "#lib/machine/lease";
import { log } from "#lib/machine/log";
import {
  advance,
  leaseMailbox,
  type MailboxKind,
  type MailboxLease,
  mailboxes,
  releaseMailbox,
} from "#lib/returns/mailbox/lease";
import { type Mailbox, openMailbox } from "#lib/returns/mailbox/source";
import { keptBytes, notUnderstood, type ReadMail, readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";

/** Each of half a megabyte at most, in memory at once, of each mailbox that is being read. */
const batch = 8;

/**
 * Reads every mailbox (of that kind) that is due, one after another and each by one worker at a time. A mail and the cursor that passes it are one commit:
 * killed anywhere, the next reader goes on from there. Returns how many new mails were recorded.
 */
export async function pollMailboxes(signal?: AbortSignal, kind?: MailboxKind): Promise<number> {
  let recorded = 0;
  while (!signal?.aborted) {
    const lease = await leaseMailbox(kind);
    if (!lease) break;
    recorded += await pollOne(lease, signal);
  }
  return recorded;
}

async function pollOne(lease: MailboxLease, signal?: AbortSignal): Promise<number> {
  let mailbox: Mailbox | undefined;
  try {
    mailbox = await openMailbox(await lease.access());
    const count = await drain(lease, mailbox, signal);
    await releaseMailbox(lease);
    return count;
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

async function drain(lease: MailboxLease, mailbox: Mailbox, signal?: AbortSignal): Promise<number> {
  const known = lease.validity === mailbox.validity;
  // New numbers (RFC 9051, section 2.3.1.1): everything recent is read again, and the digests stop what is already here.
  let last = known ? lease.lastUid : await mailbox.startFrom(lease.since);
  if (!known) await transaction((client) => advance(client, lease, mailbox.validity, last));
  let count = 0;
  while (!signal?.aborted) {
    const mails = await mailbox.fetchAfter(last, batch, keptBytes);
    for (const mail of mails) {
      last = mail.uid;
      // Old mail copied into the folder lately has a new number: it still concerns nobody.
      if (mail.receivedAt < lease.since) continue;
      const read = await readIncoming({ ...mail, uidValidity: mailbox.validity });
      const pass = (mail: ReadMail) => record(lease, mailbox.validity, mail);
      // What PostgreSQL itself will not take is set down as « other »: one odd mail never stops the others.
      const fresh = await pass(read).catch((error: unknown) => {
        if (!isDataError(error)) throw error;
        log.error({ err: error, relayId: lease.id, uid: mail.uid }, "mail set aside");
        return pass({
          ...read,
          ...notUnderstood,
          sender: "",
          subject: "",
          from: null,
        });
      });
      count += Number(fresh);
    }
    if (mails.length > 0) await transaction((client) => advance(client, lease, mailbox.validity, last));
    if (mails.length < batch || mailbox.spent()) break;
  }
  return count;
}

const record = (lease: MailboxLease, validity: bigint, mail: ReadMail): Promise<boolean> =>
  transaction(async (client) => {
    const id = await recordMail(client, lease.id, mail);
    await advance(client, lease, validity, mail.uid);
    return id !== null;
  });

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint). */
const isDataError = (error: unknown) => /^2[23]/.test((error as { code?: string }).code ?? "");
