/** What `npm start` and `npm run demo` do alike around an installation. */
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "#lib/env";
import { build, hashSources, isBuilt } from "./build.ts";
import type { Installation } from "./installation.ts";
import { step } from "./progress.ts";

/** Builds the web application, unless it is that of the sources as they stand. */
export async function ensureBuilt() {
  const hash = hashSources();
  if (isBuilt(env.distDir, hash)) return;
  await step("Construction de l’application", () => build(env.distDir, hash));
}

/** 503 is an answer too: the worker may need one more second. */
export async function untilAnswering({ children }: Installation) {
  while (children.length > 0 && !(await answers(`http://127.0.0.1:${env.port}/api/health`))) await sleep(50);
}

// Not fetch(): it refuses the ports browsers refuse, and would wait for ever.
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, (response) => resolve(response.resume().statusCode !== 404));
    request.once("error", () => resolve(false));
    request.setTimeout(30_000, () => request.destroy());
  });
}

/** npm does not always pass signals on, and cannot pass kill -9 on. */
export function stopWithParent(parent: number, stop: () => unknown) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    void stop();
  }, 500);
  timer.unref();
}
