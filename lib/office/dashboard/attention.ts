/** What needs somebody today. Every count is bounded by `most`: « 99+ » says enough, and costs the same at any size. */

import type { Role } from "#db/enums";
import { may, type Permission } from "#lib/department/permissions";
import { faultOfAddress, getPublicUrl } from "#lib/department/settings/public-address";
import { sql } from "#lib/machine/db";
import { silenceSeconds } from "#lib/machine/health/rules";

export const most = 99;

/** `kind` keys the sentence; `who` is what it is about, `count` how many, `reason` a catalog key of the noun it comes from. */
export type Concern = {
  kind: keyof typeof concerns;
  id: number | null;
  who: string | null;
  count: number;
  reason: string | null;
  at: Date | null;
};

/** Who can do something about it: nobody else is bothered. Gravest first. */
const concerns = {
  workerSilent: "campaigns.send",
  noWayBack: "campaigns.send",
  relayPaused: "campaigns.send",
  campaignPaused: "campaigns.send",
  campaignMissed: "campaigns.send",
  launchRefused: "campaigns.edit",
  campaignWaiting: "campaigns.send",
  unknown: "deliveries.settle",
  unknownLetters: "deliveries.settle",
  mailboxError: "relays.read",
  syncFailed: "sources.read",
  syncWaiting: "sources.sync",
  replies: "received.read",
  corrections: "contacts.edit",
  complaints: "notices.read",
  hardBounces: "received.read",
  unsubscribed: "notices.read",
  scheduled: "campaigns.read",
} as const satisfies Record<string, Permission>;

const order = Object.keys(concerns);

/** The concerns of a role, in order. */
export async function listConcerns(role: Role): Promise<Concern[]> {
  const found = await Promise.all([listStopped(), listUnreachable(), listReturned(), listScheduledToday()]);
  return found
    .flat()
    .filter(({ kind, count }) => count > 0 && may(role, concerns[kind]))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** What stands still: worker, relays, campaigns, sources. Small tables and partial indexes. */
function listStopped(): Promise<Concern[]> {
  return sql<Concern>`
    select 'workerSilent' as kind, null::int as id, null::text as who, 1 as count, null::text as reason,
      (select max(heartbeat_at) from workers) as at
    where not exists (
      select 1 from workers where stopped_at is null and heartbeat_at > now() - make_interval(secs => ${silenceSeconds}))
    union all
    select 'relayPaused', id, name, 1, pause_reason, paused_until from relays
    where archived_at is null and is_paused(pause_reason, paused_until)
    union all
    select 'mailboxError', r.id, r.name, 1, m.error, m.read_at from mailboxes m join relays r on r.id = m.relay_id
    where r.archived_at is null and m.error is not null
    union all
    (select case status when 'draft' then 'launchRefused' else 'campaignPaused' end, id, name, 1, pause_reason, paused_at
     from campaigns where pause_reason is not null and archived_at is null and status in ('draft', 'paused')
     order by id desc limit 10)
    union all
    (select 'campaignMissed', id, name, 1, null, scheduled_for
     from campaigns where status = 'scheduled' and missed_at is not null and archived_at is null
     order by id desc limit 10)
    union all
    -- Within the hour it goes on by itself before anybody looks: only a day that is used up is told.
    (select 'campaignWaiting', k.id, k.name, 1, r.spent_window, r.spent_until
     from campaigns k join identities i on i.id = k.identity_id join relays r on r.id = i.relay_id
     where k.status = 'sending' and r.spent_window = 'day' and r.spent_until > now() and r.archived_at is null
       and not exists (select 1 from open_routes o where o.identity_id = i.id and o.relay_id <> r.id)
     order by k.id desc limit 10)
    union all
    (select 'unknown', k.id, k.name, lost.n, null, null
     from (select campaign_id, count(*)::int as n from (
        select campaign_id from deliveries where status = 'unknown' limit ${most + 1}) bounded group by campaign_id) lost
     join campaigns k on k.id = lost.campaign_id)
    union all
    select 'unknownLetters', null, null, count(*)::int, null, max(unknown_at) from (
      select unknown_at from deliveries where status = 'unknown' and campaign_id is null limit ${most + 1}) letters
    union all
    select 'syncFailed', s.id, s.name, 1, r.error, r.finished_at from sources s
    join lateral (select status, error, finished_at from sync_runs where source_id = s.id order by id desc limit 1) r
      on r.status = 'failed'
    where s.archived_at is null
    union all
    (select 'syncWaiting', r.id, s.name, c.created + c.updated + c.archived + c.questions, null, r.finished_at
     from change_sets c join sync_runs r on r.proposal_id = c.id join sources s on s.id = r.source_id
     where c.status = 'waiting' and s.archived_at is null order by r.id desc limit 10)`;
}

/** Somebody writes by a real relay, and readers could not come back: see lib/department/settings/public-address.ts. */
async function listUnreachable(): Promise<Concern[]> {
  if (!faultOfAddress(await getPublicUrl())) return [];
  return sql<Concern>`
    select 'noWayBack' as kind, null::int as id, null::text as who, 1 as count, null::text as reason, null::timestamptz as at
    where exists (
      select 1 from identities i join relays r on r.id = i.relay_id
      where r.kind <> 'sandbox' and r.archived_at is null and i.archived_at is null)`;
}

/** What came back from people. */
function listReturned(): Promise<Concern[]> {
  return sql<Concern>`
    with unseen as (select kind, at from notices where seen_at is null order by at desc, id desc limit ${most + 1})
    select 'replies' as kind, null::int as id, null::text as who, count(*)::int as count, null::text as reason,
      max(received_at) as at
    from (select received_at from received_mails where class = 'reply' and handled_at is null
      order by received_at desc, id desc limit ${most + 1}) bounded
    union all
    select 'corrections', null, null, count(*)::int, null, max(at)
    from (select at from corrections where decided_at is null limit ${most + 1}) waiting
    union all
    select 'complaints', null, null, count(*)::int, null, max(at) from unseen where kind = 'complaint'
    union all
    select 'unsubscribed', null, null, count(*)::int, null, max(at) from unseen where kind = 'unsubscribed'
    union all
    select 'hardBounces', null, null, count(*)::int, null, max(at)
    from (select at from (
        select at, verdict, blame from bounces
        where at >= (date_trunc('day', now() at time zone 'Europe/Paris') - interval '1 day') at time zone 'Europe/Paris'
        order by at desc, id desc limit 5000) latest
      where verdict = 'hard' and blame = 'recipient' limit ${most + 1}) bounded`;
}

/** Campaigns that leave by themselves before midnight, Paris time. */
function listScheduledToday(): Promise<Concern[]> {
  return sql<Concern>`
    select 'scheduled' as kind, id, name as who, 1 as count, null::text as reason, scheduled_for as at from campaigns
    where status = 'scheduled' and missed_at is null and archived_at is null
      and scheduled_for < (date_trunc('day', now() at time zone 'Europe/Paris') + interval '1 day') at time zone 'Europe/Paris'
    order by scheduled_for limit 10`;
}
