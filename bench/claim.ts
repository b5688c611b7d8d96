/**
 * What a worker's claim of 400 deliveries costs as the table grows: with nothing else in it, with another relay paused
 * and its queue waiting, with many campaigns, late in a large campaign nobody vacuumed, and with millions of old
 * deliveries. Each claim is the engine's own, and what it takes is announced and settled through the engine's journal,
 * so that the queue moves on and leaves behind what it really does. Milliseconds are medians; blocks, those the
 * statement touched, depend on no other program.
 */
import { randomUUID } from "node:crypto";
import { type Claim, claim } from "#lib/letters/deliveries/claim";
import { type Journal, openJournal } from "#lib/letters/deliveries/journal";
import { sendingCampaign } from "#testing/deliveries";
import { type Cluster, openCluster } from "./stand/cluster.ts";
import { readOptions } from "./stand/options.ts";
import { fillPast } from "./stand/past.ts";
import { round } from "./stand/processes.ts";

const { number, print } = readOptions({
  old: { default: "1000000", help: "old deliveries, settled" },
  behind: { default: "1000000", help: "deliveries waiting for a paused relay" },
  campaigns: { default: "50", help: "campaigns being sent at once" },
  late: { default: "200000", help: "readers of the campaign that is not vacuumed" },
  claims: { default: "40", help: "claims of each measurement" },
});

const BATCH = 400;
type Cost = { ms: number; blocks: number };

const cluster = await openCluster();
const journal = openJournal(randomUUID());
try {
  print(await measure(cluster));
} finally {
  await journal.close();
  await cluster.close();
}

async function measure(cluster: Cluster) {
  const alone = await costOf(cluster, await queue(cluster, needed()));
  const identity = await waitBehind(cluster, number("behind"));
  const behind = await costOf(cluster, await queue(cluster, needed()));
  const many = await costOf(cluster, await queue(cluster, needed(), number("campaigns")));
  const late = await lateIn(cluster, number("late"));
  await fillPast(cluster, number("old"), identity);
  const old = await costOf(cluster, await queue(cluster, needed()));
  return {
    batch: BATCH,
    ...flat("alone", alone),
    ...flat(`behindPaused${number("behind")}`, behind),
    ...flat(`campaigns${number("campaigns")}`, many),
    ...flat(`late${number("late")}First`, late.first),
    ...flat(`late${number("late")}Last`, late.last),
    ...flat(`old${number("old")}`, old),
    ratioOldMs: round(old.ms / alone.ms),
    ratioOldBlocks: round(old.blocks / alone.blocks),
    ratioLateMs: round(late.last.ms / late.first.ms),
    ratioLateBlocks: round(late.last.blocks / late.first.blocks),
  };
}

/** A few more than are measured: the first claims read what is not in memory yet. */
function needed() {
  return (number("claims") + 3) * BATCH;
}

/** The ids of a relay with so many deliveries waiting, of one campaign or several; all others stop. */
async function queue(cluster: Cluster, n: number, campaigns = 1): Promise<number> {
  await cluster.ask("update campaigns set status = 'paused' where status = 'sending'");
  const { relay, identity } = await sendingCampaign({ port: 9, recipients: 0 });
  await cluster.ask(
    `with copies as (
       insert into campaigns (name, status, model, topic_id, segment_id, identity_id, subject, launched_at)
       select name, 'sending', model, topic_id, segment_id, identity_id, subject, now()
       from campaigns k, generate_series(2, $2::int) where k.identity_id = $1 returning id, topic_id
     )
     insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
     select 'campaign', id, topic_id, $1, 'x', 'x', 'x' from copies`,
    [identity, campaigns],
  );
  await cluster.ask(
    `insert into deliveries (campaign_id, content_id, address, address_hash, variables)
     select ct.campaign_id, ct.id, 'r' || i || '@x.example', sha256(convert_to('r' || i, 'UTF8')),
       jsonb_build_object('contact', jsonb_build_object('firstName', 'Élodie ' || i))
     from generate_series(1, $2::int) i, contents ct where ct.identity_id = $1`,
    [identity, Math.ceil(n / campaigns)],
  );
  await cluster.ask("vacuum analyze deliveries");
  return relay;
}

/** A campaign being sent whose relay staff paused. Returns its identity. */
async function waitBehind(cluster: Cluster, n: number): Promise<number> {
  const relay = await queue(cluster, n);
  await cluster.ask("update relays set pause_reason = 'staff' where id = $1", [relay]);
  const [row] = await cluster.ask<{ id: number }>("select id from identities where relay_id = $1", [relay]);
  return row?.id ?? 0;
}

/** The first claims of a campaign and its last, with no vacuum in between. */
async function lateIn(cluster: Cluster, n: number) {
  await cluster.ask("alter table deliveries set (autovacuum_enabled = false)");
  const relay = await queue(cluster, n);
  const first = await costOf(cluster, relay);
  for (let left = n - 2 * needed(); left > 0; left -= BATCH) await settle(journal, await claim(relay, BATCH));
  const last = await costOf(cluster, relay);
  await cluster.ask("alter table deliveries reset (autovacuum_enabled)");
  return { first, last };
}

async function costOf(cluster: Cluster, relay: number): Promise<Cost> {
  for (let i = 0; i < 3; i++) await settle(journal, await claim(relay, BATCH));
  const times: number[] = [];
  const before = await blocksOf(cluster);
  for (let i = 0; i < number("claims"); i++) {
    const started = performance.now();
    const claims = await claim(relay, BATCH);
    times.push(performance.now() - started);
    if (claims.length !== BATCH) throw new Error(`claimed ${claims.length}`);
    await settle(journal, claims);
  }
  const blocks = (await blocksOf(cluster)) - before;
  times.sort((a, b) => a - b);
  return { ms: times[Math.floor(times.length / 2)] ?? 0, blocks: blocks / times.length };
}

async function settle(journal: Journal, claims: Claim[]) {
  await Promise.all(claims.map((one) => journal.mark(one)));
  const accepted = {
    status: "sent",
    reason: null,
    reply: "250 2.0.0 Ok",
    delay: 0,
    counts: true,
    answered: true,
  } as const;
  await Promise.all(claims.map((one) => journal.settle(one, accepted)));
}

/** Blocks of memory all claims touched so far, of the table and its indexes. */
async function blocksOf(cluster: Cluster): Promise<number> {
  const [row] = await cluster.ask<{ blocks: number }>(`
    select coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 as blocks from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query like '%with active as (%'
      and query not like '%pg_stat_statements%'`);
  return row?.blocks ?? 0;
}

function flat(name: string, { ms, blocks }: Cost) {
  return { [`${name}Ms`]: round(ms), [`${name}Blocks`]: round(blocks) };
}
