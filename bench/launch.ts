/**
 * What the launch of a campaign to n contacts costs: the real one, in a process of its own, all or nothing, against one
 * plain INSERT … SELECT of the very rows it wrote into a table with the same columns, checks and indexes, and neither
 * foreign keys nor triggers.
 */
import { execFileSync } from "node:child_process";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { disconnect } from "#lib/machine/db";
import { readyCampaign } from "#testing/campaigns";
import { fillAudience } from "./stand/audience.ts";
import { assertDurable, type Cluster, difference, openCluster, type Work } from "./stand/cluster.ts";
import { readOptions } from "./stand/options.ts";
import { memoryOf, round } from "./stand/processes.ts";

const { number, print } = readOptions({
  n: { default: "1000000", help: "contacts of the audience" },
  launch: { default: "0", help: "launches this campaign, in this process" },
});
const n = number("n");

type Launch = { seconds: number; recipients: number; memoryBefore: number; memoryPeak: number };

if (number("launch") > 0) {
  console.log(JSON.stringify(await launchHere(number("launch"))));
  await disconnect();
} else {
  const cluster = await openCluster();
  try {
    await fillAudience(cluster, n);
    const campaign = await readyCampaign();
    print({ n, ...(await measure(cluster, campaign)), ...(await assertDurable(cluster)) });
  } finally {
    await cluster.close();
  }
}

async function measure(cluster: Cluster, campaign: number) {
  const before = await cluster.work();
  const answer = execFileSync(process.execPath, [import.meta.filename, "--launch", String(campaign)], {
    encoding: "utf8",
  });
  const launch = JSON.parse(answer) as Launch;
  const work = difference(before, await cluster.work());
  const [size] = await cluster.ask<{ megabytes: number; indexes: number }>(`
    select pg_table_size('deliveries') / 1e6::float8 as megabytes, pg_indexes_size('deliveries') / 1e6::float8 as indexes`);
  const floor = await plainInsert(cluster);
  return {
    recipients: launch.recipients,
    seconds: round(launch.seconds),
    floorSeconds: round(floor.seconds),
    timesTheFloor: round(launch.seconds / floor.seconds),
    recipientsPerSecond: round(launch.recipients / launch.seconds),
    postgresCpuSeconds: round(work.cpu),
    walMB: round(work.walBytes / 1e6),
    floorWalMB: round(floor.walBytes / 1e6),
    tableMB: round(size?.megabytes ?? 0),
    indexesMB: round(size?.indexes ?? 0),
    memoryBeforeMB: round(launch.memoryBefore),
    memoryPeakMB: round(launch.memoryPeak),
  };
}

async function launchHere(campaign: number): Promise<Launch> {
  const memoryBefore = memoryOf(process.pid).now;
  const started = performance.now();
  const launched = await launchCampaign(campaign);
  const seconds = (performance.now() - started) / 1000;
  if (!launched.ok) throw new Error(launched.reason);
  return { seconds, recipients: launched.recipients, memoryBefore, memoryPeak: memoryOf(process.pid).peak };
}

/** The same rows, as wide, one statement. */
async function plainInsert(cluster: Cluster): Promise<Work & { seconds: number }> {
  await cluster.ask("create table plain_deliveries (like deliveries including all)");
  await cluster.ask("checkpoint");
  const before = await cluster.work();
  const started = performance.now();
  await cluster.ask("insert into plain_deliveries select * from deliveries");
  const seconds = (performance.now() - started) / 1000;
  return { ...difference(before, await cluster.work()), seconds };
}
