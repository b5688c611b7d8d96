/** Settling the deliveries nobody heard back about: by evidence where a relay keeps copies, by people elsewhere. */
import { sql } from "#lib/db";
import { messageId } from "#lib/deliveries/message-id";

/**
 * One decision for all unknown deliveries of a campaign: `sent` believes they arrived, `requeue` sends them again.
 * Returns how many rows it decided; 0 when a colleague or the evidence was faster.
 */
export async function settleUnknown(campaignId: number, decision: "sent" | "requeue"): Promise<number> {
  return settle(
    (
      await sql<{
        id: number;
      }>`select id from deliveries where campaign_id = ${campaignId} and status = 'unknown'`
    ).map(({ id }) => id),
    decision,
    "decidedByStaff",
  );
}

/** The sandbox keeps every message it accepted: whether a Message-ID is among them is the whole answer. */
export async function settleFromSandbox(): Promise<number> {
  const lost = await sql<{ id: number; relay_id: number; sender: string }>`
    select d.id, d.relay_id, i.address as sender
    from deliveries d
    join relays r on r.id = d.relay_id and r.kind = 'sandbox'
    join contents ct on ct.id = d.content_id join identities i on i.id = ct.identity_id
    where d.status = 'unknown' order by d.id limit 100`;
  let settled = 0;
  for (const delivery of lost) {
    const id = messageId(delivery.id, delivery.sender.split("@")[1] ?? "localhost");
    const [copy] = await sql`
      select 1 from sandbox_messages
      where relay_id = ${delivery.relay_id} and folder = 'sent' and message_id = ${id}`;
    settled += await settle([delivery.id], copy ? "sent" : "requeue", copy ? "foundInSent" : "notInSent");
  }
  return settled;
}

async function settle(ids: number[], decision: "sent" | "requeue", reason: string): Promise<number> {
  const rows = await sql`
    with settled as (
      update deliveries set
        status = case when ${decision} = 'sent' then 'sent' else 'queued' end::"DeliveryStatus",
        settled_at = case when ${decision} = 'sent' then clock_timestamp() end,
        due_at = clock_timestamp(), lease_token = null, lease_until = null, reason = ${reason}
      where id = any(${ids}::int[]) and status = 'unknown'
      returning id, attempts, relay_id
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, case when ${decision} = 'sent' then 'sent' else 'requeued' end, ${reason} from settled
    returning 1 as one`;
  return rows.length;
}
