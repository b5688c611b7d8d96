/** The worker: sends, and does the tasks of tasks.ts until it is told to stop. As many of them as one likes. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { startEngine } from "#lib/letters/deliveries/send";
import { findSandboxRelay } from "#lib/letters/relays/access";
import { startSandbox } from "#lib/letters/sandbox/server";
import { logConsole, logEnd } from "#lib/machine/console";
import { disconnect } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { beat, mayLeave } from "#lib/machine/installation/beat";
import { log } from "#lib/machine/log";
import { recordHeartbeat, recordStop, registerWorker } from "#lib/worker/heartbeat";
import { type Task, tasks } from "#lib/worker/tasks";

const BEAT_EVERY = 5_000;
/** What is still unfinished after this long is left to the leases. */
const STOP_WITHIN = 30_000;
const SAY_AFTER = 5_000;

logConsole();
logEnd();
const id = randomUUID();
let stopping = false;
const wakeUp = new AbortController();

await persist("register", () => registerWorker(id, hostname(), process.pid));
await persist("generation", () => beat());
const sandboxRelay = await findSandboxRelay();
const sandbox = sandboxRelay === null ? null : await startSandbox(sandboxRelay, { port: env.sandboxPort });
const engine = startEngine(id);
const loops = [
  repeat("heartbeat", BEAT_EVERY, () => recordHeartbeat(id)),
  repeat("generation", BEAT_EVERY, () => beat()),
  ...tasks.map(repeatTask),
];
log.info({ worker: id }, "worker started");

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
process.on("disconnect", () => void stop());

async function stop() {
  if (stopping) return;
  stopping = true;
  wakeUp.abort();
  let step = "deliveries in flight";
  setTimeout(() => log.warn({ worker: id, step }, "still stopping"), SAY_AFTER).unref();
  setTimeout(() => process.exit(1), STOP_WITHIN).unref();
  await engine.stop();
  step = "tasks";
  await Promise.all(loops);
  step = "sandbox";
  await sandbox?.close();
  step = "database";
  await recordStop(id).catch(() => {});
  await disconnect();
  log.info({ worker: id }, "worker stopped");
  process.exit(0);
}

/** Whatever a task does acts on what the database says: while that is doubted, none runs. */
function repeatTask(task: Task) {
  return repeat(task.name, task.everySeconds * 1000, async () => {
    if (await mayLeave()) await task.run();
  });
}

/** A failing task is logged and tried again: the database may be restarting. */
async function repeat(name: string, every: number, run: () => Promise<unknown>) {
  while (!stopping) {
    await run().catch((error: unknown) => log.error({ err: error, task: name }, "task failed"));
    await sleep(every, undefined, { signal: wakeUp.signal }).catch(() => {});
  }
}

async function persist(name: string, run: () => Promise<unknown>) {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries === 30) throw error;
      log.warn({ err: error, task: name }, "database not ready");
      await sleep(1_000);
    }
  }
}
