/** What happened, asked of the database and of nothing else. */

import { sources } from "#demo/department";
import { db, sql } from "#lib/machine/db";

export type SyncFigures = {
  source: string;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
};

export type Figures = {
  contacts: number;
  organisations: number;
  pastCampaigns: number;
  pastDeliveries: number;
  syncs: SyncFigures[];
  campaignId: number;
  status: string;
  /** People of the segment when it was launched: recipients and excluded. */
  audience: number;
  excluded: number;
  recipients: number;
  sent: number;
  refused: number;
  skipped: number;
  queued: number;
  unknown: number;
  /** Refused for a moment, then accepted. */
  postponed: number;
  /** Addresses that the relay or the sandbox took twice for this letter: none. */
  duplicates: number;
  hardBounces: number;
  softBounces: number;
  otherBounces: number;
  delays: number;
  replies: number;
  autoReplies: number;
  complaints: number;
  unsubscribedOneClick: number;
  unsubscribedPage: number;
  unsubscribedMail: number;
  clicks: number;
  /** Between the first and the last mail taken by the relay. */
  sendingSeconds: number;
};

export async function readFigures(campaignId: number): Promise<Figures> {
  const [book, syncs, letter, bounces, departures] = await Promise.all([
    readBook(campaignId),
    readSyncs(),
    readLetter(campaignId),
    readReturns(campaignId),
    readDepartures(campaignId),
  ]);
  return { ...book, syncs, campaignId, ...letter, ...bounces, ...departures };
}

const one = <T>(rows: T[]): T => {
  if (!rows[0]) throw new Error("no row");
  return rows[0];
};

async function readBook(campaignId: number) {
  return one(
    await sql<Pick<Figures, "contacts" | "organisations" | "pastCampaigns" | "pastDeliveries">>`
    select (select count(*)::int from contacts where archived_at is null) as contacts,
      (select count(*)::int from organisations where archived_at is null) as organisations,
      (select count(*)::int from campaigns where status = 'sent' and id < ${campaignId}) as "pastCampaigns",
      (select count(*)::int from deliveries where campaign_id < ${campaignId}) as "pastDeliveries"`,
  );
}

/** The second run of each source: the one of the day. */
async function readSyncs(): Promise<SyncFigures[]> {
  const runs = await Promise.all(
    sources.map(({ key }) =>
      db.syncRun.findMany({
        where: { source: { key }, status: "succeeded" },
        select: { rowsRead: true, created: true, updated: true, unchanged: true, rejected: true },
        orderBy: { id: "asc" },
        skip: 1,
        take: 1,
      }),
    ),
  );
  return runs.flatMap((found, i) =>
    found.map(({ rowsRead, ...run }) => ({ source: sources[i]?.key ?? "", rows: rowsRead, ...run })),
  );
}

type Letter = Pick<
  Figures,
  | "status"
  | "audience"
  | "excluded"
  | "recipients"
  | "sent"
  | "refused"
  | "skipped"
  | "queued"
  | "unknown"
  | "postponed"
  | "duplicates"
  | "clicks"
  | "sendingSeconds"
>;

async function readLetter(id: number): Promise<Letter> {
  return one(
    await sql<Letter>`
    with d as (select * from deliveries where campaign_id = ${id}),
    -- Whoever was left out at launch has a row too, when there is an address to write it for.
    left_out as (select coalesce(sum(n::int), 0)::int as n from campaigns, jsonb_each_text(exclusions) e(reason, n) where id = ${id})
    select (select status::text from campaigns where id = ${id}) as status,
      (select count(*)::int from d where attempts > 0 or status in ('queued', 'sending')) + (select n from left_out) as audience,
      (select n from left_out) as excluded,
      (select count(*)::int from d where attempts > 0 or status in ('queued', 'sending')) as recipients,
      (select count(*)::int from d where status = 'sent') as sent,
      (select count(*)::int from d where status = 'failed') as refused,
      (select count(*)::int from d where status = 'skipped') as skipped,
      (select count(*)::int from d where status in ('queued', 'sending')) as queued,
      (select count(*)::int from d where status = 'unknown') as unknown,
      (select count(distinct a.delivery_id)::int from attempts a join d on d.id = a.delivery_id
       where a.outcome = 'postponed' and d.status = 'sent') as postponed,
      (select count(*)::int from (
        select m.message_id from sandbox_messages m where m.folder = 'sent' and m.message_id <> ''
        group by m.message_id having count(*) > 1) twice)
      + (select count(*)::int from (select address from d group by address having count(*) > 1) twice) as duplicates,
      (select coalesce(sum(clicks), 0)::int from link_clicks where campaign_id = ${id}) as clicks,
      (select round(extract(epoch from max(settled_at) - min(settled_at))::numeric, 1)::float8 from d where status = 'sent') as "sendingSeconds"`,
  );
}

type Returns = Pick<
  Figures,
  "hardBounces" | "softBounces" | "otherBounces" | "delays" | "replies" | "autoReplies" | "complaints"
>;

async function readReturns(id: number): Promise<Returns> {
  return one(
    await sql<Returns>`
    with d as (select * from deliveries where campaign_id = ${id}),
    m as (select m.* from received_mails m join d on d.id = m.delivery_id)
    select (select count(*)::int from d where bounce = 'hard') as "hardBounces",
      (select count(*)::int from d where bounce = 'soft') as "softBounces",
      (select count(*)::int from d where bounce = 'unknown') as "otherBounces",
      (select count(*)::int from m where class = 'bounce' and not exists (
        select 1 from d where d.id = m.delivery_id and d.bounce is not null)) as delays,
      (select count(*)::int from d where replied_at is not null) as replies,
      (select count(*)::int from m where class = 'auto-reply') as "autoReplies",
      (select count(*)::int from d where complained_at is not null) as complaints`,
  );
}

type Departures = Pick<Figures, "unsubscribedOneClick" | "unsubscribedPage" | "unsubscribedMail">;

async function readDepartures(id: number): Promise<Departures> {
  return one(
    await sql<Departures>`
    with left_by as (
      select (select a.data ->> 'via' from activities a where a.contact_id = d.contact_id and a.kind = 'unsubscribed'
        and (a.data ->> 'deliveryId')::int = d.id order by a.id desc limit 1) as via
      from deliveries d where d.campaign_id = ${id} and d.unsubscribed_at is not null)
    select count(*) filter (where via = 'one_click')::int as "unsubscribedOneClick",
      count(*) filter (where via = 'page')::int as "unsubscribedPage",
      count(*) filter (where via = 'mailto')::int as "unsubscribedMail" from left_by`,
  );
}
