import { db } from "#lib/machine/db";

/** Every reason why this address is not written to today; `topic` null: all mail. */
export function listSuppressions(addressHash: Uint8Array<ArrayBuffer>) {
  return db.suppression.findMany({
    where: { addressHash, liftedAt: null },
    select: { id: true, reason: true, createdAt: true, topicId: true, topic: { select: { name: true } } },
    orderBy: { id: "asc" },
  });
}
