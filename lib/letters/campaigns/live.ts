/** A campaign at this instant, for its page: how fast it goes, what waits, through which relay. */
import type { CampaignStatus } from "#db/enums";
import type { WaitingFacts } from "#lib/letters/campaigns/waiting";
import { type Forecast, foresee } from "#lib/letters/ledger/forecast";
import { findRelayLive, type Minute, type RelayLive } from "#lib/letters/relays/live";
import { sql } from "#lib/machine/db";

/** Counted up to this; beyond, « plus de mille » says enough. */
const COUNTED = 1_000;

type Row = {
  status: CampaignStatus;
  pauseReason: string | null;
  pausedBy: string | null;
  queued: number;
  sending: number;
  due: number;
  later: number;
  nextDueAt: Date | null;
  lastDueAt: Date | null;
  putOff: { reason: string | null; domain: string } | null;
  rate: number;
  own: number | null;
  carrier: number | null;
};

/**
 * Null when there is no such campaign, or it was not launched. Reads one campaign's counters, the two ends of its
 * queue and 24 hours of one relay: its cost does not grow with the tables.
 */
export async function findCampaignLive(id: number) {
  const [[row], minutes] = await Promise.all([findQueue(id), listMinutes(id)]);
  if (!row) return null;
  const [own, carrier] = await Promise.all([
    row.own === null ? null : findRelayLive(row.own),
    row.carrier === null || row.carrier === row.own ? null : findRelayLive(row.carrier),
  ]);
  const through = row.carrier === null ? null : (carrier ?? own);
  const facts = factsOf(row, own, through);
  return {
    ...{ rate: row.rate, inFlight: row.sending, minutes, waiting: row.queued },
    ...split(row.queued, row.due, row.later),
    relay: through ?? own,
    facts,
    forecast: row.queued + row.sending > 0 ? forecast(id, row, facts, through ?? own) : null,
  };
}

export type CampaignLive = NonNullable<Awaited<ReturnType<typeof findCampaignLive>>>;

/** Both ends of the queue are counted to a thousand; the sum is known, so one of them says the other. */
function split(queued: number, due: number, later: number) {
  if (due <= COUNTED) return { due, later: Math.max(0, queued - due), atLeast: false };
  if (later <= COUNTED) return { due: Math.max(0, queued - later), later, atLeast: false };
  return { due: COUNTED, later: COUNTED, atLeast: true };
}

function forecast(id: number, row: Row, facts: WaitingFacts, relay: RelayLive | null): Forecast {
  if (row.status !== "sending") return { unforeseen: "campaignPaused" };
  if (!facts.workerAlive) return { unforeseen: "noWorker" };
  if (!relay || relay.archivedAt) return { unforeseen: "noRoute" };
  const others = relay.campaigns.filter((one) => one.id !== id).map((one) => one.queued);
  return foresee(
    relay.load,
    {
      waiting: row.queued,
      others,
      letters: relay.letters,
      lastDueAt: row.lastDueAt,
      limitsDomains: relay.domains.length > 0,
    },
    relay.now,
  );
}

/** The facts of a relay alone, for its own page. */
export function relayFacts(relay: RelayLive): WaitingFacts {
  const waiting = relay.campaigns.reduce((sum, { queued }) => sum + queued, relay.letters);
  return {
    ...{ campaign: null, waiting, due: waiting, nextDueAt: null, putOff: null, rate: relay.rate },
    workerAlive: relay.workerAlive,
    own: relay,
    carrier: relay.pause ? null : relay,
    ...{ lettersDue: relay.letters, others: 0, slowed: slowedOf(relay) },
  };
}

function factsOf(row: Row, own: RelayLive | null, carrier: RelayLive | null): WaitingFacts {
  const relay = carrier ?? own;
  return {
    campaign: { status: row.status, pauseReason: row.pauseReason, pausedBy: row.pausedBy },
    waiting: row.queued,
    due: row.due,
    nextDueAt: row.nextDueAt,
    putOff: row.putOff,
    rate: row.rate,
    workerAlive: relay?.workerAlive ?? true,
    own,
    carrier,
    lettersDue: relay?.letters ?? 0,
    others: Math.max(0, (carrier?.campaigns.length ?? 0) - 1),
    slowed: slowedOf(relay),
  };
}

export type Departure = { relay: RelayLive; forecast: Forecast; others: number };

/** What a launch of `recipients` messages would meet now; null for an identity that no real relay carries. */
export async function foreseeDeparture(identityId: number, recipients: number): Promise<Departure | null> {
  const [route] = await sql<{ relayId: number }>`
    select coalesce(o.relay_id, i.relay_id) as "relayId"
    from identities i left join open_routes o on o.identity_id = i.id
    where i.id = ${identityId} order by o.position limit 1`;
  const relay = route ? await findRelayLive(route.relayId) : null;
  if (relay?.kind !== "smtp") return null;
  const others = relay.campaigns.map((one) => one.queued);
  const queue = { waiting: recipients, others, letters: relay.letters, lastDueAt: null };
  const limitsDomains = relay.domains.length > 0;
  const forecast: Forecast = relay.workerAlive
    ? foresee(relay.load, { ...queue, limitsDomains }, relay.now)
    : { unforeseen: "noWorker" };
  return { relay, forecast, others: others.length };
}

/** Domains whose replies asked for less, and until when. */
const slowedOf = (relay: RelayLive | null) =>
  (relay?.domains ?? []).flatMap(({ domain, slowUntil }) =>
    relay && slowUntil && slowUntil > relay.now ? [{ domain, until: slowUntil }] : [],
  );

const findQueue = (id: number) =>
  sql<Row>`
    select k.status, k.pause_reason as "pauseReason",
      (select name from users where id = k.paused_by_id) as "pausedBy",
      t.queued, t.sending, ready.n as due, late.n as later, late.first as "nextDueAt", late.reason as "putOff",
      (select due_at from deliveries where content_id = ct.id and status = 'queued' and due_at > now()
       order by due_at desc limit 1) as "lastDueAt",
      own.relay_id as own,
      (select o.relay_id from open_routes o where o.identity_id = k.identity_id order by o.position limit 1) as carrier,
      (select round(coalesce(sum(n), 0) * 60 / extract(epoch from now() - date_bin('10 seconds', now() - interval '1 minute', 'epoch')))::int
       from relay_usage where campaign_id = k.id and outcome = 'sent'
         and bucket >= date_bin('10 seconds', now() - interval '1 minute', 'epoch')) as rate
    from campaigns k
    join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
    left join identities own on own.id = k.identity_id
    cross join lateral (
      select coalesce(sum(queued), 0)::int as queued, coalesce(sum(sending), 0)::int as sending
      from campaign_totals where campaign_id = k.id
    ) t
    cross join lateral (
      select count(*)::int as n from (
        select 1 from deliveries where content_id = ct.id and status = 'queued' and due_at <= now() limit ${COUNTED + 1}
      ) bounded
    ) ready
    cross join lateral (
      select count(*)::int as n, min(due_at) as first,
        (array_agg(jsonb_build_object('reason', reason, 'domain', split_part(address, '@', 2)) order by due_at))[1] as reason
      from (
        select due_at, reason, address from deliveries
        where content_id = ct.id and status = 'queued' and due_at > now() order by due_at limit ${COUNTED + 1}
      ) bounded
    ) late
    where k.id = ${id}`;

/** The last half hour of a campaign, minute by minute; minutes without a message are absent. */
const listMinutes = (id: number) =>
  sql<Minute>`
    select date_bin('1 minute', bucket, 'epoch') as at, sum(n)::int as n,
      coalesce(sum(n) filter (where outcome = 'sent'), 0)::int as sent,
      coalesce(sum(n) filter (where outcome = 'refused'), 0)::int as refused
    from relay_usage where campaign_id = ${id} and bucket > now() - interval '31 minutes'
    group by 1 order by 1`;
