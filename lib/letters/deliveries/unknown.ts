/** Settling the deliveries nobody heard back about: by evidence where a relay keeps copies, by people elsewhere. */
import { audited, type By } from "#lib/department/audit/mutations";
import { messageIdStem } from "#lib/letters/deliveries/message-id";
import { pool, type Runner, sql, sqlOn } from "#lib/machine/db";

/** `sent` believes they arrived, `requeue` sends them again. */
export type Decision = "sent" | "requeue";

/**
 * One decision for all unknown deliveries of a campaign (null: of letters), or for one of them. `settled` is how many
 * rows it decided; 0 when a colleague or the evidence was faster.
 */
export const settleUnknown = (
  campaignId: number | null,
  decision: Decision,
  by: By,
  only?: number,
): Promise<{ ok: true; settled: number }> =>
  audited(
    ({ settled }: { settled: number }) =>
      campaignId === null
        ? {
            ...decided(by, decision, settled),
            action: "delivery.settled",
            subject: "delivery",
            subjectId: only ?? null,
          }
        : {
            ...decided(by, decision, settled),
            action: "campaign.settled",
            subject: "campaign",
            subjectId: campaignId,
          },
    async (client) => {
      const rows = await sqlOn(client)<{ id: number }>`
        select id from deliveries
        where campaign_id is not distinct from ${campaignId}::int and status = 'unknown' and id = coalesce(${only ?? null}::int, id)`;
      const ids = rows.map(({ id }) => id);
      return { ok: true, settled: await settle(ids, decision, "decidedByStaff", null, client) };
    },
  );

const decided = (userId: By, decision: Decision, settled: number) => ({
  userId,
  data: { decision, settled },
});

/** The sandbox keeps every message it accepted: whether a Message-ID is among them is the whole answer. */
export async function settleFromSandbox(): Promise<number> {
  const lost = await sql<{ id: number; address: string; asId: number; generation: number; relayId: number }>`
    select d.id, d.address, c.id as "asId", c.generation, d.relay_id as "relayId" from deliveries d
    join relays r on r.id = d.relay_id and r.kind = 'sandbox' join deliveries c on c.id = coalesce(d.sent_as, d.id)
    where d.status = 'unknown' order by d.id limit 100`;
  let settled = 0;
  for (const delivery of lost) {
    const [copy] = await sql`
      select 1 from sandbox_messages
      where relay_id = ${delivery.relayId} and folder = 'sent' and message_id like ${`${messageIdStem({ ...delivery, id: delivery.asId })}%`}
        and (${delivery.asId}::int = ${delivery.id}::int or recipient = ${delivery.address})`;
    settled += copy ? await settleFound([delivery.id]) : await settle([delivery.id], "requeue", "notInSent");
  }
  return settled;
}

/** Their copies are in the Sent folder: the server took them. Those not unknown are left alone. Returns how many were. */
export const settleFound = (ids: number[]): Promise<number> => settle(ids, "sent", "foundInSent");

/**
 * Copies of what waits in campaigns that a restore set aside: sent by the life that was lost, which alone could. Returns
 * those it settled; the ledger of this life knows nothing of them.
 */
export async function settleRestored(ids: number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ id: number }>`
    with found as (
      select d.id from deliveries d join campaigns k on k.id = d.campaign_id
      where d.id = any(${ids}::int[]) and d.status = 'queued' and k.status = 'paused' and k.pause_reason = 'restored'
      order by d.id for update of d
    ), settled as (
      update deliveries d set status = 'sent', reason = 'foundInSent', settled_at = clock_timestamp(), attempts = attempts + 1,
        lease_token = null, lease_until = null
      from found where d.id = found.id returning d.id, d.attempts, d.relay_id
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, 'sent', 'foundInSent' from settled returning delivery_id as id`;
  return rows.map(({ id }) => id);
}

/** Proven not to have left, by a reading begun at `readAt`: what became unknown since was not looked for. One whose copy was ever read is left. */
export const settleNotFound = (ids: number[], readAt: Date): Promise<number> =>
  settle(ids, "requeue", "notInSent", readAt);

/**
 * A message that was not sent leaves the ledger, where the sweep had counted it; one that was stays. Of a campaign given
 * up meanwhile it is set aside with the rest of its queue (setCancelledAside). Rows are locked in order, since people and
 * workers may settle the same ones at once.
 */
async function settle(
  ids: number[],
  decision: Decision,
  reason: string,
  before: Date | null = null,
  runner: Runner = pool(),
): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await sqlOn(runner)`
    with found as (
      select d.id as one, d.unknown_at as since from deliveries d
      where d.id = any(${ids}::int[]) and d.status = 'unknown'
        and d.unknown_at <= coalesce(${before}::timestamptz, 'infinity')
        and (${before}::timestamptz is null or d.seen_in_sent_at is null)
      order by d.id for update
    ), settled as (
      update deliveries set
        status = case when ${decision} = 'sent' then 'sent' else 'queued' end::"DeliveryStatus",
        settled_at = case when ${decision} = 'sent' then clock_timestamp() end,
        due_at = clock_timestamp(), lease_token = null, lease_until = null, reason = ${reason}
      from found where id = found.one and status = 'unknown' and unknown_at = found.since
      returning id, attempts, relay_id, campaign_id, address, unknown_at, status
    ), uncounted as (
      insert into usage_entries (relay_id, at, shard, campaign_id, domain, outcome, n)
      select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, coalesce(campaign_id, 0), domain_of(address), 'unknown', -count(*)
      from settled where status <> 'sent' and relay_id is not null group by 1, 2, 4, 5 order by 1, 2, 4, 5
    ), forgotten as (
      delete from lookups where delivery_id in (select id from settled)
    )
    insert into attempts (delivery_id, n, relay_id, outcome, reason)
    select id, attempts, relay_id, case status when 'sent' then 'sent' else 'requeued' end, ${reason} from settled
    returning 1 as one`;
  return rows.length;
}
