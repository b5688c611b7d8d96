/** What the page Installation shows: whether it is held, what would leave, what is known of what may have left. */
import { countAudience } from "#lib/letters/campaigns/audience";
import { listOpenCampaigns, type OpenCampaign } from "#lib/letters/campaigns/restored";
import { sql } from "#lib/machine/db";
import type { Why } from "#lib/machine/installation/rules";
import { criteriaSchema } from "#lib/people/segments/schema";

export type InstallationState = {
  heldWhy: Why | null;
  heldAt: Date | null;
  /** The last sign of life before it was held: the moment of the backup. */
  backupAt: Date | null;
  acknowledgedAt: Date | null;
  /** Said after the backup, and put back from beside the database. */
  oppositions: number;
  beatAt: Date | null;
  keyFingerprint: string | null;
  postgres: string;
  bytes: number;
  letters: number;
};

export async function getInstallation(): Promise<InstallationState> {
  const [state] = await sql<InstallationState>`
    select i.held_why as "heldWhy", i.held_at as "heldAt", i.beat_at as "beatAt", i.key_fingerprint as "keyFingerprint",
      last.backup_at as "backupAt", last.acknowledged_at as "acknowledgedAt", coalesce(last.oppositions, 0) as oppositions,
      current_setting('server_version') as postgres, pg_database_size(current_database())::float8 as bytes,
      (select count(*)::int from (
        select 1 from deliveries where status = 'queued' and campaign_id is null limit 10000) l) as letters
    from installation i left join lateral (select * from restores order by id desc limit 1) last on true`;
  if (!state) throw new Error("the installation has no row");
  return state;
}

export type Decidable = Omit<OpenCampaign, "criteria" | "topicId"> & {
  /** Whom it would reach, as this database has it. */
  recipients: number;
};

/** Held: what would leave. Afterwards: what waits for a person's decision. */
export async function listDecidable(state: InstallationState): Promise<Decidable[]> {
  if (!state.heldWhy && !state.acknowledgedAt) return [];
  const campaigns = await listOpenCampaigns(state.heldWhy ? null : state.acknowledgedAt);
  return Promise.all(
    campaigns.map(async ({ criteria, topicId, ...campaign }) => ({
      ...campaign,
      recipients: campaign.queued > 0 ? campaign.queued : await reach(topicId, criteria),
    })),
  );
}

async function reach(topicId: number, criteria: unknown): Promise<number> {
  const read = criteriaSchema.safeParse(criteria);
  return read.success ? (await countAudience({ topicId, criteria: read.data })).recipients : 0;
}

export type AccountRead = {
  relayId: number;
  name: string;
  /** Null when it has no mailbox: then only its server's own records know what left. */
  mailbox: { readAt: Date | null; error: string | null } | null;
  sent: { readAt: Date | null; error: string | null; filesCopies: boolean | null } | null;
};

/** What each account's mailbox and Sent folder can tell, and whether they have been read. */
export const listAccountsRead = (): Promise<AccountRead[]> => sql<AccountRead>`
  select r.id as "relayId", r.name,
    case when m.relay_id is not null then jsonb_build_object('readAt', m.read_at, 'error', m.error) end as mailbox,
    case when f.relay_id is not null then
      jsonb_build_object('readAt', f.read_at, 'error', f.error, 'filesCopies', f.files_copies) end as sent
  from relays r left join mailboxes m on m.relay_id = r.id left join sent_folders f on f.relay_id = r.id
  where r.kind = 'smtp' and r.archived_at is null order by r.name, r.id limit 100`;
