/** Whose Sent folder is whose to read, where its reader was, and what people sent by hand: rows. */

import { randomUUID } from "node:crypto";
import { countSentByHand, forgetByHand } from "#lib/letters/ledger/usage";
import type { FailureKey } from "#lib/letters/relays/schema";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { type AccountRow, accessOf } from "#lib/returns/mailbox/lease";
import type { Copy } from "#lib/returns/mailbox/sent-folder";
import type { MailboxAccess } from "#lib/returns/mailbox/source";

/** Seconds; renewed with each batch. */
const leaseSeconds = 120;
/** Seconds between two readings. */
const readSeconds = 60;

export type SentLease = {
  relayId: number;
  token: string;
  path: string | null;
  validity: bigint | null;
  lastUid: number;
  /** Rejects when the password cannot be unsealed any more, or no token is to be had. */
  access(): Promise<MailboxAccess>;
};

type Row = AccountRow & {
  sent_folder: string;
  path: string | null;
  uid_validity: string | null;
  last_uid: string;
};

/** The next folder that is due and that nobody reads, leased to this caller; null when there is none. */
export async function leaseSentFolder(): Promise<SentLease | null> {
  await sql`
    insert into sent_folders (relay_id)
    select id from relays where kind = 'smtp' and imap_host <> '' and archived_at is null
      and not exists (select 1 from sent_folders where relay_id = id)
    on conflict do nothing`;
  const token = randomUUID();
  const [row] = await sql<Row>`
    update sent_folders f set lease_token = ${token}::uuid, lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from relays r
    where r.id = f.relay_id and f.relay_id = (
      select due.relay_id from sent_folders due join relays r on r.id = due.relay_id
      where r.imap_host <> '' and due.due_at <= clock_timestamp()
        and (due.lease_until is null or due.lease_until <= clock_timestamp())
        and (r.archived_at is null or exists (select 1 from deliveries d where d.relay_id = r.id and d.status = 'unknown'))
      order by due.due_at limit 1 for update of due skip locked)
    returning r.id, r.kind, r.imap_host, r.imap_port, r.imap_security, r.imap_username, r.sealed_imap_password, r.sent_folder,
      f.path, f.uid_validity, f.last_uid`;
  if (!row) return null;
  return {
    relayId: row.id,
    token,
    path: row.path,
    validity: row.uid_validity === null ? null : BigInt(row.uid_validity),
    lastUid: Number(row.last_uid),
    access: () => accessOf(row, row.sent_folder),
  };
}

/** Too slow, or another mailbox was set: somebody else reads on from the last committed mail. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** @throws LeaseLost */
export async function renew(lease: SentLease): Promise<void> {
  const rows = await sql`
    update sent_folders set lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where relay_id = ${lease.relayId} and lease_token = ${lease.token}::uuid returning relay_id`;
  if (rows.length === 0) throw new LeaseLost();
}

/**
 * A folder read for the first time, or whose numbers are new: what it told of the last 24 hours is forgotten, to be
 * counted again. Another folder than before tells nothing of what was announced until now. Call in a transaction.
 */
export async function startOver(
  client: Runner,
  lease: SentLease,
  at: { path: string; validity: bigint; uid: number },
): Promise<void> {
  await moveTo(client, lease, at);
  if (lease.validity !== null)
    await sqlOn(client)`
      update sent_folders set reading_since = clock_timestamp(), files_copies = null, copy_seen_at = null
      where relay_id = ${lease.relayId}`;
  await forgetByHand(client, lease.relayId);
}

/**
 * Counts what people sent themselves, a recipient each as Gmail does (help page 166852), at the time it was filed, and
 * moves the cursor past it. Counted only where our own mails are known by their Message-IDs, or none was sent: some
 * servers rewrite them, and ours would count twice. Call in a transaction. @throws LeaseLost
 */
export async function countByHand(
  client: Runner,
  lease: SentLease,
  at: { path: string; validity: bigint; uid: number },
  copies: Copy[],
): Promise<void> {
  await moveTo(client, lease, at);
  const ours = copies.flatMap(({ delivery }) => delivery ?? []);
  if (ours.length > 0)
    // Of this relay: the account's own server may file what another relay of the same account does not.
    await sqlOn(client)`
      update sent_folders set files_copies = true, copy_seen_at = clock_timestamp()
      where relay_id = ${lease.relayId}
        and exists (select 1 from deliveries where id = any(${ours}::int[]) and relay_id = ${lease.relayId})`;
  const theirs = copies
    .filter(({ delivery }) => delivery === null)
    .flatMap(({ at, recipients }) =>
      (recipients.length > 0 ? recipients : [""]).map((address) => ({ at, address })),
    );
  if (theirs.length > 0) await countSentByHand(client, lease.relayId, theirs);
}

async function moveTo(
  client: Runner,
  lease: SentLease,
  { path, validity, uid }: { path: string; validity: bigint; uid: number },
): Promise<void> {
  const rows = await sqlOn(client)`
    update sent_folders set path = ${path}, uid_validity = ${validity}, last_uid = ${uid},
      lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where relay_id = ${lease.relayId} and lease_token = ${lease.token}::uuid returning relay_id`;
  if (rows.length === 0) throw new LeaseLost();
}

/** Not one copy there, though messages were accepted long enough ago: people must settle what is unknown. */
export async function tellNoCopies(lease: SentLease): Promise<void> {
  await sql`
    update sent_folders set files_copies = false
    where relay_id = ${lease.relayId} and lease_token = ${lease.token}::uuid`;
}

/** Back on the shelf. While nobody knows yet whether copies are filed there, the ledger of the day may tell that none is. */
export async function releaseSentFolder(lease: SentLease, filing: number): Promise<void> {
  await sql`
    update sent_folders f set lease_token = null, lease_until = null, error = null, failures = 0, read_at = clock_timestamp(),
      due_at = clock_timestamp() + make_interval(secs => ${readSeconds}),
      files_copies = coalesce(files_copies, case when exists (
        select 1 from relay_usage u
        where u.relay_id = f.relay_id and u.outcome = 'sent' and u.n > 0
          and u.bucket between clock_timestamp() - interval '20 hours' and clock_timestamp() - make_interval(secs => ${filing + 10})
      ) then false end)
    where relay_id = ${lease.relayId} and lease_token = ${lease.token}::uuid`;
}

/** Tried again after 1, 2, 4 … 60 minutes: a wrong password repeated too often locks an account. */
export async function backOffSent(lease: SentLease, failure: FailureKey): Promise<void> {
  await sql`
    update sent_folders set lease_token = null, lease_until = null, error = ${failure}, failures = failures + 1,
      due_at = clock_timestamp() + make_interval(mins => least(60, power(2, least(failures, 6))::int))
    where relay_id = ${lease.relayId} and lease_token = ${lease.token}::uuid`;
}
