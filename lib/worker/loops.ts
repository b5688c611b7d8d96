/** What a process of ours does over and over until it is told to stop. */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "#lib/machine/log";

export type Loops = {
  /** Aborted when the loops are to end: what waits need not. */
  signal: AbortSignal;
  /** A failing task is logged and tried again `every` milliseconds later: the database may be restarting. */
  repeat(name: string, every: number, run: () => Promise<unknown>): void;
  /** Resolves when the last run has ended. */
  stop(): Promise<void>;
};

export function startLoops(): Loops {
  const wakeUp = new AbortController();
  const { signal } = wakeUp;
  const running: Promise<void>[] = [];
  const loop = async (name: string, every: number, run: () => Promise<unknown>) => {
    while (!signal.aborted) {
      await run().catch((error: unknown) => log.error({ err: error, task: name }, "task failed"));
      await sleep(every, undefined, { signal }).catch(() => {});
    }
  };
  return {
    signal,
    repeat: (name, every, run) => void running.push(loop(name, every, run)),
    stop: async () => {
      wakeUp.abort();
      await Promise.all(running);
    },
  };
}

/** At the start, when the database may not be ready yet. @throws after half a minute */
export async function persist(name: string, run: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return void (await run());
    } catch (error) {
      if (tries === 30) throw error;
      log.warn({ err: error, task: name }, "database not ready");
      await sleep(1_000);
    }
  }
}
