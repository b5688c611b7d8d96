/** Settling the deliveries nobody heard back about: by evidence where a relay keeps copies, by people elsewhere. */
import { sql } from "#lib/db";
import { messageIdStem } from "#lib/deliveries/message-id";

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
  const lost = await sql<{ id: number; relay_id: number }>`
    select d.id, d.relay_id from deliveries d join relays r on r.id = d.relay_id and r.kind = 'sandbox'
    where d.status = 'unknown' order by d.id limit 100`;
  let settled = 0;
  for (const delivery of lost) {
    const [copy] = await sql`
      select 1 from sandbox_messages
      where relay_id = ${delivery.relay_id} and folder = 'sent' and message_id like ${`${messageIdStem(delivery.id)}%`}`;
    settled += await settle([delivery.id], copy ? "sent" : "requeue", copy ? "foundInSent" : "notInSent");
  }
  return settled;
}

async function settle(ids: number[], decision: "sent" | "requeue", reason: string): Promise<number> {
  const rows = await sql`
    with settled as (
      update deliveries set
        status = case when ${decision} = 'sent' then 'sent' when dropped then 'skipped' else 'queued' end::"DeliveryStatus",
        settled_at = case when ${decision} = 'sent' or dropped then clock_timestamp() end,
        due_at = clock_timestamp(), lease_token = null, lease_until = null,
        reason = case when ${decision} <> 'sent' and dropped then 'cancelled' else ${reason} end
      from (
        select d.id as one, coalesce(k.status = 'cancelled', false) as dropped
        from deliveries d left join campaigns k on k.id = d.campaign_id where d.id = any(${ids}::int[])
      ) found
      where id = found.one and status = 'unknown'
      returning id, attempts, relay_id, status
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, case status when 'sent' then 'sent' when 'skipped' then 'skipped' else 'requeued' end, ${reason} from settled
    returning 1 as one`;
  return rows.length;
}
