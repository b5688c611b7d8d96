import { type AuditFact, actOn, audited, type By } from "#lib/department/audit/mutations";
import { getHouse } from "#lib/department/settings/house";
import { faultOfAddress, getPublicUrl } from "#lib/department/settings/public-address";
import { countAudience } from "#lib/letters/campaigns/audience";
import { composeCampaign, hasErrors, modelKey } from "#lib/letters/campaigns/content";
import { checkReady, findLaunchable } from "#lib/letters/campaigns/launch";
import { mayTakeUp } from "#lib/letters/campaigns/restored";
import { leavesHere } from "#lib/letters/campaigns/rules";
import type { DraftInput } from "#lib/letters/campaigns/schema";
import { starter } from "#lib/letters/campaigns/starters";
import { setCancelledAside } from "#lib/letters/deliveries/set-aside";
import { db, sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { fromWallClock } from "#lib/machine/paris";
import { ok, type Result, refused } from "#lib/machine/result";
import { criteriaSchema } from "#lib/people/segments/schema";

/** A draft from one of the three models, with its topic, its usual blocks and the identity the department writes from. */
export async function createCampaign(model: string, name: string, by: By): Promise<{ ok: true; id: number }> {
  const key = modelKey(model);
  const { preheader, issue, signature, blocks } = starter(key);
  return audited(created(by), async (client) => {
    const [campaign] = await sqlOn(client)<{ id: number }>`
      insert into campaigns (name, model, topic_id, identity_id, preheader, issue, signature, blocks, author_id)
      select ${name}, ${key}, t.id, (
        select i.id from identities i join relays r on r.id = i.relay_id
        where i.archived_at is null and r.archived_at is null order by i.is_default desc, i.id limit 1),
        ${preheader}, ${issue}, ${signature}, ${JSON.stringify(blocks)}::jsonb, ${by}
      from topics t where t.key = ${key} returning id`;
    if (!campaign) throw new Error(`no topic ${key}`);
    return { ok: true, id: campaign.id };
  });
}

const created =
  (by: By) =>
  ({ id }: { id: number }) =>
    actOn("campaign.created", id, by);

export type Saved = { version: number; savedAt: Date };

/**
 * Refused when somebody else saved since `version` was read (conflict), or when it is no draft any more.
 * @unaudited The composer saves every few seconds; what leaves is what its launch, which is audited, froze.
 */
export async function saveDraft(id: number, version: number, draft: DraftInput): Promise<Result<Saved>> {
  const savedAt = new Date();
  const { name, topicId, segmentId, identityId, subject, preheader, issue, signature, blocks } = draft;
  const { count } = await db.campaign.updateMany({
    where: { id, version, status: "draft", archivedAt: null },
    data: {
      ...{ name, topicId, segmentId, identityId, subject, preheader, issue, signature, blocks },
      updatedAt: savedAt,
      version: { increment: 1 },
    },
  });
  if (count === 1) return { ok: true, version: version + 1, savedAt };
  const found = await db.campaign.findUnique({ where: { id }, select: { status: true, archivedAt: true } });
  if (!found || found.archivedAt) return refused("notFound");
  return refused(found.status === "draft" ? "conflict" : "notDraft");
}

/** A new draft with the same words and audience, whatever became of the first. */
export const duplicateCampaign = (id: number, name: string, by: By): Promise<Result<{ id: number }>> =>
  audited(created(by), async (client) => {
    const [copy] = await sqlOn(client)<{ id: number }>`
      insert into campaigns (name, model, topic_id, segment_id, identity_id, subject, preheader, issue, signature, blocks, author_id)
      select ${name}, k.model, k.topic_id, s.id, i.id, k.subject, k.preheader, k.issue, k.signature, k.blocks, ${by}::int
      from campaigns k
      left join segments s on s.id = k.segment_id and s.archived_at is null
      left join identities i on i.id = k.identity_id and i.archived_at is null
      where k.id = ${id}
      returning id`;
    return copy ? { ok: true, id: copy.id } : refused("notFound");
  });

/** Only what is not under way; its deliveries and figures stay. */
export const archiveCampaign = (id: number, by: By): Promise<Result> =>
  audited(actOn("campaign.archived", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set archived_at = now(), updated_at = now()
      where id = ${id} and archived_at is null and status in ('draft', 'sent', 'cancelled') returning id`;
    return rows.length === 1 ? ok : refused("underWay");
  });

export const restoreCampaign = (id: number, by: By): Promise<Result> =>
  audited(actOn("campaign.restored", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set archived_at = null, updated_at = now()
      where id = ${id} and archived_at is not null returning id`;
    return rows.length === 1 ? ok : refused("notFound");
  });

/**
 * Asks the worker to launch now. `seen` is the number of people confirmed on the screen: refused with the new
 * `count` (audienceChanged) when it is not the number of today.
 */
export const requestLaunch = (id: number, seen: number, by: By): Promise<Result> =>
  plan(id, seen, null, actOn("campaign.launched", id, by, { recipients: seen }));

/** The same at a wall clock of Paris, at least a minute ahead. */
export async function scheduleCampaign(
  id: number,
  seen: number,
  local: string,
  by: By,
  now = new Date(),
): Promise<Result> {
  const at = fromWallClock(local);
  if (!at) return refused("noSuchHour");
  if (at.getTime() < now.getTime() + 60_000) return refused("past");
  return plan(id, seen, at, actOn("campaign.scheduled", id, by, { at: local }));
}

async function plan(id: number, seen: number, at: Date | null, act: AuditFact): Promise<Result> {
  const campaign = await findLaunchable(id);
  if (!campaign || (campaign.status !== "draft" && !campaign.missedAt)) return refused("notLaunchable");
  if (!(await mayTakeUp(campaign.pauseReason))) return refused("notReadAgain");
  const house = await getHouse();
  const refusal = checkReady(campaign, house.publicUrl);
  if (refusal) return refusal;
  if (hasErrors((await composeCampaign(campaign, house)).findings)) return refused("contentErrors");
  const criteria = criteriaSchema.parse(campaign.segment?.criteria);
  const { recipients } = await countAudience({ topicId: campaign.topicId, criteria });
  if (recipients === 0) return refused("noRecipients");
  if (recipients !== seen) return refused("audienceChanged", { count: recipients });
  return audited(act, async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set status = 'scheduled', scheduled_for = coalesce(${at}::timestamptz, now()), missed_at = null,
        pause_reason = null, updated_at = now()
      where id = ${id} and (status = 'draft' or missed_at is not null) and version = ${campaign.version} and archived_at is null
        and exists (
          select 1 from identities i join relays r on r.id = i.relay_id
          where i.id = campaigns.identity_id and i.archived_at is null and r.archived_at is null for key share)
      returning id`;
    // Zero rows: a colleague launched or edited it meanwhile, or retired its sender.
    return rows.length === 1 ? ok : refused("notLaunchable");
  });
}

/** Back to draft, unless the worker was faster. */
export const unscheduleCampaign = (id: number, by: By): Promise<Result> =>
  audited(actOn("campaign.unscheduled", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set status = 'draft', scheduled_for = null, missed_at = null, updated_at = now()
      where id = ${id} and status = 'scheduled' returning id`;
    return rows.length === 1 ? ok : refused("notScheduled");
  });

export const pauseCampaign = (id: number, by: By): Promise<Result> =>
  audited(actOn("campaign.paused", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set status = 'paused', paused_at = now(), paused_by_id = ${by}::int, pause_reason = null, updated_at = now()
      where id = ${id} and status = 'sending' returning id`;
    return rows.length === 1 ? ok : refused("notSending");
  });

export async function resumeCampaign(id: number, by: By): Promise<Result> {
  const campaign = await findLaunchable(id);
  if (campaign && leavesHere(campaign.identity) && faultOfAddress(await getPublicUrl()))
    return refused("publicUrl");
  if (campaign && !(await mayTakeUp(campaign.pauseReason))) return refused("notReadAgain");
  return audited(actOn("campaign.resumed", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set status = 'sending', paused_at = null, paused_by_id = null, pause_reason = null,
        resumed_at = clock_timestamp(), updated_at = now()
      where id = ${id} and status = 'paused' returning id`;
    return rows.length === 1 ? ok : refused("notPaused");
  });
}

/**
 * Also gives up a campaign whose hour was missed. Nothing more is announced from this instant; what is in flight settles
 * by itself and is counted. The worker sets the queue aside and ends it (finishCampaigns): with a large one that is no
 * work for a request.
 */
export const cancelCampaign = (id: number, by: By): Promise<Result> =>
  audited(actOn("campaign.cancelled", id, by), async (client) => {
    const rows = await sqlOn(client)`
      update campaigns set status = 'cancelled', cancelled_at = now(), scheduled_for = null, missed_at = null,
        pause_reason = null, updated_at = now()
      where id = ${id} and (status in ('sending', 'paused') or missed_at is not null) returning id`;
    return rows.length === 1 ? ok : refused("notUnderWay");
  });

/**
 * The worker's part: skips the queue of cancelled campaigns, and ends campaigns with nothing left to send or to settle
 * (an unknown delivery keeps its campaign open, and shown). One whose figures do not add up is held, and shown: the
 * database would refuse to end it. Returns how many ended.
 * @unaudited The worker closes what people launched or cancelled, which is audited.
 */
export async function finishCampaigns(): Promise<number> {
  while ((await skipCancelled()) === SKIP_AT_ONCE);
  // A delivery put back at the very moment its campaign closed.
  await sql`
    update campaigns k set status = 'sending', finished_at = null
    where k.status = 'sent' and k.finished_at > now() - interval '1 day'
      and exists (select 1 from deliveries d where d.campaign_id = k.id and d.status = 'queued')`;
  return endBalanced(false);
}

/**
 * Ends those held for their figures once these add up. Apart, and rarely: each time every message of theirs is counted.
 * Returns how many ended.
 * @unaudited The worker closes what people launched or cancelled, which is audited.
 */
export const finishHeldCampaigns = (): Promise<number> => endBalanced(true);

async function endBalanced(held: boolean): Promise<number> {
  const over = await sql<{ id: number; wrong: string | null }>`
    with over as (
      select k.id as one, campaign_imbalance(k.id) as wrong from campaigns k
      where k.status in ('sending', 'paused', 'cancelled') and k.finished_at is null
        and (k.pause_reason is not distinct from 'unbalanced') = ${held}
        and not exists (select 1 from deliveries d where d.campaign_id = k.id and d.status in ('queued', 'sending', 'unknown'))
    )
    update campaigns k set
      status = case when k.status = 'cancelled' then k.status when wrong is null then 'sent' else 'paused' end,
      finished_at = case when wrong is null then now() end,
      paused_at = case when wrong is not null and k.status <> 'cancelled' then now() end, paused_by_id = null,
      pause_reason = case when wrong is not null then 'unbalanced' end, updated_at = now()
    from over where k.id = over.one and k.status in ('sending', 'paused', 'cancelled') and k.finished_at is null
      and (wrong is null or k.pause_reason is distinct from 'unbalanced')
    returning k.id, wrong`;
  for (const { id, wrong } of over) if (wrong) log.error({ campaign: id, wrong }, "does not balance");
  return over.filter(({ wrong }) => wrong === null).length;
}

const SKIP_AT_ONCE = 10_000;

/** What was cancelled is told among what was left out. Returns how many deliveries were set aside. */
const skipCancelled = (): Promise<number> =>
  transaction(async (client) => {
    const aside = await setCancelledAside(client, SKIP_AT_ONCE);
    for (const { campaignId, n } of aside)
      await sqlOn(client)`
        update campaigns set exclusions = exclusions || jsonb_build_object('cancelled', coalesce((exclusions ->> 'cancelled')::int, 0) + ${n}::int)
        where id = ${campaignId}`;
    return aside.reduce((sum, { n }) => sum + n, 0);
  });
