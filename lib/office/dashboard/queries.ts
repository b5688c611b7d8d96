/** What the first screen shows. Nothing here grows with the tables: rollups, or counts that an index bounds. */
import type { CampaignStatus, ContactKind, SyncRunStatus } from "#db/enums";
import { type Counts, type Funnel, funnelOf } from "#lib/letters/campaigns/funnel";
import { sql } from "#lib/machine/db";

export type KindCount = { kind: ContactKind; people: number };

/** Living contacts of each kind that has some, most numerous first. */
export function listKinds(): Promise<KindCount[]> {
  return sql<KindCount>`
    select kind, sum(people)::int as people from contact_counts
    group by kind having sum(people) > 0 order by people desc, kind`;
}

export type Figures = {
  contacts: number;
  organisations: number;
  /** False when `organisations` is the planner's estimate. */
  organisationsExact: boolean;
  /** Campaigns launched in the last thirty days. */
  campaigns: number;
  /** Their messages that a server answered for good, accepted or refused; those accepted; those replied to. */
  handed: number;
  accepted: number;
  replied: number;
};

const exactUpTo = 10_000;

export async function getFigures(): Promise<Figures> {
  const [row] = await sql<Figures & { estimate: number }>`
    with recent as (select id from campaigns where launched_at > now() - interval '30 days')
    select
      (select coalesce(sum(people), 0)::int from contact_counts) as contacts,
      (select count(*)::int from (
        select 1 from organisations where archived_at is null limit ${exactUpTo + 1}) bounded) as organisations,
      (select greatest(reltuples, 0)::int from pg_class where oid = 'organisations'::regclass) as estimate,
      (select count(*)::int from recent) as campaigns,
      (select coalesce(sum(sent + failed), 0)::int from campaign_totals where campaign_id in (select id from recent)) as handed,
      (select coalesce(sum(sent), 0)::int from campaign_totals where campaign_id in (select id from recent)) as accepted,
      (select coalesce(sum(replied), 0)::int from campaign_totals where campaign_id in (select id from recent)) as replied`;
  if (!row) throw new Error("no row without a table");
  const { estimate, ...figures } = row;
  const exact = figures.organisations <= exactUpTo;
  const organisations = exact ? figures.organisations : Math.max(estimate, exactUpTo);
  return { ...figures, organisations, organisationsExact: exact };
}

export type RecentCampaign = {
  id: number;
  name: string;
  status: CampaignStatus;
  launchedAt: Date;
  funnel: Funnel;
  /** Counted without the person, so there may be more of them than of messages. */
  clicks: number;
};

/** The last campaigns that left, newest first. */
export async function listRecentCampaigns(limit = 6): Promise<RecentCampaign[]> {
  const rows = await sql<Omit<RecentCampaign, "funnel"> & { counts: Counts }>`
    select k.id, k.name, k.status, k.launched_at as "launchedAt", campaign_counts(k.id) as counts,
      (select coalesce(sum(c.clicks), 0)::int from link_clicks c where c.campaign_id = k.id) as clicks
    from campaigns k where k.launched_at is not null and k.archived_at is null
    order by k.launched_at desc, k.id desc limit ${limit}`;
  return rows.map(({ counts, ...row }) => ({ ...row, funnel: funnelOf(counts) }));
}

export type Week = { startsOn: Date; sent: number; replied: number; unsubscribed: number };

/** The last `weeks` weeks of Paris, oldest first: what the campaigns launched in each sent, and what came back. */
export function listWeeks(weeks = 12): Promise<Week[]> {
  return sql<Week>`
    with weeks as (
      select generate_series(
        date_trunc('week', now() at time zone 'Europe/Paris') - make_interval(weeks => ${weeks - 1}),
        date_trunc('week', now() at time zone 'Europe/Paris'), interval '1 week') as week
    ), launched as (
      select id, date_trunc('week', launched_at at time zone 'Europe/Paris') as week from campaigns
      where launched_at >= (select min(week) from weeks) at time zone 'Europe/Paris'
    )
    select w.week at time zone 'Europe/Paris' as "startsOn", coalesce(sum(t.sent), 0)::int as sent,
      coalesce(sum(t.replied), 0)::int as replied, coalesce(sum(t.unsubscribed), 0)::int as unsubscribed
    from weeks w left join launched l on l.week = w.week left join campaign_totals t on t.campaign_id = l.id
    group by w.week order by w.week`;
}

export type SourceState = {
  id: number;
  name: string;
  /** Has an address to fetch from; others are filled by upload. */
  remote: boolean;
  run: {
    id: number;
    status: SyncRunStatus;
    at: Date;
    created: number;
    updated: number;
    rejected: number;
    error: string | null;
    errorData: Record<string, string | number> | null;
  } | null;
};

/** Each source in use with its last run. There are a handful of them. */
export function listSourceStates(): Promise<SourceState[]> {
  return sql<SourceState>`
    select s.id, s.name, s.url is not null as remote, case when r.id is not null then jsonb_build_object(
        'id', r.id, 'status', r.status, 'at', coalesce(r.finished_at, r.started_at, r.created_at), 'created', r.created,
        'updated', r.updated, 'rejected', r.rejected, 'error', r.error, 'errorData', r.error_data) end as run
    from sources s
    left join lateral (select * from sync_runs where source_id = s.id order by id desc limit 1) r on true
    where s.archived_at is null order by s.name, s.id limit 20`.then((rows) =>
    rows.map(({ run, ...source }) => ({ ...source, run: run && { ...run, at: new Date(run.at) } })),
  );
}

/** What a new installation still lacks; each is a step of the welcome. */
export type Beginnings = { people: boolean; relay: boolean; campaign: boolean };

export async function getBeginnings(): Promise<Beginnings> {
  const [row] = await sql<Beginnings>`
    select exists (select 1 from contacts) as people,
      exists (
        select 1 from relays where kind = 'smtp' and archived_at is null
          and tested_at is not null and tried_at is not null
          and not is_paused(pause_reason, paused_until)) as relay,
      exists (select 1 from campaigns) as campaign`;
  return row ?? { people: false, relay: false, campaign: false };
}
