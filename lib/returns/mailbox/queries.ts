import { failureKeys } from "#lib/letters/relays/schema";
import { db } from "#lib/machine/db";

/** The mailboxes that could not be read at the last try, why, and when the next one is. */
export async function listMailboxTrouble() {
  const mailboxes = await db.mailbox.findMany({
    where: { error: { not: null }, relay: { archivedAt: null } },
    select: { error: true, dueAt: true, relay: { select: { id: true, name: true } } },
    orderBy: { relayId: "asc" },
  });
  return mailboxes.map(({ relay, error, dueAt }) => ({
    ...relay,
    failure: failureKeys.find((key) => key === error) ?? ("unknown" as const),
    dueAt,
    isSoon: dueAt.getTime() < Date.now() + 30_000,
  }));
}

/** Whether any account has a mailbox, of the past too: a letter of its may still be looked for in its Sent folder. */
export async function hasMailboxes(): Promise<boolean> {
  const one = await db.mailbox.findFirst({ where: { relay: { kind: "smtp" } }, select: { relayId: true } });
  return one !== null;
}
