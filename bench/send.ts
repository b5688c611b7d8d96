/**
 * How fast workers send, everything durable, against `smtp-source` (C) handing the same bytes to the same `smtp-sink`.
 * Needs Postfix's two programs. The mail is 20 kB of HTML, each of its lines personal, with tracked links and
 * List-Unsubscribe. `statements` are those the workers sent to PostgreSQL, by pg_stat_statements.
 */
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { assertDurable, type Cluster, difference, openCluster } from "./stand/cluster.ts";
import { queueCampaign, type Run, send } from "./stand/engine.ts";
import { newsletter } from "./stand/newsletter.ts";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";
import { openSink, type Sink } from "./stand/sink.ts";

const { text, number, print } = readOptions({
  n: { default: "20000", help: "messages" },
  workers: { default: "1", help: "worker processes" },
  connections: { default: "20", help: "SMTP connections of each worker" },
  profile: { default: "", help: "folder for a CPU profile of each worker; prints the costliest statements" },
});
const n = number("n");
const workers = number("workers");
const connections = number("connections");
const profile = text("profile");

const cluster = await openCluster();
const sink = await openSink();
try {
  print(await measure(cluster, sink));
} finally {
  sink.close();
  await cluster.close();
}

async function measure(cluster: Cluster, sink: Sink) {
  const all = connections * workers;
  const { campaign, content, relay } = await queueCampaign(cluster, n, {
    port: sink.port,
    connections: all,
    html: newsletter(),
  });
  const message = await sample(content);
  const half = Math.ceil(n / 2);
  // Before and after, because the machine may be busier at one end than at the other.
  const floorBefore = sink.handOver(message, half, all);
  const before = await cluster.work();
  const flags = profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : [];
  const run = await send(cluster, campaign, n, workers, flags);
  const work = difference(before, await cluster.work());
  const durable = await assertDurable(cluster);
  if (profile) console.table(await costliest(cluster));
  const floor = (2 * half) / (floorBefore + sink.handOver(message, half, all));
  return {
    n,
    workers,
    connections,
    messageBytes: message.length,
    messagesPerSecond: round(run.messagesPerSecond),
    floor: round(floor),
    ratio: round(run.messagesPerSecond / floor),
    ...(await perMessage(cluster, run, work, relay)),
    ...durable,
  };
}

async function perMessage(
  cluster: Cluster,
  run: Run,
  work: Awaited<ReturnType<Cluster["work"]>>,
  relay: number,
) {
  const [ledger] = await cluster.ask<{ sent: number }>(
    "select sum(n)::int as sent from relay_usage where relay_id = $1 and outcome = 'sent'",
    [relay],
  );
  return {
    workerCpuMilliseconds: round((run.cpu * 1000) / n),
    postgresCpuMilliseconds: round((work.cpu * 1000) / n),
    statements: round(work.statements / n),
    transactions: round(work.transactions / n),
    walBytes: round(work.walBytes / n),
    walFsyncs: round(work.walFsyncs / n),
    memoryMB: round(Math.max(...run.sights.map(({ memory }) => memory))),
    ledger: ledger?.sent ?? 0,
  };
}

function costliest(cluster: Cluster) {
  return cluster.ask(`
    select round(total_exec_time) as ms, calls, round((total_exec_time / calls)::numeric, 2) as "ms each", rows,
      shared_blks_hit as hit, wal_bytes::float8 as wal, regexp_replace(left(query, 120), '\\s+', ' ', 'g') as query
    from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where r.rolname = 'src' and s.dbid = (select oid from pg_database where datname = current_database()) order by total_exec_time desc limit 12`);
}

async function sample(content: number): Promise<Buffer> {
  const to = {
    id: 1,
    generation: 0,
    address: "r1@x.example",
    variables: { contact: { firstName: "Élodie 1" } },
  };
  return compose(await prepare(content), to).raw;
}
