/** Real worker processes sending a real campaign, watched from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { workerProgram } from "#lib/machine/supervisor/build";
import { sendingCampaign } from "#testing/deliveries";
import type { Cluster } from "./cluster.ts";
import { childrenOf, cpuOf, memoryOf } from "./processes.ts";

/**
 * What is seen of the workers at one moment; megabytes: the resident peak, that of their readers of mailboxes, and what
 * was held after the last collection, if told.
 */
type Sight = { at: number; sent: number; cpu: number; memory: number; reader: number; held: number };

export type Run = {
  messagesPerSecond: number;
  /** CPU seconds of the workers together, their start included. */
  cpu: number;
  sights: Sight[];
};

const EVERY = 50;

/** A campaign being sent to `n` people, queued and not begun. Returns its ids. */
export async function queueCampaign(
  cluster: Cluster,
  n: number,
  options: { port: number; connections: number; html: string },
) {
  const ids = await sendingCampaign({
    port: options.port,
    recipients: 0,
    maxConnections: options.connections,
    html: options.html,
  });
  await cluster.ask(
    `insert into deliveries (campaign_id, content_id, address, address_hash, variables)
     select $1, $2, 'r' || i || '@x.example', sha256(convert_to('r' || i, 'UTF8')),
       jsonb_build_object('contact', jsonb_build_object('firstName', 'Élodie ' || i))
     from generate_series(1, $3::int) i`,
    [ids.campaign, ids.content, n],
  );
  await cluster.ask("vacuum analyze deliveries");
  // What filling left to write would otherwise be written while sending is measured.
  await cluster.ask("checkpoint");
  return ids;
}

/** Lets workers send until `enough` messages are sent, then ends them. `flags` are Node's. */
export async function send(
  cluster: Cluster,
  campaign: number,
  enough: number,
  workers: number,
  flags: string[] = [],
): Promise<Run> {
  const processes: ChildProcess[] = [];
  const sights: Sight[] = [];
  let held = 0;
  try {
    for (let i = 0; i < workers; i++) {
      const args = [...flags, ...workerProgram];
      const worker = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "pipe"] });
      worker.stdio[3]?.on("data", (told: Buffer) => {
        held = Number(told.toString().trim().split("\n").at(-1));
      });
      processes.push(worker);
    }
    for (let sent = 0; sent < enough; await sleep(EVERY)) {
      sent = await countSent(cluster, campaign);
      sights.push({ at: performance.now(), sent, held, ...usage(processes) });
      if (processes.some(({ exitCode }) => exitCode !== null)) throw new Error("a worker ended");
    }
    return { ...speed(sights), sights };
  } finally {
    await stop(processes, flags.length > 0);
  }
}

/** From the first message seen sent: the start of Node is not what is measured. */
function speed(sights: Sight[]) {
  const first = sights.find(({ sent }) => sent > 0);
  const last = sights.at(-1);
  if (!first || !last || first === last) throw new Error("too few messages to measure");
  return { messagesPerSecond: ((last.sent - first.sent) * 1000) / (last.at - first.at), cpu: last.cpu };
}

function usage(processes: ChildProcess[]) {
  return {
    cpu: processes.reduce((sum, { pid }) => sum + cpuOf(pid ?? 0), 0),
    memory: Math.max(...processes.map(({ pid }) => memoryOf(pid ?? 0).peak)),
    reader: Math.max(
      0,
      ...processes.flatMap(({ pid }) => childrenOf(pid ?? 0)).map((pid) => memoryOf(pid).peak),
    ),
  };
}

/** A profile is written at a polite end only. */
async function stop(processes: ChildProcess[], politely: boolean) {
  const living = processes.filter(({ exitCode }) => exitCode === null);
  const ends = living.map((one) => new Promise((resolve) => one.once("exit", resolve)));
  for (const one of living) one.kill(politely ? "SIGTERM" : "SIGKILL");
  await Promise.all(ends);
}

async function countSent(cluster: Cluster, campaign: number): Promise<number> {
  const [row] = await cluster.ask<{ sent: number }>(
    "select coalesce(sum(sent), 0)::int as sent from campaign_totals where campaign_id = $1",
    [campaign],
  );
  return row?.sent ?? 0;
}
