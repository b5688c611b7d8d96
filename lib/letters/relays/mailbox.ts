/** What staff set of the mailbox where a relay's errors and replies arrive. Its reader is in lib/returns/mailbox. */
import type { Prisma } from "#db/client";
import type { RelayInput } from "#lib/letters/relays/schema";
import { sql } from "#lib/machine/db";
import { seal, unseal } from "#lib/machine/seal";

/** An empty password keeps the sealed one. */
export const mailboxColumns = (relayId: number, input: RelayInput) => ({
  host: input.imapHost,
  port: input.imapPort,
  security: input.imapSecurity,
  username: input.imapUsername,
  folder: input.imapFolder || "INBOX",
  sentFolder: input.sentFolder,
  readJunk: input.imapJunk,
  moreFolders: input.imapMore,
  ...(input.imapPassword && {
    sealedPassword: seal(input.imapPassword, "mailboxes.sealed_password", relayId),
  }),
});

type Before = {
  host: string;
  username: string;
  sealedPassword: Uint8Array | null;
  mailbox: { host: string; username: string; folder: string; sentFolder: string } | null;
};

/**
 * Another mailbox is read from its own beginning, and at once; without a host there is none, and nothing is kept of it.
 * @unaudited Part of updateRelay, which says it.
 */
export async function changeMailbox(
  rows: Prisma.TransactionClient,
  relayId: number,
  input: RelayInput,
  before: Before,
): Promise<void> {
  const was = before.mailbox;
  const to = mailboxColumns(relayId, withSamePassword(relayId, input, before.sealedPassword));
  if (to.host === "") await rows.mailbox.deleteMany({ where: { relayId } });
  else {
    const moved = was?.host !== to.host || was.username !== to.username || was.folder !== to.folder;
    const again = { dueAt: new Date(), error: null, failures: 0, ...(moved && fromTheBeginning) };
    await rows.mailbox.upsert({
      where: { relayId },
      create: { relayId, ...to },
      update: { ...to, ...again },
      select: { relayId: true },
    });
    if (was && (was.host !== to.host || was.username !== to.username))
      await rows.mailboxFolder.deleteMany({ where: { relayId } });
    // Whoever listens does so with the old settings.
    await rows.mailboxListener.deleteMany({ where: { relayId } });
  }
  // Another account to send by files its copies elsewhere, too.
  const newReader =
    before.host !== input.host ||
    before.username !== input.username ||
    was?.host !== to.host ||
    was.username !== to.username ||
    was.sentFolder !== to.sentFolder;
  if (newReader) await rows.sentFolder.deleteMany({ where: { relayId } });
  else
    await rows.sentFolder.updateMany({
      where: { relayId },
      data: { dueAt: new Date(), error: null, failures: 0 },
    });
}

const fromTheBeginning = { uidValidity: null, lastUid: 0, leaseToken: null, leaseUntil: null };

/** One login for both servers: a password kept from before serves the mailbox too. */
function withSamePassword(id: number, input: RelayInput, sealed: Uint8Array | null): RelayInput {
  if (!input.imapSame || input.password || !sealed) return input;
  try {
    return { ...input, imapPassword: unseal(sealed, "relays.sealed_password", id) };
  } catch {
    // Sealed by another key: the test says so, in words.
    return input;
  }
}

/** Whether every mailbox and Sent folder of a relay in service has been read, or could not be, since it was set or last put back. */
export async function mailboxesRead(): Promise<boolean> {
  const waiting = await sql`
    select from mailboxes m join relays r on r.id = m.relay_id left join sent_folders f on f.relay_id = r.id
    where r.kind = 'smtp' and r.archived_at is null
      and (m.read_at is null and m.error is null or f.read_at is null and f.error is null) limit 1`;
  return waiting.length === 0;
}
