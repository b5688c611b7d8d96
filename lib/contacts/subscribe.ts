/** Staff change a subscription in the person's name: at their request, with a word on how it was made. */
import type pg from "pg";
import { recordAudit } from "#lib/audit/mutations";
import { sqlOn, transaction } from "#lib/db";
import { type Result, refused } from "#lib/result";
import { liftSuppression, suppress } from "#lib/suppressions/mutations";

type Change = { contactId: number; topicId: number; subscribed: boolean; proof: string };
type Answer = Result<unknown, "notFound" | "proofNeeded" | "stoppedAll" | "complained">;

/**
 * Subscribing wants a proof, lifts the reader's own « stop » to this newsletter, and is refused to who stopped
 * everything or complained. Unsubscribing is kept by the hash of each address, as the reader's own click is.
 */
export const changeSubscription = (change: Change, by: number): Promise<Answer> =>
  transaction(async (client) => {
    const [contact] = await sqlOn(client)`select id from contacts where id = ${change.contactId} for update`;
    if (!contact) return refused("notFound");
    const refusal = change.subscribed ? await refusalToSubscribe(client, change) : null;
    if (refusal) return refused(refusal);
    const addresses = await sqlOn(client)<{
      address_hash: Buffer;
    }>`select address_hash from email_addresses where contact_id = ${change.contactId}`;
    for (const { address_hash } of addresses) {
      const key = { addressHash: address_hash, topicId: change.topicId, reason: "unsubscribe" } as const;
      await (change.subscribed ? liftSuppression(key, client) : suppress(key, client));
    }
    if (await write(client, change, by)) await tell(client, change, by);
    return { ok: true };
  });

async function refusalToSubscribe(client: pg.PoolClient, { contactId, topicId, proof }: Change) {
  if (!proof) return "proofNeeded";
  const stops = await sqlOn(client)<{ topic_id: number | null; reason: string }>`
    select x.topic_id, x.reason from email_addresses m join suppressions x on x.address_hash = m.address_hash
    where m.contact_id = ${contactId} and x.lifted_at is null and (x.topic_id is null or x.topic_id = ${topicId})`;
  if (stops.some(({ reason }) => reason === "complaint")) return "complained";
  return stops.some(({ topic_id, reason }) => topic_id === null && reason !== "hard_bounce")
    ? "stoppedAll"
    : null;
}

/** Whether anything changed: a second click writes no second line of history. */
async function write(
  client: pg.PoolClient,
  { contactId, topicId, subscribed, proof }: Change,
  by: number,
): Promise<boolean> {
  const rows = await sqlOn(client)`
    with changed as (
      insert into subscriptions as s (contact_id, topic_id, subscribed_at, unsubscribed_at)
      values (${contactId}, ${topicId}, case when ${subscribed}::boolean then now() end, case when not ${subscribed}::boolean then now() end)
      on conflict (contact_id, topic_id) do update set
        subscribed_at = case when ${subscribed}::boolean then now() else s.subscribed_at end,
        unsubscribed_at = case when not ${subscribed}::boolean then now() end
        where (s.unsubscribed_at is null and s.subscribed_at is not null) <> ${subscribed}::boolean
      returning topic_id
    )
    insert into subscription_events (contact_id, topic_id, change, basis, via, proof, user_id)
    select ${contactId}::int, t.id, case when ${subscribed}::boolean then 'subscribed' else 'unsubscribed' end, t.legal_basis, 'staff',
           jsonb_build_object('note', ${proof}::text), ${by}::int
    from changed join topics t on t.id = changed.topic_id returning id`;
  return rows.length > 0;
}

async function tell(client: pg.PoolClient, { contactId, topicId, subscribed }: Change, by: number) {
  const kind = subscribed ? "resubscribed" : "unsubscribed";
  await sqlOn(client)`
    insert into activities (kind, contact_id, user_id, data) values (${kind}, ${contactId}, ${by}, ${JSON.stringify({ topicId, via: "staff" })})`;
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
