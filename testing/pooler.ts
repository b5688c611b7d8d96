/** For tests: PgBouncer on a free port of loopback, before the PostgreSQL of a connection string. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/machine/network/free-port";

export type Pooler = {
  /** The same database, through it. */
  url: string;
  port: number;
  /** By kill -9, and up again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export async function startPooler(databaseUrl: string, mode: "session" | "transaction"): Promise<Pooler> {
  const folder = fs.mkdtempSync(join(tmpdir(), "src-pooler-"));
  const port = await freePort();
  const url = new URL(databaseUrl);
  write(folder, port, url, mode);
  url.port = String(port);
  let child = await run(folder, port);
  const stop = async (signal: NodeJS.Signals) => {
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  return {
    url: url.href,
    port,
    restart: async () => {
      await stop("SIGKILL");
      child = await run(folder, port);
    },
    stop: async () => {
      await stop("SIGKILL");
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function write(
  folder: string,
  port: number,
  { hostname, port: target, username, password }: URL,
  mode: string,
) {
  fs.writeFileSync(join(folder, "users"), `"${username}" "${decodeURIComponent(password)}"\n`);
  fs.writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
* = host=${hostname} port=${target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${folder}/users
pool_mode = ${mode}
default_pool_size = 80
server_login_retry = 1
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`,
  );
  // It refuses to run as root.
  fs.chmodSync(folder, 0o755);
}

async function run(folder: string, port: number): Promise<ChildProcess> {
  const user = userInfo().uid === 0 ? ["-u", "nobody"] : [];
  const child = spawn("/usr/sbin/pgbouncer", [...user, "-q", join(folder, "pgbouncer.ini")], {
    stdio: ["ignore", "ignore", "ignore"],
  });
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const open = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "close").then(() => false),
    ]).catch(() => false);
    socket.on("error", () => {}).destroy();
    if (open) return child;
    await sleep(20);
  }
  throw new Error(`pgbouncer ended with ${child.exitCode}`);
}
