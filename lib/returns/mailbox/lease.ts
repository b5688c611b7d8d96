/** Which mailbox is whose to read, and where its reader was: all in the mailbox's row. */
import { findTokenLogin } from "#lib/letters/relays/oauth";
import type { FailureKey } from "#lib/letters/relays/schema";
import { pool, type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { type Lease, type LeasedRows, releaseLease, renewLease, takeLease } from "#lib/machine/lease";
import { unseal } from "#lib/machine/seal";
import type { Chosen } from "#lib/returns/mailbox/folders";
import type { MailboxAccess } from "#lib/returns/mailbox/source";

const readSeconds = { sandbox: 3, smtp: 60 };

export type MailboxKind = "sandbox" | "smtp";

export const mailboxes: LeasedRows = {
  table: "mailboxes",
  key: "relay_id",
  readable: "exists (select 1 from relays r where r.id = due.relay_id and r.archived_at is null)",
};

const ofKind = (kind: MailboxKind): LeasedRows => ({
  ...mailboxes,
  readable: `exists (select 1 from relays r where r.id = due.relay_id and r.archived_at is null and r.kind = '${kind}')`,
});

export type MailboxLease = Lease & {
  kind: MailboxKind;
  validity: bigint | null;
  lastUid: number;
  /** Mails older than the relay concern nobody here. */
  since: Date;
  /** What is read besides the main folder. */
  others: Chosen;
  hadFailed: boolean;
  /** Rejects when the password cannot be unsealed any more, or no token is to be had. */
  access(): Promise<MailboxAccess>;
};

/** How a relay's mailbox is opened. */
export type AccountRow = {
  relayId: number;
  kind: MailboxKind;
  host: string;
  port: number;
  security: MailboxAccess["security"];
  username: string;
  sealedPassword: Buffer | null;
};

type Row = AccountRow & {
  folder: string;
  uidValidity: string | null;
  lastUid: number;
  createdAt: Date;
  error: string | null;
  readJunk: boolean;
  moreFolders: string[];
};

/** The next mailbox (of that kind) that is due and that nobody reads, leased to this caller; null when there is none. */
export async function leaseMailbox(kind?: MailboxKind): Promise<MailboxLease | null> {
  const lease = await takeLease(pool(), kind ? ofKind(kind) : mailboxes);
  if (!lease) return null;
  const [row] = await sql<Row>`
    select m.relay_id as "relayId", r.kind, m.host, m.port, m.security, m.username, m.sealed_password as "sealedPassword", m.folder, m.uid_validity as "uidValidity", m.last_uid as "lastUid",
      r.created_at as "createdAt", m.error, m.read_junk as "readJunk", m.more_folders as "moreFolders"
    from mailboxes m join relays r on r.id = m.relay_id where m.relay_id = ${lease.id} and m.lease_token = ${lease.token}::uuid`;
  if (!row) return null;
  return {
    ...lease,
    kind: row.kind,
    validity: row.uidValidity === null ? null : BigInt(row.uidValidity),
    lastUid: row.lastUid,
    since: new Date(row.createdAt.getTime() - 24 * 3600_000),
    others: { junk: row.readJunk, named: row.moreFolders },
    hadFailed: row.error !== null,
    access: () => accessOf(row, row.folder),
  };
}

/** Rejects when the password cannot be unsealed any more, or no token is to be had. */
export const accessOf = async (row: AccountRow, folder: string): Promise<MailboxAccess> => ({
  kind: row.kind,
  relayId: row.relayId,
  host: row.host,
  port: row.port,
  security: row.security,
  username: row.username,
  folder,
  ...((await findTokenLogin(row.relayId)) ?? {
    password: row.sealedPassword ? unseal(row.sealedPassword, "mailboxes.sealed_password", row.relayId) : "",
  }),
});

/** Moves the cursor in the transaction of the mail it passes. @throws LeaseLost: nothing may be written then. */
export async function advance(
  client: Runner,
  lease: MailboxLease,
  validity: bigint,
  uid: number,
): Promise<void> {
  await renewLease(client, mailboxes, lease);
  await sqlOn(client)`
    update mailboxes set uid_validity = ${validity}, last_uid = ${uid}, progress_at = clock_timestamp()
    where relay_id = ${lease.id}`;
}

/** The same for a folder besides the main one; its first reading makes its row. @throws LeaseLost */
export async function advanceIn(
  client: Runner,
  lease: MailboxLease,
  path: string,
  { validity, uid }: { validity: bigint; uid: number },
): Promise<void> {
  await renewLease(client, mailboxes, lease);
  await sqlOn(client)`
    with forward as (update mailboxes set progress_at = clock_timestamp() where relay_id = ${lease.id})
    insert into mailbox_folders (relay_id, path, uid_validity, last_uid) values (${lease.id}, ${path}, ${validity}, ${uid})
    on conflict (relay_id, path) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, error = null`;
}

/** Where the reader of each folder besides the main one was. */
export const listFolders = ({ id }: MailboxLease) => sql<{
  path: string;
  validity: string | null;
  lastUid: number;
  error: string | null;
}>`
  select path, uid_validity::text as validity, last_uid as "lastUid", error from mailbox_folders where relay_id = ${id}`;

/** Not there, or closed to us: the relay's page says so until it is read again. @throws LeaseLost */
export const recordUnread = (lease: MailboxLease, path: string, failure: FailureKey): Promise<void> =>
  transaction(async (client) => {
    await renewLease(client, mailboxes, lease);
    await sqlOn(client)`
      insert into mailbox_folders (relay_id, path, error) values (${lease.id}, ${path}, ${failure})
      on conflict (relay_id, path) do update set error = excluded.error`;
  });

/** What is not read any more is forgotten; read again one day, the digests know its mails. @throws LeaseLost */
export const forgetFolders = (lease: MailboxLease, but: string[]): Promise<void> =>
  transaction(async (client) => {
    await renewLease(client, mailboxes, lease);
    await sqlOn(client)`
      delete from mailbox_folders where relay_id = ${lease.id} and path <> all(${but}::text[])`;
  });

/** Back on the shelf: read again after the usual while. */
export const releaseMailbox = (lease: MailboxLease): Promise<boolean> =>
  releaseLease(pool(), mailboxes, lease, readSeconds[lease.kind]);

/**
 * After a restore: all of them, Sent folders too, from where the backup had come to, and at once.
 * @unaudited In the transaction of lib/office/restores, which audits.
 */
export async function readAllAgain(client: Runner): Promise<void> {
  const anew =
    "read_at = null, error = null, failures = 0, due_at = clock_timestamp(), lease_token = null, lease_until = null";
  await client.query({ text: `update mailboxes set ${anew}` });
  await client.query({ text: `update sent_folders set ${anew}` });
}
