/** Campaigns after a restore: none goes on by itself, since what it sent meanwhile is not known here. */
import { mailboxesRead } from "#lib/letters/relays/mailbox";
import { type Runner, sql, sqlOn } from "#lib/machine/db";

/**
 * Those under way are paused, those whose hour has come wait for a person, and those of later are drafts again: each with
 * the reason. Returns how many. Call in the transaction that lets the installation go on.
 */
export async function setRestoredAside(client: Runner): Promise<number> {
  const rows = await sqlOn(client)`
    update campaigns set pause_reason = 'restored', updated_at = now(),
      paused_at = case when status in ('sending', 'paused') then clock_timestamp() end,
      paused_by_id = null,
      missed_at = case when status = 'scheduled' and scheduled_for <= clock_timestamp() then clock_timestamp() end,
      scheduled_for = case when scheduled_for <= clock_timestamp() then scheduled_for end,
      status = case when status in ('sending', 'paused') then 'paused'
        when scheduled_for <= clock_timestamp() then 'scheduled' else 'draft' end::"CampaignStatus"
    where status in ('sending', 'paused', 'scheduled') and archived_at is null returning id`;
  return rows.length;
}

export type OpenCampaign = {
  id: number;
  name: string;
  subject: string;
  status: "draft" | "scheduled" | "sending" | "paused";
  scheduledFor: Date | null;
  topicId: number;
  criteria: unknown;
  /** Deliveries of this database that wait, were sent, and were found in the Sent folders though it did not know. */
  queued: number;
  sent: number;
  found: number;
};

/** What would leave while it is held; afterwards (`since`) what a person has not decided yet. */
export const listOpenCampaigns = (since: Date | null): Promise<OpenCampaign[]> => sql<OpenCampaign>`
  select k.id, k.name, k.subject, k.status::text, k.scheduled_for as "scheduledFor", k.topic_id as "topicId", s.criteria,
    coalesce(t.queued, 0)::int as queued, coalesce(t.sent, 0)::int as sent,
    (select count(*)::int from attempts a join deliveries d on d.id = a.delivery_id
     where d.campaign_id = k.id and a.reason = 'foundInSent' and a.at >= ${since}::timestamptz) as found
  from campaigns k
  left join segments s on s.id = k.segment_id
  left join (select campaign_id, sum(queued) as queued, sum(sent) as sent from campaign_totals group by 1) t on t.campaign_id = k.id
  where k.archived_at is null and case when ${since}::timestamptz is null
    then k.status in ('sending', 'scheduled') else k.pause_reason = 'restored' and k.status <> 'cancelled' end
  order by k.scheduled_for nulls first, k.id limit 200`;

/** Whether a campaign set aside may be taken up: what came back and what was sent meanwhile has been read, or cannot be. */
export const mayTakeUp = async (pauseReason: string | null): Promise<boolean> =>
  pauseReason !== "restored" || (await mailboxesRead());
