/**
 * Whether a worker's memory grows with what it has to send: what it holds after a full garbage collection while it
 * sends the n messages of a small campaign, against a worker with a queue of `queued`, of which it sends n, then `sent`.
 * The first comparison is of queues alone, the second of the number sent: a worker that kept anything of each message,
 * or of each one waiting, would show it in one of them, and sending the whole queue would add nothing that neither
 * shows. Real workers, short mails; the median of the collections (one a second) up to each count.
 */
import { join } from "node:path";
import { openCluster } from "./stand/cluster.ts";
import { queueCampaign, type Run, send } from "./stand/engine.ts";
import { readOptions } from "./stand/options.ts";
import { round } from "./stand/processes.ts";
import { openSink } from "./stand/sink.ts";

const { number, print } = readOptions({
  n: { default: "10000", help: "messages of the small campaign" },
  queued: { default: "1000000", help: "deliveries waiting in the large one" },
  sent: { default: "100000", help: "how many of them are sent" },
});
const [n, queued, sent] = [number("n"), number("queued"), number("sent")];

const cluster = await openCluster();
const sink = await openSink();
try {
  const small = await run(n, n);
  await cluster.ask("update campaigns set status = 'paused' where status = 'sending'");
  const large = await run(queued, sent);
  const [few, same, end] = [held(small, 0, n), held(large, 0, n), held(large, sent / 2, sent)];
  print({
    n,
    queued,
    sent,
    smallMB: round(few),
    largeAtSameMB: round(same),
    largeSecondHalfMB: round(end),
    ratioOfQueues: round(same / few),
    ratio: round(end / few),
    bytesPerMessageSent: round(((end - same) * 1024 * 1024) / (0.75 * sent - n / 2)),
    residentPeakSmallMB: round(small.sights.at(-1)?.memory ?? 0),
    residentPeakLargeMB: round(large.sights.at(-1)?.memory ?? 0),
    messagesPerSecond: round(large.messagesPerSecond),
  });
} finally {
  sink.close();
  await cluster.close();
}

async function run(deliveries: number, enough: number): Promise<Run> {
  const html = "<p>Bonjour {{ contact.firstName }}</p>";
  const { campaign } = await queueCampaign(cluster, deliveries, { port: sink.port, connections: 20, html });
  const teller = join(import.meta.dirname, "stand/heap.ts");
  return send(cluster, campaign, enough, 1, ["--expose-gc", "--import", teller]);
}

/** The median of what was held between two counts of messages sent. */
function held({ sights }: Run, from: number, to: number): number {
  const seen = sights.filter((sight) => sight.held > 0 && sight.sent > from && sight.sent <= to);
  const sorted = seen.map((sight) => sight.held).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
