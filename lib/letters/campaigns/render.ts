/**
 * Writing a letter out under a deadline. Markdown and MJML are read by libraries whose time and memory what is typed
 * can make explode (20 000 characters of `_a*` take seconds), and nothing else runs meanwhile in the same thread: so
 * it happens in another one, which can really be ended.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CampaignContent, CompiledCampaign } from "#emails/compile";
import type { Answer } from "#lib/letters/campaigns/render-thread";
import { log } from "#lib/machine/log";

/** Milliseconds one letter may take; one of forty blocks takes a tenth of a second. */
const DEADLINE = 3_000;
const MEMORY_MB = 256;

/** Opaque to the bundler: the thread runs from the source, like the worker. */
const source = () =>
  join(/* turbopackIgnore: true */ process.cwd(), "lib/letters/campaigns/render-thread.ts");

let idle: Promise<Worker> | undefined;
let last: Promise<unknown> = Promise.resolve();

/** The letter, or null when it cannot be written out within the deadline and the memory. One at a time a process. */
export function renderLetter(
  content: CampaignContent,
  deadline = DEADLINE,
): Promise<CompiledCampaign | null> {
  const turn = last.then(() => render(content, deadline));
  last = turn.catch(() => {});
  return turn;
}

async function render(content: CampaignContent, deadline: number): Promise<CompiledCampaign | null> {
  idle ??= open();
  const opened = idle;
  const thread = await opened.catch((error) => {
    idle = undefined;
    throw error;
  });
  // A process that waits for a letter stays for it, one that only keeps the thread warm does not.
  thread.ref();
  const answer = await ask(thread, content, deadline);
  if (answer && "compiled" in answer) {
    thread.unref();
    return answer.compiled;
  }
  log.warn({ fault: answer?.fault ?? "deadline" }, "a letter could not be written out");
  idle = undefined;
  await thread.terminate();
  return null;
}

function open(): Promise<Worker> {
  const thread = new Worker(source(), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  return new Promise((resolve, reject) => {
    thread.once("message", () => resolve(thread));
    // Stays: a thread that dies while nobody asks it anything must not take the process with it.
    thread.on("error", reject);
  });
}

/** Null at the deadline; a thread that died, of hunger for instance, is a fault like another. */
function ask(thread: Worker, content: CampaignContent, deadline: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const ended = () => done({ fault: "exit" });
    const done = (answer: Answer | null) => {
      clearTimeout(timer);
      thread.off("message", done).off("exit", ended);
      resolve(answer);
    };
    const timer = setTimeout(done, deadline, null);
    thread.on("message", done).on("exit", ended);
    thread.postMessage(content);
  });
}
