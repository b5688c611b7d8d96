/** Whose Sent folder is whose to read, where its reader was, and what people sent by hand: rows. */

import { countSentByHand, forgetByHand } from "#lib/letters/ledger/usage";
import { pool, type Runner, sql, sqlOn } from "#lib/machine/db";
import { type Lease, type LeasedRows, releaseLease, renewLease, takeLease } from "#lib/machine/lease";
import type { Identified } from "#lib/returns/mailbox/copies";
import { type AccountRow, accessOf } from "#lib/returns/mailbox/lease";
import type { MailboxAccess } from "#lib/returns/mailbox/source";

/** Seconds between two readings. */
const readSeconds = 60;

/** Of an archived relay too, as long as one of its messages waits to be looked up. */
export const sentFolders: LeasedRows = {
  table: "sent_folders",
  key: "relay_id",
  readable: `exists (
    select 1 from mailboxes m join relays r on r.id = m.relay_id
    where m.relay_id = due.relay_id
      and (r.archived_at is null or exists (select 1 from deliveries d where d.relay_id = r.id and d.status = 'unknown')))`,
};

export type SentLease = Lease & {
  path: string | null;
  validity: bigint | null;
  lastUid: number;
  /** Rejects when the password cannot be unsealed any more, or no token is to be had. */
  access(): Promise<MailboxAccess>;
};

type Row = AccountRow & {
  sentFolder: string;
  path: string | null;
  uidValidity: string | null;
  lastUid: string;
};

/** The next folder that is due and that nobody reads, leased to this caller; null when there is none. */
export async function leaseSentFolder(): Promise<SentLease | null> {
  await sql`
    insert into sent_folders (relay_id)
    select m.relay_id from mailboxes m join relays r on r.id = m.relay_id
    where r.kind = 'smtp' and r.archived_at is null
    on conflict do nothing`;
  const lease = await takeLease(pool(), sentFolders);
  if (!lease) return null;
  const [row] = await sql<Row>`
    select m.relay_id as "relayId", r.kind, m.host, m.port, m.security, m.username, m.sealed_password as "sealedPassword",
      m.sent_folder as "sentFolder",
      f.path, f.uid_validity as "uidValidity", f.last_uid as "lastUid"
    from sent_folders f join mailboxes m using (relay_id) join relays r on r.id = f.relay_id
    where f.lease_token = ${lease.token}::uuid`;
  if (!row) return null;
  return {
    ...lease,
    path: row.path,
    validity: row.uidValidity === null ? null : BigInt(row.uidValidity),
    lastUid: Number(row.lastUid),
    access: () => accessOf(row, row.sentFolder),
  };
}

/** Between two batches of a long look. @throws LeaseLost */
export const renew = (lease: SentLease): Promise<void> => renewLease(pool(), sentFolders, lease);

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
      where relay_id = ${lease.id}`;
  await forgetByHand(client, lease.id);
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
  copies: Identified[],
): Promise<void> {
  await moveTo(client, lease, at);
  const ours = copies.flatMap(({ delivery, filed }) => (filed ? [] : (delivery ?? [])));
  if (ours.length > 0)
    // Of this relay: the account's own server may file what another relay of the same account does not.
    await sqlOn(client)`
      update sent_folders set files_copies = true, copy_seen_at = clock_timestamp()
      where relay_id = ${lease.id}
        and exists (select 1 from deliveries where id = any(${ours}::int[]) and relay_id = ${lease.id})`;
  const theirs = copies
    .filter(({ delivery }) => delivery === null)
    .flatMap(({ at, recipients }) =>
      (recipients.length > 0 ? recipients : [""]).map((address) => ({ at, address })),
    );
  if (theirs.length > 0) await countSentByHand(client, lease.id, theirs);
}

async function moveTo(
  client: Runner,
  lease: SentLease,
  { path, validity, uid }: { path: string; validity: bigint; uid: number },
): Promise<void> {
  await renewLease(client, sentFolders, lease);
  await sqlOn(client)`
    update sent_folders set path = ${path}, uid_validity = ${validity}, last_uid = ${uid} where relay_id = ${lease.id}`;
}

/** Not one copy there, though messages were accepted long enough ago: people must settle what is unknown. */
export async function recordNoCopies(lease: SentLease): Promise<void> {
  await sql`
    update sent_folders set files_copies = false
    where relay_id = ${lease.id} and lease_token = ${lease.token}::uuid`;
}

/** Back on the shelf. While nobody knows yet whether copies are filed there, the ledger of the day may tell that none is. */
export async function releaseSentFolder(lease: SentLease, filing: number): Promise<void> {
  await sql`
    update sent_folders f set files_copies = false
    where relay_id = ${lease.id} and lease_token = ${lease.token}::uuid and files_copies is null and exists (
      select 1 from relay_usage u
      where u.relay_id = f.relay_id and u.outcome = 'sent' and u.n > 0
        and u.bucket between clock_timestamp() - interval '20 hours' and clock_timestamp() - make_interval(secs => ${filing + 10}))`;
  await releaseLease(pool(), sentFolders, lease, readSeconds);
}
