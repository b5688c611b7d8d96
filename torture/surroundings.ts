/** What surrounds an installation: a pooler before its database, other people's mail servers. Once in ten rounds each. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { hostile, openHostile } from "#testing/hostile-mailboxes";
import type { Fault } from "./faults.ts";
import { insist, type Scene } from "./scene.ts";

/** Megabytes of any process of ours (decision 56). */
const MOST_MEMORY = 400;
const MET_WITHIN = 10_000;

const pooler: Fault = {
  name: "pooler",
  machine: true,
  prepare: (setup) => {
    setup.pooler = true;
  },
  run: async (scene) => {
    scene.record.overlap += scene.server.connections();
    await scene.pooler?.restart();
  },
};

const hostileMailbox: Fault = {
  name: "hostile mailbox",
  run: async (scene) => {
    const names = Object.keys(hostile).filter(() => scene.random.next() < 0.4);
    const servers = await insist(() => openHostile(names));
    scene.open.push(...servers);
    const deadline = performance.now() + MET_WITHIN;
    while (servers.some((one) => one.connections() === 0) && performance.now() < deadline) await sleep(100);
    for (const megabytes of peaksOf(scene))
      if (megabytes > MOST_MEMORY) scene.record.wrong.push(`a process took ${Math.round(megabytes)} MB`);
    if (servers.every((one) => one.connections() === 0)) scene.record.notDone.push("no mailbox was read");
  },
};

/** Of the workers and their readers, by proc(5). */
function peaksOf({ crew }: Scene): number[] {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  const workers = crew.active().flatMap(({ process }) => process.pid ?? []);
  const readers = workers.flatMap((pid) =>
    read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean),
  );
  return [...workers, ...readers].map(
    (pid) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024,
  );
}

/** By the last digit of the round's seed. */
export const surroundings: Record<number, Fault> = { 2: pooler, 5: hostileMailbox };
