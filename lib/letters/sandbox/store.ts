/** The grouped writer of one sandbox: what arrives in the same turn is kept by one commit, and only then answered. */

import { carryingSecret } from "#lib/letters/deliveries/secrets";
import { sqlOn, transaction } from "#lib/machine/db";
import type { DeliveryName } from "#lib/machine/tokens";

export type Kept = {
  folder: "sent" | "inbox";
  envelopeFrom: string;
  recipient: string;
  subject: string;
  messageId: string;
  raw: Buffer;
  /** The delivery it is, or answers. */
  delivery: DeliveryName | null;
};

type Waiting = { rows: Kept[]; done: (error?: unknown) => void };

const maxGroup = 100;

/** `keep(rows)` resolves once they are committed, all or none. */
export function openStore(relayId: number): { keep(rows: Kept[]): Promise<void> } {
  const waiting: Waiting[] = [];
  let running = false;
  const run = async () => {
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const group = waiting.splice(0, maxGroup);
      const error = await write(
        relayId,
        group.flatMap(({ rows }) => rows),
      ).then(
        () => undefined,
        (failure: unknown) => failure ?? new Error("not kept"),
      );
      for (const { done } of group) done(error);
    }
    running = false;
  };
  return {
    keep: (rows) =>
      new Promise((resolve, reject) => {
        waiting.push({ rows, done: (error) => (error ? reject(error) : resolve()) });
        if (running) return;
        running = true;
        void run();
      }),
  };
}

async function write(relayId: number, rows: Kept[]): Promise<void> {
  await transaction(async (client) => {
    const query = sqlOn(client);
    // A mailbox is read by rising number: numbers must become visible in order, whatever worker gives them.
    if (rows.some(({ folder }) => folder === "inbox"))
      await query`select pg_advisory_xact_lock(80211, ${relayId})`;
    const secret = await carryingSecret(
      client,
      rows.flatMap(({ delivery }) => delivery?.id ?? []),
    );
    await query`
      insert into sandbox_messages (relay_id, folder, envelope_from, recipient, subject, message_id, raw, carries_secret)
      select ${relayId}, * from unnest(
        ${rows.map((row) => row.folder)}::text[], ${rows.map((row) => row.envelopeFrom)}::text[],
        ${rows.map((row) => row.recipient)}::text[], ${rows.map((row) => row.subject)}::text[],
        ${rows.map((row) => row.messageId)}::text[], ${rows.map((row) => row.raw)}::bytea[],
        ${rows.map((row) => secret.has(row.delivery?.id ?? 0))}::boolean[])`;
  });
}
