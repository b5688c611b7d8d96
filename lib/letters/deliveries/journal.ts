/**
 * The grouped writer of one worker: marks (`sending`, before the first byte of DATA) and settlements of all its
 * connections share one statement and one commit every few milliseconds, so that safety costs no throughput.
 */

import type { Claim } from "#lib/letters/deliveries/claim";
import { LEASE_SECONDS } from "#lib/letters/ledger/usage";
import type { Settlement } from "#lib/letters/relays/rules";
import { openPrepared, type Prepared } from "#lib/machine/db";
import { latestBeat } from "#lib/machine/installation/beat";
import { log } from "#lib/machine/log";

type Mark = { claim: Claim; done: (marked: boolean) => void };
type Settle = { claim: Claim; settlement: Settlement; done: () => void };

const RETRY_AFTER = 250;
const MAX_GROUP = 500;

export type Journal = {
  /** True once `sending` is committed; false when the claim no longer stands (paused, suppressed, lease lost, database away). */
  mark(claim: Claim): Promise<boolean>;
  /** Resolves when the outcome is committed; tried until it is, because only this process knows it. */
  settle(claim: Claim, settlement: Settlement): Promise<void>;
  /** Resolves when nothing waits to be written, and its connection is given back. */
  close(): Promise<void>;
};

export function openJournal(workerId: string): Journal {
  const database = openPrepared("journal");
  const marks: Mark[] = [];
  let settles: Settle[] = [];
  let running: Promise<void> | undefined;
  let ended: Promise<void> | undefined;

  const run = async () => {
    // One turn of the event loop lets every connection that is ready join the group.
    await new Promise(setImmediate);
    let most = MAX_GROUP;
    while (marks.length > 0 || settles.length > 0) {
      const told = settles.splice(0, most);
      const asked = most === 1 && told.length > 0 ? [] : marks.splice(0, most);
      try {
        const marked = await write(database, workerId, asked, told);
        for (const one of told) one.done();
        for (const one of asked) one.done(marked.has(one.claim.id));
      } catch (error) {
        log.error({ err: error, marks: asked.length, settlements: told.length }, "journal not written");
        const unwritable = /^2[23]/.test((error as { code?: string }).code ?? "");
        if (unwritable && told.length + asked.length === 1) {
          // This one alone is what the database refuses: its lease will end, and it will be shown as unknown.
          for (const one of told) one.done();
          for (const one of asked) one.done(false);
          most = MAX_GROUP;
          continue;
        }
        most = unwritable ? 1 : MAX_GROUP;
        // The commit may have happened: whatever was marked is taken back, since nothing was sent.
        const undo = asked.map(({ claim }) => ({ claim, settlement: notBegun, done: () => {} }));
        settles = [...told, ...undo, ...settles];
        for (const one of asked) one.done(false);
        if (!unwritable) await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
      }
    }
    running = undefined;
  };
  const wake = () => {
    running ??= run();
  };

  return {
    mark: (claim) =>
      new Promise((done) => {
        marks.push({ claim, done });
        wake();
      }),
    settle: (claim, settlement) =>
      new Promise((done) => {
        settles.push({ claim, settlement, done });
        wake();
      }),
    close: async () => {
      while (running) await running;
      ended ??= database.close();
      await ended;
    },
  };
}

/** Announced but never begun. */
export const notBegun: Settlement = {
  status: "queued",
  reason: null,
  reply: "",
  delay: 0,
  counts: false,
  answered: false,
};

async function write(
  database: Prepared,
  workerId: string,
  asked: Mark[],
  told: Settle[],
): Promise<Set<number>> {
  const rows = await database.sql<{ id: number }>`
    with told as (
      select * from unnest(
        ${told.map((t) => t.claim.id)}::int[], ${told.map((t) => t.claim.token)}::uuid[],
        ${told.map((t) => t.settlement.status)}::text[], ${told.map((t) => t.settlement.delay)}::float8[],
        ${told.map((t) => t.settlement.counts)}::boolean[], ${told.map((t) => t.settlement.reason)}::text[],
        ${told.map((t) => t.settlement.reply)}::text[], ${told.map(outcomeOf)}::text[], ${told.map(usageOf)}::text[]
      ) as t (id, token, status, delay, counts, reason, reply, outcome, usage)
    ), settled as (
      update deliveries d set
        status = told.status::"DeliveryStatus",
        settled_at = case when told.status in ('sent', 'failed') then clock_timestamp() end,
        due_at = case when told.status = 'queued' then clock_timestamp() + make_interval(secs => told.delay) else d.due_at end,
        attempts = d.attempts - (not told.counts)::int,
        unknown_at = case when told.status = 'unknown' then clock_timestamp() else d.unknown_at end,
        lease_token = null, lease_until = null, reason = told.reason, reply = case when d.erased_at is null then told.reply end
      from told
      where d.id = told.id and d.lease_token = told.token
        and (d.status = 'sending' or d.status = 'unknown' and told.status <> 'unknown')
      returning d.id, d.attempts + (not told.counts)::int as n, d.relay_id, d.campaign_id, ledger_domain(d.relay_id, d.address) as domain, domain_of(d.address) as own_domain,
        d.unknown_at, told.status, told.outcome, told.usage, told.reason, d.reply
    ), logged as (
      insert into attempts (delivery_id, n, relay_id, worker_id, outcome, reason, reply)
      select id, n, relay_id, ${workerId}::uuid, outcome, reason, reply from settled
    ), used as (
      -- What a sweep counted as unknown meanwhile is corrected where it was counted, and only when it was not sent.
      insert into usage_entries (relay_id, at, shard, campaign_id, domain, outcome, reason, n)
      select relay_id, bucket, shard, campaign_id, domain, outcome, reason, sum(n) from (
        -- An unknown one where its correction will look for it.
        select relay_id, date_bin('10 seconds', case usage when 'unknown' then unknown_at else clock_timestamp() end, 'epoch') as bucket,
          case usage when 'unknown' then 0 else pg_backend_pid() % 8 end as shard,
          coalesce(campaign_id, 0) as campaign_id, case usage when 'unknown' then own_domain else domain end as domain, usage as outcome,
          case usage when 'refused' then coalesce(reason, '') else '' end as reason, 1 as n
        from settled where usage is not null and (unknown_at is null or status = 'unknown')
        union all
        select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, coalesce(campaign_id, 0), own_domain, 'unknown', '', -1
        from settled where unknown_at is not null and status in ('queued', 'failed')
      ) change
      group by relay_id, bucket, shard, campaign_id, domain, outcome, reason
      order by relay_id, bucket, shard, campaign_id, domain, outcome, reason
    ), probed as (
      update relays set probing = false, strikes = case when pause_reason = 'connectionLost' then 0 else strikes end
      where probing and id in (select relay_id from settled where status = 'sent')
    ), asked as (
      select * from unnest(${asked.map((a) => a.claim.id)}::int[], ${asked.map((a) => a.claim.token)}::uuid[]) as a (id, token)
    ), marked as (
      update deliveries d set status = 'sending', attempts = d.attempts + 1, announced_at = clock_timestamp(), unknown_at = null,
        lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      from asked, contents ct, relays r
      where d.id = asked.id and d.lease_token = asked.token and d.status = 'queued' and d.lease_until > clock_timestamp()
        and may_leave(${latestBeat()})
        and ct.id = d.content_id and r.id = d.relay_id and r.archived_at is null
        and not is_paused(r.pause_reason, r.paused_until)
        and (d.campaign_id is null or exists (select 1 from campaigns k where k.id = d.campaign_id and k.status = 'sending'))
        -- Seen on the row itself, whose lock was waited for: the click may have committed after this statement began.
        and d.unsubscribed_at is null and d.erased_at is null
        and (select o.reason from opposition(d.address_hash, d.contact_id, ct.topic_id, purpose_of(ct.kind, ct.purpose, d.role)) o) is null
      returning d.id
    ), released as (
      update deliveries d set lease_token = null, lease_until = null
      from asked
      where d.id = asked.id and d.lease_token = asked.token and d.status = 'queued'
        and not exists (select 1 from marked where marked.id = d.id)
    )
    select id from marked`;
  return new Set(rows.map((row) => row.id));
}

/** How a try reads in the delivery's log. */
function outcomeOf({ settlement }: Settle): string {
  if (settlement.status !== "queued") return settlement.status;
  return settlement.counts ? "postponed" : "requeued";
}

/** How a try counts in the ledger; not at all when the server never answered about this message. */
function usageOf({ settlement: { status, answered } }: Settle): "sent" | "unknown" | "refused" | null {
  if (status === "sent" || status === "unknown") return status;
  return answered ? "refused" : null;
}
