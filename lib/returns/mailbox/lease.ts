/** Which mailbox is whose to read, and where its reader was: all in the relay's row. */
import { randomUUID } from "node:crypto";
import { findTokenLogin } from "#lib/letters/relays/oauth";
import type { FailureKey } from "#lib/letters/relays/schema";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";
import type { MailboxAccess } from "#lib/returns/mailbox/source";

/** Seconds; renewed with each recorded mail, so a slow mailbox is not taken over and a dead worker's soon is. */
const leaseSeconds = 120;
const pollSeconds = { sandbox: 3, smtp: 60 };

export type Lease = {
  relayId: number;
  token: string;
  kind: "sandbox" | "smtp";
  validity: bigint | null;
  lastUid: number;
  /** Mails older than the relay concern nobody here. */
  since: Date;
  hadFailed: boolean;
  /** Rejects when the password cannot be unsealed any more, or no token is to be had. */
  access(): Promise<MailboxAccess>;
};

/** What a relay's row says of its mailbox. */
export type AccountRow = {
  id: number;
  kind: "sandbox" | "smtp";
  imap_host: string;
  imap_port: number;
  imap_security: MailboxAccess["security"];
  imap_username: string;
  sealed_imap_password: Buffer | null;
};

type Row = AccountRow & {
  imap_folder: string;
  imap_uid_validity: string | null;
  imap_last_uid: number;
  created_at: Date;
  imap_error: string | null;
};

/** The next mailbox that is due and that nobody reads, leased to this caller; null when there is none. */
export async function leaseMailbox(): Promise<Lease | null> {
  const token = randomUUID();
  const [row] = await sql<Row>`
    update relays set imap_lease_token = ${token}::uuid, imap_lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id = (
      select id from relays
      where archived_at is null and (kind = 'sandbox' or imap_host <> '') and imap_due_at <= clock_timestamp()
        and (imap_lease_until is null or imap_lease_until <= clock_timestamp())
      order by imap_due_at limit 1 for update skip locked)
    returning id, kind, imap_host, imap_port, imap_security, imap_username, sealed_imap_password, imap_folder,
      imap_uid_validity, imap_last_uid, created_at, imap_error`;
  if (!row) return null;
  return {
    relayId: row.id,
    token,
    kind: row.kind,
    validity: row.imap_uid_validity === null ? null : BigInt(row.imap_uid_validity),
    lastUid: row.imap_last_uid,
    since: new Date(row.created_at.getTime() - 24 * 3600_000),
    hadFailed: row.imap_error !== null,
    access: () => accessOf(row, row.imap_folder),
  };
}

/** Rejects when the password cannot be unsealed any more, or no token is to be had. */
export const accessOf = async (row: AccountRow, folder: string): Promise<MailboxAccess> => ({
  kind: row.kind,
  relayId: row.id,
  host: row.imap_host,
  port: row.imap_port,
  security: row.imap_security,
  username: row.imap_username,
  folder,
  ...((await findTokenLogin(row.id)) ?? {
    password: row.sealed_imap_password
      ? unseal(row.sealed_imap_password, "relays.sealed_imap_password", row.id)
      : "",
  }),
});

/** Moves the cursor in the transaction of the mail it passes. False when the lease was lost: nothing may be written then. */
export async function advance(client: Runner, lease: Lease, validity: bigint, uid: number): Promise<boolean> {
  const rows = await sqlOn(client)`
    update relays set imap_uid_validity = ${validity}, imap_last_uid = ${uid},
      imap_lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id = ${lease.relayId} and imap_lease_token = ${lease.token}::uuid returning id`;
  return rows.length === 1;
}

/** Back on the shelf: read again after the usual while. */
export async function releaseMailbox(lease: Lease): Promise<void> {
  await sql`
    update relays set imap_lease_token = null, imap_lease_until = null, imap_error = null, imap_failures = 0,
      imap_polled_at = clock_timestamp(), imap_due_at = clock_timestamp() + make_interval(secs => ${pollSeconds[lease.kind]})
    where id = ${lease.relayId} and imap_lease_token = ${lease.token}::uuid`;
}

/** Tried again after 1, 2, 4 … 60 minutes: a wrong password repeated too often locks an account. */
export async function backOff(client: Runner, lease: Lease, failure: FailureKey): Promise<void> {
  await sqlOn(client)`
    update relays set imap_lease_token = null, imap_lease_until = null, imap_error = ${failure}, imap_failures = imap_failures + 1,
      imap_due_at = clock_timestamp() + make_interval(mins => least(60, power(2, least(imap_failures, 6))::int))
    where id = ${lease.relayId} and imap_lease_token = ${lease.token}::uuid`;
}
