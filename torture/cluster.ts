/**
 * The PostgreSQL that is stopped, killed and starved. As root it lives on a small disk of its own (tmpfs), which can be
 * filled; elsewhere in the data folder, where the disk is not ours to fill.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { env } from "#lib/machine/env";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { freePort } from "#lib/machine/network/free-port";
import { bareEnvironment } from "#lib/machine/postgres/account";
import { startEmbedded } from "#lib/machine/postgres/embedded";
import { findPlace, type Place } from "#lib/machine/postgres/place";
import { findPostmaster } from "#lib/machine/postgres/postmaster";

export type Cluster = {
  /** A fresh, migrated database; its connection string. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** An empty one under that name, in the place of the other. */
  emptyDatabase(name: string): Promise<void>;
  /** A standby that heard of the server for the last time now. */
  leaveBehind(): Promise<void>;
  /** A standby that every commit waits for from now on. */
  follow(): Promise<void>;
  /** The server dies, and its standby takes over at its address. */
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
  let standby: Standby | null = null;
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
    follow: async () => {
      await stop("SIGQUIT");
      spawnSync("cp", ["-a", server.data, standbyOf(server.data)]);
      fs.appendFileSync(join(server.data, settingsFile), "synchronous_standby_names = '*'\n");
      server = await startEmbedded(folder);
      standby = await openStandby(findPlace(folder), port());
    },
    promote: async () => {
      await stop("SIGKILL");
      await standby?.stop();
      standby = null;
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
      await standby?.stop();
      await server.stop();
      if (mounted !== null) unmount(mounted);
      else fs.rmSync(join(env.dataDir, "torture"), { recursive: true, force: true });
    },
  };
}

const standbyOf = (data: string) => `${data}-standby`;
const settingsFile = "postgresql.auto.conf";

type Standby = { stop(): Promise<void> };

/** Runs the copy beside the server at `primary`, and resolves once that one waits for it. */
async function openStandby(place: Place, primary: number): Promise<Standby> {
  const data = standbyOf(place.data);
  const settings = join(data, settingsFile);
  const before = fs.readFileSync(settings);
  const said = `host=127.0.0.1 port=${primary} user=postgres password=${place.superPassword}`;
  fs.appendFileSync(settings, `primary_conninfo = '${said}'\n`);
  fs.writeFileSync(join(data, "standby.signal"), "");
  const options = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: await freePort() };
  const server = spawn(
    join(place.native, "bin/postgres"),
    ["-D", data, ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    { ...place.account, cwd: "/", stdio: "ignore", env: bareEnvironment },
  );
  const ended = once(server, "exit");
  const client = new Client({
    connectionString: `postgresql://postgres:${place.superPassword}@127.0.0.1:${primary}/postgres`,
  });
  await client.connect();
  try {
    const waitedFor = "select from pg_stat_replication where sync_state = 'sync'";
    while ((await client.query(waitedFor)).rowCount === 0) await sleep(50);
  } finally {
    await client.end();
  }
  return {
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      fs.writeFileSync(settings, before);
    },
  };
}

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
