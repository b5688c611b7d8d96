import { failureKeys } from "#lib/letters/relays/schema";
import { db } from "#lib/machine/db";

/** The mailboxes that could not be read at the last try, why, and when the next one is. */
export async function listMailboxTrouble() {
  const relays = await db.relay.findMany({
    where: { archivedAt: null, imapError: { not: null } },
    select: { id: true, name: true, imapError: true, imapDueAt: true },
    orderBy: { id: "asc" },
  });
  return relays.map(({ id, name, imapError, imapDueAt }) => ({
    id,
    name,
    failure: failureKeys.find((key) => key === imapError) ?? ("unknown" as const),
    dueAt: imapDueAt,
    isSoon: imapDueAt.getTime() < Date.now() + 30_000,
  }));
}
