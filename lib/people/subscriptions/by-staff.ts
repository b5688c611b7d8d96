/** Staff change a subscription in the person's name: at their request, with a word on how it was made. */

import type pg from "pg";
import { recordAudit } from "#lib/department/audit/mutations";
import { promptly, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { recordActivity } from "#lib/people/activities/mutations";
import { endSubscriptions, startSubscriptions } from "#lib/people/subscriptions/mutations";
import { liftSuppression, suppress } from "#lib/people/suppressions/mutations";

type Change = { contactId: number; topicId: number; subscribed: boolean; proof: string };
type Answer = Result<unknown, "notFound" | "proofNeeded" | "stoppedAll" | "complained">;

/**
 * Subscribing wants a proof, lifts the reader's own « stop » to this newsletter, and is refused to who stopped
 * everything or complained. Unsubscribing is kept by the hash of each address, as the reader's own click is.
 */
export const changeSubscription = (change: Change, by: number): Promise<Answer> =>
  promptly(async (client) => {
    const [contact] = await sqlOn(client)`select id from contacts where id = ${change.contactId} for update`;
    if (!contact) return refused("notFound");
    const refusal = change.subscribed ? await refusalToSubscribe(client, change) : null;
    if (refusal) return refused(refusal);
    const addresses = await sqlOn(client)<{
      addressHash: Buffer;
    }>`select address_hash as "addressHash" from email_addresses where contact_id = ${change.contactId}`;
    for (const { addressHash } of addresses) {
      const key = { addressHash, topicId: change.topicId, reason: "unsubscribe" } as const;
      await (change.subscribed ? liftSuppression(key, client) : suppress(key, client));
    }
    const wish = { contactId: change.contactId, via: "staff", proof: { note: change.proof }, by } as const;
    const topics = await (change.subscribed ? startSubscriptions : endSubscriptions)(client, wish, [
      change.topicId,
    ]);
    // A second click writes no second line of history.
    if (topics.length > 0) await recordChange(client, change, by);
    return { ok: true };
  });

/** The reader's own stop of this newsletter may be taken back with a proof; no other may. */
async function refusalToSubscribe(client: pg.PoolClient, { contactId, topicId, proof }: Change) {
  if (!proof) return "proofNeeded";
  const [row] = await sqlOn(client)<{ here: string | null; anywhere: string | null }>`
    select here.reason as here, anywhere.reason as anywhere
    from opposition(null, ${contactId}, ${topicId}, 'newsletter') here, opposition(null, ${contactId}, null, 'solicitation') anywhere`;
  if (row?.here === "complaint") return "complained";
  const stands =
    row?.here === "suppressed" || row?.anywhere === "suppressed" || row?.anywhere === "unsubscribed";
  return stands ? "stoppedAll" : null;
}

async function recordChange(client: pg.PoolClient, { contactId, topicId, subscribed }: Change, by: number) {
  const kind = subscribed ? "resubscribed" : "unsubscribed";
  await recordActivity({ kind, contactId, userId: by, data: { topicId, via: "staff" } }, client);
  await recordAudit(
    {
      userId: by,
      action: `subscription.${subscribed ? "started" : "ended"}`,
      subject: "contact",
      subjectId: contactId,
      data: { topicId },
    },
    client,
  );
}
