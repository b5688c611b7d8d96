/** Launch: content and audience frozen in one transaction, or nothing. Run by the worker, never in a request. */

import { notify } from "#lib/department/notices/mutations";
import { getHouse, type House } from "#lib/department/settings/house";
import { audienceSql, type ExclusionReason, tally } from "#lib/letters/campaigns/audience";
import { type Composition, composeCampaign, countLinks, hasErrors } from "#lib/letters/campaigns/content";
import { lateMinutes, missingParts } from "#lib/letters/campaigns/rules";
import { db, type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { latestBeat } from "#lib/machine/installation/beat";
import { log } from "#lib/machine/log";
import { type Refusal, type Result, refused } from "#lib/machine/result";
import { type Criteria, criteriaSchema } from "#lib/people/segments/schema";

export type Launched = { recipients: number; exclusions: Partial<Record<ExclusionReason, number>> };

const launchable = {
  id: true,
  version: true,
  status: true,
  model: true,
  topicId: true,
  identityId: true,
  segmentId: true,
  subject: true,
  preheader: true,
  issue: true,
  signature: true,
  blocks: true,
  missedAt: true,
  pauseReason: true,
  archivedAt: true,
  identity: {
    select: {
      archivedAt: true,
      relay: { select: { archivedAt: true, kind: true, triedAt: true } },
      fallbacks: { select: { relay: { select: { kind: true } } } },
    },
  },
  segment: { select: { criteria: true, archivedAt: true } },
} as const;

type Launchable = NonNullable<Awaited<ReturnType<typeof findLaunchable>>>;
const findLaunchable = (id: number) => db.campaign.findUnique({ where: { id }, select: launchable });

/**
 * Sends a draft or a scheduled campaign now. Refusals: notLaunchable (already launched, or a colleague was
 * first), publicUrl, notReady, senderGone, segmentGone, contentErrors, noRecipients. Killed in the middle, nothing happened.
 */
export function launchCampaign(id: number): Promise<Result<Launched>> {
  return launch(id, ["draft", "scheduled"]);
}

async function launch(id: number, from: ("draft" | "scheduled")[]): Promise<Result<Launched>> {
  const campaign = await findLaunchable(id);
  if (!campaign || !from.some((status) => status === campaign.status)) return refused("notLaunchable");
  const house = await getHouse();
  const refusal = checkReady(campaign, house.publicUrl);
  if (refusal) return refusal;
  const frozen = await freeze(campaign, house);
  if (!frozen) return refused("contentErrors");
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction((client) => write(client, campaign, frozen, from));
    } catch (error) {
      if (error instanceof Nobody) return refused("noRecipients");
      if (!isErasedMeanwhile(error) || attempt === 5) throw error;
    }
  }
}

/** Somebody of the audience was erased while it was written: it is read again. */
const isErasedMeanwhile = (error: unknown) =>
  (error as { constraint?: string }).constraint === "deliveries_contact_id_fkey";

/** Also asked before a request is accepted, so that the teacher hears it at once. */
export function checkReady(campaign: Launchable, publicUrl: string): Refusal | null {
  if (campaign.archivedAt) return refused("notLaunchable");
  const blocks = Array.isArray(campaign.blocks) ? campaign.blocks : [];
  const missing = missingParts({ ...campaign, blocks }, publicUrl);
  if (missing.includes("publicUrl")) return refused("publicUrl");
  if (missing.length > 0) return refused("notReady");
  if (!campaign.identity || campaign.identity.archivedAt || campaign.identity.relay.archivedAt)
    return refused("senderGone");
  if (campaign.identity.relay.kind === "smtp" && !campaign.identity.relay.triedAt)
    return refused("relayUntried");
  if (!campaign.segment || campaign.segment.archivedAt) return refused("segmentGone");
  return null;
}

export { findLaunchable };

type Frozen = { subject: string; html: string; text: string; links: string[] };

async function freeze(campaign: Composition & { id: number }, house: House): Promise<Frozen | null> {
  const { findings, subject, text, html } = await composeCampaign(campaign, house);
  return hasErrors(findings) ? null : { subject, text, ...countLinks(html, campaign.id, house.publicUrl) };
}

/** Rolls the launch back: a campaign that reaches nobody stays where it was. */
class Nobody extends Error {}

async function write(
  client: Runner,
  campaign: Launchable,
  frozen: Frozen,
  from: string[],
): Promise<Result<Launched>> {
  // The lock of the launch: a second one waits here, then finds another status; so does whoever retires the sender. A
  // scheduled one must still be due, not missed while this worker slept, and the content the one that was compiled.
  const taken = await sqlOn(client)`
    update campaigns set status = 'sending', launched_at = now(), scheduled_for = null, pause_reason = null, updated_at = now()
    where id = ${campaign.id} and version = ${campaign.version} and archived_at is null
      and status = any(${from}::"CampaignStatus"[]) and may_leave(${latestBeat()})
      and (status = 'draft' or missed_at is null and scheduled_for <= now() and scheduled_for >= now() - make_interval(mins => ${lateMinutes}))
      and exists (
        select 1 from identities i join relays r on r.id = i.relay_id
        where i.id = campaigns.identity_id and i.archived_at is null and r.archived_at is null for key share)
    returning id`;
  if (taken.length === 0) return refused("notLaunchable");
  const [content] = await sqlOn(client)<{ id: number }>`
    insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text, links)
    values ('campaign', ${campaign.id}, ${campaign.topicId}, ${campaign.identityId}, ${frozen.subject}, ${frozen.html},
      ${frozen.text}, ${JSON.stringify(frozen.links)}::jsonb)
    returning id`;
  if (!content) throw new Error("content not written");
  const criteria = criteriaSchema.parse(campaign.segment?.criteria);
  const launched = await writeDeliveries(client, campaign, content.id, criteria);
  if (launched.recipients === 0) throw new Nobody();
  await sqlOn(client)`
    update campaigns set exclusions = ${JSON.stringify(launched.exclusions)}::jsonb, candidates = ${sumOf(launched)} where id = ${campaign.id}`;
  return { ok: true, ...launched };
}

/** Everybody of the segment: what the report must add up to before the campaign may end. */
const sumOf = ({ recipients, exclusions }: Launched) =>
  Object.values(exclusions).reduce((sum, n) => sum + n, recipients);

/**
 * The audience, in one statement and one snapshot. Whoever has no address can have no delivery: counted only. Nobody is
 * there twice (see audience.ts), so nothing is said of conflicts: looking for them first would cost every row.
 */
async function writeDeliveries(
  client: Runner,
  { id, topicId }: { id: number; topicId: number },
  contentId: number,
  criteria: Criteria,
): Promise<Launched> {
  const values: unknown[] = [id, contentId];
  const audience = audienceSql({ topicId, criteria }, values, true);
  const { rows } = await client.query<{ reason: ExclusionReason | null; n: number }>({
    text: `with audience as materialized (${audience}), written as (
        insert into deliveries (content_id, campaign_id, contact_id, address, address_hash, status, reason, settled_at, variables)
        select $2::int, $1::int, contact_id, address, address_hash,
          case when reason is null then 'queued' else 'skipped' end::"DeliveryStatus", reason,
          case when reason is not null then now() end,
          case when reason is null then variables else '{}'::jsonb end
        from audience where address is not null
      )
      select reason, count(*)::int as n from audience group by reason`,
    values,
  });
  return tally(rows);
}

/**
 * The worker's part: launches what is due. What is long overdue goes back to a person. A launch that cannot be puts its
 * campaign back to draft with the reason, so that it is never tried in a loop. Returns how many were launched.
 */
export async function launchDueCampaigns(): Promise<number> {
  await setMissedAside();
  const due = await sql<{ id: number }>`
    select id from campaigns
    where status = 'scheduled' and missed_at is null and scheduled_for <= now() and archived_at is null
    order by scheduled_for, id limit 20`;
  let launched = 0;
  for (const { id } of due) {
    const reason = await tryLaunch(id);
    if (reason === null) launched++;
    else if (reason !== "notLaunchable") await putBack(id, reason);
  }
  return launched;
}

/** The machine was off, or a backup was restored: what was right to say then may be wrong now, or said already. */
async function setMissedAside() {
  const missed = await transaction(async (client) => {
    const rows = await sqlOn(client)<{ id: number }>`
      update campaigns set missed_at = clock_timestamp(), updated_at = now()
      where status = 'scheduled' and missed_at is null and archived_at is null
        and scheduled_for < now() - make_interval(mins => ${lateMinutes})
      returning id`;
    for (const { id } of rows) await notify({ kind: "campaignMissed", data: { campaignId: id } }, client);
    return rows;
  });
  for (const { id } of missed) log.warn({ campaign: id }, "hour missed: left to people");
}

async function tryLaunch(id: number): Promise<string | null> {
  try {
    const result = await launch(id, ["scheduled"]);
    log.info(
      { campaign: id, ...(result.ok ? { recipients: result.recipients } : { refused: result.reason }) },
      "launch",
    );
    return result.ok ? null : result.reason;
  } catch (error) {
    log.error({ err: error, campaign: id }, "launch failed");
    return "launchFailed";
  }
}

async function putBack(id: number, reason: string) {
  await sql`
    update campaigns set status = 'draft', scheduled_for = null, pause_reason = ${reason}, updated_at = now()
    where id = ${id} and status = 'scheduled' and missed_at is null and scheduled_for <= now()`;
}
