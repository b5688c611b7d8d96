/** The worker: sends, and does the tasks of tasks.ts until it is told to stop. As many of them as one likes. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { startEngine } from "#lib/letters/deliveries/send";
import { findSandboxRelay } from "#lib/letters/relays/access";
import { startSandbox } from "#lib/letters/sandbox/server";
import { logConsole, logEnd } from "#lib/machine/console";
import { disconnect } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { beat, mayLeave } from "#lib/machine/installation/beat";
import { recordOppositions } from "#lib/machine/installation/hold";
import { log } from "#lib/machine/log";
import { type Child, keep } from "#lib/machine/supervisor/children";
import { putOppositionsBack } from "#lib/people/suppressions/beside";
import { hasMailboxes } from "#lib/returns/mailbox/queries";
import { recordHeartbeat, recordStop, registerWorker } from "#lib/worker/heartbeat";
import { persist, startLoops } from "#lib/worker/loops";
import { tasks } from "#lib/worker/tasks";

const BEAT_EVERY = 5_000;
/** What is still unfinished after this long is left to the leases. */
const STOP_WITHIN = 30_000;
const SAY_AFTER = 5_000;
/** Of its heap: a server's words that grow past it end the reader, which is started again. */
const READER_MEGABYTES = 256;
const readerProgram = join(import.meta.dirname, "reader.ts");

logConsole();
logEnd();
const id = randomUUID();
let stopping = false;
let reader: Child | undefined;

await persist("register", () => registerWorker(id, hostname(), process.pid));
await persist("generation", beatAndPutBack);
const sandboxRelay = await findSandboxRelay();
const sandbox = sandboxRelay === null ? null : await startSandbox(sandboxRelay, { port: env.sandboxPort });
const engine = startEngine(id);
const loops = startLoops();
loops.repeat("heartbeat", BEAT_EVERY, () => recordHeartbeat(id));
loops.repeat("generation", BEAT_EVERY, beatAndPutBack);
loops.repeat("reader", BEAT_EVERY, keepReader);
// Whatever a task does acts on what the database says: while that is doubted, none runs.
for (const { name, everySeconds, run } of tasks)
  loops.repeat(name, everySeconds * 1000, async () => {
    if (await mayLeave()) await run();
  });
log.info({ worker: id }, "worker started");

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
process.on("disconnect", () => void stop());

async function stop() {
  if (stopping) return;
  stopping = true;
  const ended = [loops.stop(), reader?.stop(STOP_WITHIN)];
  let step = "deliveries in flight";
  setTimeout(() => log.warn({ worker: id, step }, "still stopping"), SAY_AFTER).unref();
  setTimeout(() => process.exit(1), STOP_WITHIN).unref();
  await engine.stop();
  step = "tasks";
  await Promise.all(ended);
  step = "sandbox";
  await sandbox?.close();
  step = "database";
  await recordStop(id).catch(() => {});
  await disconnect();
  log.info({ worker: id }, "worker stopped");
  process.exit(0);
}

/** Held, what was said after the backup is put back before anybody decides: only the row that says so is counted. */
async function beatAndPutBack() {
  const { held } = await beat();
  const n = held ? await putOppositionsBack() : 0;
  if (n > 0) await recordOppositions(n);
}

/** Once there is something to read; without a mailbox it would be memory for nothing. */
async function keepReader() {
  if (reader || !(await hasMailboxes()) || stopping) return;
  reader = keep("reader", [`--max-old-space-size=${READER_MEGABYTES}`, readerProgram], {
    onDeath: (name, code, delay) => log.error({ name, code, delay }, "reader ended; started again"),
  });
}
