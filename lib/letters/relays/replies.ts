/** Whether the application reads the mailbox that readers answer to. */
import { sql } from "#lib/machine/db";

type Sender = { address: string; replyTo: string };

/** Where an answer goes (RFC 5322, section 3.6.2). */
const answersTo = ({ address, replyTo }: Sender): string => replyTo || address;

/** Logins of the mailboxes that are read over IMAP. */
export async function listReadAccounts(): Promise<string[]> {
  const rows = await sql<{ login: string }>`
    select distinct lower(m.username) as login from mailboxes m join relays r on r.id = m.relay_id
    where r.archived_at is null and r.kind = 'smtp' and m.username <> '' order by 1`;
  return rows.map(({ login }) => login);
}

/**
 * The address whose answers none of these mailboxes is known to receive; null when one is. A login without a domain
 * is taken for the local part; other names of a mailbox (aliases) are not known to us, so that this only warns.
 */
export function unreadAddress(sender: Sender, logins: readonly string[]): string | null {
  const address = answersTo(sender).toLowerCase();
  const [local = "", domain = ""] = address.split("@");
  // A detail after « + » reaches the same mailbox (RFC 5233).
  const mailbox = local.replace(/\+.*$/, "");
  return logins.some((login) => [mailbox, `${mailbox}@${domain}`, address].includes(login)) ? null : address;
}
