/**
 * Whether mail servers out of their minds cost the letters anything: the same campaign sent in turn beside one mailbox
 * that is well, and beside that one and thirteen hostile ones, which nobody lets off (due again each second, where a
 * worker would wait for minutes). The second of a pair begins the next. Ratios are of the pairs, their median: how fast,
 * and what a message costs the worker. Needs Postfix's two programs and Dovecot.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Dovecot, mailFolder, startDovecot } from "#testing/dovecot";
import { openHostile } from "#testing/hostile-mailboxes";
import { giveMailbox } from "#testing/mail-accounts";
import { type Cluster, openCluster } from "./stand/cluster.ts";
import { queueCampaign, type Run, send } from "./stand/engine.ts";
import { newsletter } from "./stand/newsletter.ts";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";
import { openSink, type Sink } from "./stand/sink.ts";

const { number, print } = readOptions({
  n: { default: "20000", help: "messages each time" },
  pairs: { default: "5", help: "times without and with" },
  connections: { default: "20", help: "SMTP connections of the worker" },
});
const [n, pairs, connections] = [number("n"), number("pairs"), number("connections")];

type Measured = { run: Run; read: boolean; met: number };

const cluster = await openCluster();
const sink = await openSink();
const mailbox = await startDovecot();
try {
  const alone: Measured[] = [];
  const beside: Measured[] = [];
  for (let i = 0; i < pairs; i++)
    for (const hostile of i % 2 ? [true, false] : [false, true])
      (hostile ? beside : alone).push(await measure(cluster, sink, mailbox, hostile));
  print(report(alone, beside));
} finally {
  await mailbox.stop();
  sink.close();
  await cluster.close();
}

/** One campaign through an account of its own, whose mailbox has one more mail. */
async function measure(cluster: Cluster, sink: Sink, mailbox: Dovecot, hostile: boolean): Promise<Measured> {
  await cluster.ask("update relays set archived_at = now() where kind = 'smtp'");
  const { campaign, relay } = await queueCampaign(cluster, n, {
    port: sink.port,
    connections,
    html: newsletter(),
  });
  await giveMailbox(relay, mailbox, mailFolder);
  const text = `From: a@b.example\r\nSubject: Bonjour\r\nMessage-ID: <${relay}@b.example>\r\n\r\nBonjour ${relay}\r\n`;
  await mailbox.append(Buffer.from(text));
  const servers = hostile ? await openHostile() : [];
  const stop = new AbortController();
  const never = neverLetOff(cluster, relay, stop.signal);
  const run = await send(cluster, campaign, n, 1);
  stop.abort();
  await never;
  const read = await cluster.ask("select from received_mails where relay_id = $1 and subject = 'Bonjour'", [
    relay,
  ]);
  for (const server of servers) server.close();
  return { run, read: read.length > 0, met: servers.filter((one) => one.connections() > 0).length };
}

async function neverLetOff({ ask }: Cluster, well: number, signal: AbortSignal) {
  while (!signal.aborted) {
    await ask(
      "update mailboxes set due_at = now() where relay_id <> $1 and due_at > now() and lease_until is null",
      [well],
    );
    await sleep(1_000, undefined, { signal }).catch(() => {});
  }
}

function report(alone: Measured[], beside: Measured[]) {
  const rates = (all: Measured[]) => all.map(({ run }) => round(run.messagesPerSecond));
  const ratios = (of: (run: Run) => number) =>
    beside.map(({ run }, i) => of(run) / of(alone[i]?.run ?? run)).sort((a, b) => a - b);
  const middle = (sorted: number[]) => round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  const peak = (of: "memory" | "reader") =>
    round(Math.max(...beside.flatMap(({ run }) => run.sights.map((sight) => sight[of]))));
  const every = [...alone, ...beside];
  return {
    n,
    pairs,
    aloneMessagesPerSecond: rates(alone),
    besideMessagesPerSecond: rates(beside),
    ratioOfRates: middle(ratios((run) => run.messagesPerSecond)),
    ratioOfCpuPerMessage: middle(ratios((run) => run.cpu)),
    workerMB: peak("memory"),
    readerMB: peak("reader"),
    hostileMet: Math.min(...beside.map(({ met }) => met)),
    wellReadTimes: `${every.filter(({ read }) => read).length} of ${every.length}`,
  };
}
