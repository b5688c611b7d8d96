/** What `npm start` and `npm run demo` do alike around an installation. */
import { get } from "node:http";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "#lib/machine/env";
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
  const end = env.host === "0.0.0.0" ? "127.0.0.1" : env.host.includes(":") ? `[${env.host}]` : env.host;
  while (children.length > 0 && !(await answers(`http://${end}:${env.port}/api/health`))) await sleep(50);
}

// Not fetch(): it refuses the ports browsers refuse, and would wait for ever.
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, (response) => resolve(response.resume().statusCode !== 404));
    request.once("error", () => resolve(false));
    request.setTimeout(30_000, () => request.destroy());
  });
}

/** Where it can be opened, and by whom: closed to other machines unless somebody opened it. */
export function whereToOpen(): string {
  const local = `Adresse : http://localhost:${env.port}`;
  if (env.toldPublicUrl)
    return `Adresse : ${env.toldPublicUrl}   (le proxy s’adresse à http://${env.host}:${env.port})`;
  if (/^(127\.|::1$)/.test(env.host))
    return `${local}\n  Cette machine seule peut l’ouvrir. Pour les autres, placez un serveur TLS devant : docs/proxy/README.md`;
  return `${local}   (ou http://${hostname()}:${env.port} sur le réseau)\n  Ouverte au réseau sans chiffrement : les mots de passe y passent en clair. Un serveur TLS devant : docs/proxy/README.md`;
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

/** For a process that npm started alone: npm gone, even by kill -9, it ends, and by force what does not end by itself. */
export function endWithNpm() {
  if (!env.underNpm) return;
  stopWithParent(process.ppid, () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 10_000).unref();
  });
}
