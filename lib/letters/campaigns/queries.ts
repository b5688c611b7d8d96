import type { CampaignStatus } from "#db/enums";
import { type Audience, countAudience, variablesSql } from "#lib/letters/campaigns/audience";
import { type Counts, type Funnel, fewestReaders, funnelOf } from "#lib/letters/campaigns/funnel";
import { draftBlocks } from "#lib/letters/campaigns/schema";
import { db, pool, sql } from "#lib/machine/db";
import { encodeKeys, readCursor } from "#lib/machine/keyset";
import { criteriaSchema } from "#lib/people/segments/schema";

const pageSize = 20;

export type ListedCampaign = {
  id: number;
  name: string;
  model: string;
  status: CampaignStatus;
  createdAt: Date;
  scheduledFor: Date | null;
  /** Its hour passed while nothing could leave: somebody must decide. */
  missed: boolean;
  launchedAt: Date | null;
  pauseReason: string | null;
  funnel: Funnel;
};

export type Filter = {
  status?: CampaignStatus;
  archived?: boolean;
  /** The cursor that the page above answered as `next`. */
  before?: string | string[];
};

type ListRow = Omit<ListedCampaign, "funnel"> & { counts: Counts };

/** Newest first, one page; `next` is where the following page begins. */
export async function listCampaigns({ status, archived = false, before }: Filter) {
  const [at, after] = readCursor({ before }, ["instant", "id"])?.keys ?? [null, null];
  const rows = await sql<ListRow>`
    select k.id, k.name, k.model, k.status, k.created_at as "createdAt", k.scheduled_for as "scheduledFor",
      k.missed_at is not null as missed, k.launched_at as "launchedAt", k.pause_reason as "pauseReason", campaign_counts(k.id) as counts
    from campaigns k
    where (k.archived_at is not null) = ${archived}
      and (${status ?? null}::"CampaignStatus" is null or k.status = ${status ?? null}::"CampaignStatus")
      and (${after}::int is null or (k.created_at, k.id) < (${at}::timestamptz, ${after}::int))
    order by k.created_at desc, k.id desc limit ${pageSize + 1}`;
  const campaigns = rows
    .slice(0, pageSize)
    .map(({ counts, ...row }): ListedCampaign => ({ ...row, funnel: funnelOf(counts) }));
  const last = campaigns.at(-1);
  return {
    campaigns,
    next: rows.length > pageSize && last ? encodeKeys([last.createdAt.toISOString(), last.id]) : null,
  };
}

const detail = {
  id: true,
  name: true,
  status: true,
  model: true,
  subject: true,
  preheader: true,
  issue: true,
  signature: true,
  blocks: true,
  version: true,
  topicId: true,
  segmentId: true,
  identityId: true,
  createdAt: true,
  updatedAt: true,
  scheduledFor: true,
  missedAt: true,
  launchedAt: true,
  pausedAt: true,
  pauseReason: true,
  finishedAt: true,
  cancelledAt: true,
  archivedAt: true,
  topic: { select: { name: true, legalBasis: true } },
  segment: { select: { name: true, criteria: true, archivedAt: true } },
  identity: {
    select: {
      displayName: true,
      address: true,
      replyTo: true,
      archivedAt: true,
      relay: { select: { name: true, kind: true } },
      fallbacks: { select: { relay: { select: { kind: true } } } },
    },
  },
  author: { select: { name: true } },
} as const;

/** A campaign with what its pages show; null when there is none. */
export async function findCampaign(id: number) {
  const row = await db.campaign.findUnique({ where: { id }, select: detail });
  if (!row) return null;
  return { ...row, blocks: draftBlocks.parse(row.blocks) };
}

export type CampaignDetail = NonNullable<Awaited<ReturnType<typeof findCampaign>>>;

/** A campaign's report; zeros before its launch. */
export async function getFunnel(campaignId: number): Promise<Funnel> {
  const [row] = await sql<{ counts: Counts }>`select campaign_counts(${campaignId}::int) as counts`;
  if (!row) throw new Error("no row without a table");
  return funnelOf(row.counts);
}

/** Clicks per link of the sent mail, most first; never per person: null while fewer than ten people received it. */
export async function listLinkClicks(campaignId: number): Promise<{ url: string; clicks: number | null }[]> {
  return sql`
    select l.url, case when ${fewestReaders} <= (select count(*) from (select 1 from deliveries
        where campaign_id = ${campaignId} and status = 'sent' limit ${fewestReaders}) readers)
      then coalesce(sum(k.clicks), 0)::int end as clicks
    from contents ct
    cross join lateral jsonb_array_elements_text(ct.links) with ordinality as l (url, n)
    left join link_clicks k on k.campaign_id = ct.campaign_id and k.link = l.n - 1
    where ct.campaign_id = ${campaignId} and ct.kind = 'campaign'
    group by l.n, l.url order by clicks desc nulls last, l.n`;
}

/** What was frozen at launch, to show it again; null before. */
export function findSentContent(campaignId: number) {
  return db.content.findFirst({
    where: { campaignId, kind: "campaign" },
    select: { subject: true, html: true, text: true },
  });
}

/** Who may be written from: identities of relays still in use. */
export function listSenders() {
  return db.identity.findMany({
    where: { archivedAt: null, relay: { archivedAt: null } },
    select: { id: true, displayName: true, address: true, relay: { select: { name: true, kind: true } } },
    orderBy: [{ isDefault: "desc" }, { displayName: "asc" }, { id: "asc" }],
    take: 100,
  });
}

/** Recipients and exclusions as of now; null while the draft has no segment. */
export async function findAudience(campaign: CampaignDetail): Promise<Audience | null> {
  if (!campaign.segment) return null;
  return countAudience({
    topicId: campaign.topicId,
    criteria: criteriaSchema.parse(campaign.segment.criteria),
  });
}

export type SampleVariables = {
  reader: { locale: string; via: string | null; source: string | null; typed: boolean };
  contact: { firstName: string; lastName: string; graduationYear: number | null; kind: string; city: string };
  organisation: { name: string | null };
};

/** What a mail of this newsletter would know of this contact; null when there is no such contact. */
export async function findSample(contactId: number, topicId: number): Promise<SampleVariables | null> {
  const { rows } = await pool().query<{ variables: SampleVariables }>({
    text: `select ${variablesSql("$2::int")} as variables from contacts c
      left join lateral address_to_write(c.id) a on true
      where c.id = $1 and c.archived_at is null`,
    values: [contactId, topicId],
  });
  return rows[0]?.variables ?? null;
}

/** Contacts who answered it, at most as many as asked for. */
export async function listRepliers(campaignId: number, most: number): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select distinct contact_id as id from deliveries
    where campaign_id = ${campaignId} and replied_at is not null and contact_id is not null order by id limit ${most}`;
  return rows.map(({ id }) => id);
}
