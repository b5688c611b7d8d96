/** A running PostgreSQL, known by the `postmaster.pid` it keeps in its data folder. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** `ready` once connections are accepted. `port` is 0 until it is written. */
export type Postmaster = { pid: number; port: number; ready: boolean };

/** The server of this data folder if one runs, ours or an orphan of a killed supervisor. */
export function findPostmaster(data: string): Postmaster | null {
  const lines = readPidFile(data);
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!(pid > 0) || !isPostgres(pid) || !worksIn(pid, data, lines[1] ?? "")) return null;
  // Line 4 is the port, line 8 the state: src/include/utils/pidfile.h of PostgreSQL.
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready" };
}

/**
 * Removes the file of a server that is dead while its number now belongs to another program, which
 * PostgreSQL itself would take for a colleague (usual in containers), or that runs in the folder this one was copied
 * from. It still checks shared memory.
 */
export function removeStalePidFile(data: string) {
  const pid = Number.parseInt(readPidFile(data)[0] ?? "", 10);
  if (pid > 0 && !findPostmaster(data)) fs.rmSync(join(data, "postmaster.pid"), { force: true });
}

/** Fast shutdown: transactions under way are rolled back, clients disconnected, data flushed. */
export async function stopPostmaster(data: string, patience = 30_000): Promise<void> {
  const server = findPostmaster(data);
  if (!server) return;
  signal(server.pid, "SIGINT");
  const deadline = Date.now() + patience;
  while (isPostgres(server.pid)) {
    // SIGQUIT loses nothing committed: the next start replays the log.
    if (Date.now() > deadline) signal(server.pid, "SIGQUIT");
    await sleep(20);
  }
}

function readPidFile(data: string): string[] {
  try {
    return fs.readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return []; // No file, or removed while being read: nothing runs.
  }
}

function isPostgres(pid: number): boolean {
  try {
    if (process.platform === "linux") {
      // A zombie has an empty command line: dead, only not yet reaped.
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]?.endsWith("postgres") ?? false;
    }
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).includes(
      "postgres",
    );
  } catch {
    return false;
  }
}

/** The file may have been copied with the folder: then the server works elsewhere, on the original’s data. */
function worksIn(pid: number, data: string, told: string): boolean {
  try {
    return fs.realpathSync(`/proc/${pid}/cwd`) === fs.realpathSync(data);
  } catch {
    return told === data; // Another system, or another user’s: what it wrote when it started.
  }
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile, which is what was wanted.
  }
}
