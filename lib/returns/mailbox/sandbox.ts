import { db } from "#lib/machine/db";
import type { Mailbox } from "#lib/returns/mailbox/source";

/** The sandbox's own mailbox: rows whose numbers only rise (see lib/letters/sandbox/store.ts). */
export async function openSandboxMailbox(relayId: number): Promise<Mailbox> {
  return {
    validity: 1n,
    startFrom: async () => 0,
    fetchAfter: async (after, limit, maxBytes) => {
      const rows = await db.sandboxMessage.findMany({
        where: { relayId, folder: "inbox", id: { gt: after } },
        select: { id: true, raw: true, receivedAt: true },
        orderBy: { id: "asc" },
        take: limit,
      });
      return rows.map(({ id, raw, receivedAt }) => ({
        uid: id,
        raw: Buffer.from(raw).subarray(0, maxBytes),
        receivedAt,
      }));
    },
    spent: () => false,
    others: async () => ({ paths: [], missing: [] }),
    turnTo: () => Promise.reject(new Error("the sandbox has one folder")),
    close: async () => {},
  };
}
