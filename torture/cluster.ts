/**
 * The PostgreSQL that is stopped, killed and starved. As root it lives on a small disk of its own (tmpfs), which can be
 * filled; elsewhere in the data folder, where the disk is not ours to fill.
 */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { env } from "#lib/machine/env";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { startEmbedded } from "#lib/machine/postgres/embedded";
import { findPostmaster } from "#lib/machine/postgres/postmaster";

export type Cluster = {
  /** A fresh, migrated database; its connection string. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** An empty one under that name, in the place of the other. */
  emptyDatabase(name: string): Promise<void>;
  /** A standby that heard of the server for the last time now. */
  leaveBehind(): Promise<void>;
  /** The server dies, and that standby takes over at its address. */
  promote(): Promise<void>;
  port(): number;
  /** Stops the server by this signal: SIGQUIT is `immediate`, SIGKILL is what it is. */
  kill(signal: "SIGQUIT" | "SIGKILL"): Promise<void>;
  /** Kills one connection's process that is none of the harness's. */
  killBackend(): Promise<void>;
  /** Starts it again, if it does not run. */
  start(): Promise<void>;
  /** Leaves no room on its disk until the returned function is called; null when the disk is not ours to fill. */
  fillDisk: (() => () => void) | null;
  remove(): Promise<void>;
};

const DISK = "600m";
const template = "torture_template";

export async function makeCluster(): Promise<Cluster> {
  removeForsaken();
  const mounted = mount(join(tmpdir(), `src-torture-${process.pid}`));
  const folder = join(mounted ?? join(env.dataDir, "torture"), "postgres");
  let server = await startEmbedded(folder);
  const port = () => findPostmaster(server.data)?.port ?? 0;
  const administer = (statement: string) => run(server.url, statement);
  await administer(`drop database if exists ${template}`);
  await administer(`create database ${template} template template0`);
  await applyMigrations(named(server.url, template));
  const gone = async (pid: number) => {
    while (findPostmaster(server.data)?.pid === pid) await sleep(10);
  };
  const stop = async (signal: NodeJS.Signals) => {
    const pid = findPostmaster(server.data)?.pid;
    if (!pid) return;
    process.kill(pid, signal);
    await gone(pid);
  };
  return {
    createDatabase: async (name) => {
      await administer(`create database ${name} template ${template}`);
      return named(server.url, name);
    },
    dropDatabase: (name) => administer(`drop database if exists ${name} with (force)`),
    emptyDatabase: async (name) => {
      await administer(`drop database if exists ${name} with (force)`);
      await administer(`create database ${name} template template0`);
    },
    leaveBehind: async () => {
      await stop("SIGQUIT");
      spawnSync("cp", ["-a", server.data, standbyOf(server.data)]);
      server = await startEmbedded(folder);
    },
    promote: async () => {
      await stop("SIGKILL");
      const lost = `${server.data}-lost`;
      fs.renameSync(server.data, lost);
      fs.renameSync(standbyOf(server.data), server.data);
      // What the dead server's processes still write there is lost with it.
      fs.rmSync(lost, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
      fs.writeFileSync(join(server.data, "standby.signal"), "");
      const promoted = promoteWhenUp(server.data);
      server = await startEmbedded(folder);
      await promoted;
    },
    port,
    kill: stop,
    killBackend: async () => {
      const pid = await findBackend(server.url);
      if (pid) process.kill(pid, "SIGKILL");
    },
    start: async () => {
      server = await startEmbedded(folder);
    },
    fillDisk: mounted === null ? null : () => fill(mounted),
    remove: async () => {
      await server.stop();
      if (mounted !== null) unmount(mounted);
      else fs.rmSync(join(env.dataDir, "torture"), { recursive: true, force: true });
    },
  };
}

const standbyOf = (data: string) => `${data}-standby`;

/** As `pg_ctl promote` does: a file, and a signal to whoever waits for it. */
async function promoteWhenUp(data: string): Promise<void> {
  const signal = join(data, "standby.signal");
  while (fs.existsSync(signal)) {
    await sleep(100);
    const server = findPostmaster(data);
    if (!server?.ready) continue;
    fs.writeFileSync(join(data, "promote"), "");
    process.kill(server.pid, "SIGUSR1");
  }
}

function mount(folder: string): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return null;
  fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
  const done = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK},mode=0711`, "tmpfs", folder]);
  if (done.status === 0) return folder;
  fs.rmdirSync(folder);
  return null;
}

function unmount(folder: string) {
  spawnSync("umount", [folder]);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Disks of a harness that was killed; a server may still run on them. */
function removeForsaken() {
  for (const name of fs.readdirSync(tmpdir())) {
    const owner = Number(/^src-torture-(\d+)$/.exec(name)?.[1]);
    if (!owner || alive(owner)) continue;
    const folder = join(tmpdir(), name);
    const server = findPostmaster(join(folder, "postgres"));
    if (server) process.kill(server.pid, "SIGKILL");
    unmount(folder);
  }
}

function fill(folder: string): () => void {
  const ballast = join(folder, "ballast");
  const file = fs.openSync(ballast, "w");
  for (const size of [1 << 20, 1 << 12]) {
    const block = Buffer.alloc(size);
    try {
      for (;;) if (fs.writeSync(file, block) < size) break;
    } catch {
      // No space left on device: what was wanted.
    }
  }
  fs.closeSync(file);
  return () => fs.rmSync(ballast, { force: true });
}

async function findBackend(url: string): Promise<number | undefined> {
  const client = new Client({ connectionString: url, application_name: "torture" });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'src-crm' order by random() limit 1",
    );
    return rows[0]?.pid;
  } finally {
    await client.end();
  }
}

async function run(url: string, statement: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function named(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
