/** One running installation: the database and the processes on it, kept alive together until stopped. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "#lib/machine/env";
import { Explained, explanation } from "#lib/machine/explained";
import { type Embedded, startEmbedded } from "#lib/machine/postgres/embedded";
import { requireSession } from "#lib/machine/postgres/pooler";
import { keepLogShort } from "#lib/machine/short-log";
import { readAddresses } from "#lib/machine/web/seen";
import { projectFolder, webProgram, workerProgram } from "./build.ts";
import { type Child, keep } from "./children.ts";
import { embeddedFolder } from "./database.ts";
import { becomeSupervisor, declareUse, type Usage } from "./lock.ts";
import { unprivilegedAccount } from "./privileges.ts";
import { say } from "./progress.ts";

export type Installation = {
  /** The embedded server, or null on an outside database. */
  server: Embedded | null;
  usage: Usage;
  children: Child[];
  stopping: boolean;
  /** The processes write to files, not to our own output. */
  quiet: boolean;
};

const LOOK_AT_LOG = 60_000;

/** Joins the outside database, or starts the embedded one. */
export async function openDatabase(exclusive: boolean, quiet = process.stdout.isTTY): Promise<Installation> {
  const server = env.databaseUrl ? null : await startEmbedded(embeddedFolder);
  if (!server) await requireSession(env.databaseUrl ?? "");
  const usage = await use(server?.url ?? env.databaseUrl ?? "", exclusive);
  if (server) {
    env.databaseUrl = server.url;
    setInterval(() => keepLogShort(server.log), LOOK_AT_LOG).unref();
  }
  return { server, usage, children: [], stopping: false, quiet };
}

/** A copy of an installation that still exists, data and all: nothing leaves it before a person says so. */
export async function holdCopy({ server }: Installation): Promise<void> {
  if (!server?.copied) return;
  // Imported late: the client they are made with may have had to be generated first.
  const { hold } = await import("#lib/machine/installation/hold");
  const { disconnect } = await import("#lib/machine/db");
  try {
    await hold("copied");
    server.settle();
  } finally {
    await disconnect();
  }
}

async function use(url: string, exclusive: boolean): Promise<Usage> {
  const { client, usage } = await declareUse(url, `src-supervisor ${process.pid} ${env.port}`);
  const other = exclusive ? await becomeSupervisor(client, projectFolder) : null;
  if (!other) return usage;
  await client.end();
  const [, pid, port] = other.holder.split(" ");
  throw new Explained(
    `L’application tourne déjà dans ce dossier : http://localhost:${port}. Pour l’arrêter : Ctrl-C dans son terminal, ou kill ${pid}`,
    `The application already runs in this folder: http://localhost:${port}. To stop it: Ctrl-C in its terminal, or kill ${pid}`,
  );
}

/** Starts web and worker. Their output goes to files when a person watches, to ours when a program does. */
export function startProcesses(installation: Installation, dev: boolean) {
  if (installation.stopping) return;
  // What the web process would refuse is explained here, where somebody reads it.
  readAddresses(env);
  const logs = !dev && installation.quiet ? join(env.dataDir, "logs") : undefined;
  if (logs) mkdirSync(logs, { recursive: true });
  const onDeath = (name: string, code: number | string, delay: number) =>
    say(
      `  ! ${name} s’est arrêté (${code}) ; relancé dans ${delay / 1000} s${logs ? ` (journal : ${logs})` : ""}`,
    );
  // The development server writes among the sources.
  const { account, said } = dev ? { account: {}, said: null } : unprivilegedAccount();
  if (said) say(`  ${said}`);
  const options = { logs, account, onDeath };
  installation.children = [
    keep("web", dev ? [webProgram, "--dev"] : [webProgram], options),
    keep("worker", dev ? ["--watch", ...workerProgram] : workerProgram, options),
  ];
}

/** Brings the database back whenever its server stops, until the installation itself is stopping. */
export async function guardDatabase(installation: Installation, dev: boolean): Promise<void> {
  while (true) {
    await installation.usage.lost;
    if (installation.stopping) return;
    say("  ! la base de données ne répond plus ; on la retrouve");
    await recover(installation, dev);
  }
}

async function recover(installation: Installation, dev: boolean) {
  const url = env.databaseUrl;
  while (!installation.stopping) {
    try {
      if (installation.server) installation.server = await startEmbedded(embeddedFolder);
      installation.usage = await use(installation.server?.url ?? url ?? "", !dev);
      break;
    } catch (error) {
      say(`  ! ${explanation(error).split("\n")[0]}`);
      await sleep(2000);
    }
  }
  if (!installation.server || installation.server.url === url || installation.stopping) return;
  // Its port was taken meanwhile: the processes learn the new one by being started again.
  env.databaseUrl = installation.server.url;
  await stopProcesses(installation);
  startProcesses(installation, dev);
}

/** Web and worker first, each with `patience` milliseconds to finish; then the database, by its last user. */
export async function stopInstallation(installation: Installation, patience: number) {
  installation.stopping = true;
  await stopProcesses(installation, patience);
  const last = await installation.usage.release();
  if (last) await installation.server?.stop();
}

async function stopProcesses(installation: Installation, patience = 35_000) {
  await Promise.all(installation.children.map((child) => child.stop(patience)));
}
