/** For tests: nginx and Caddy as docs/proxy has them, on free ports of loopback, with a certificate of one day. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { freePort } from "#lib/machine/network/free-port";
import { projectFolder } from "#lib/machine/supervisor/build";

export type Running = {
  port: number;
  /** Requests it has understood and answered, in order: `GET /x`. */
  requests: () => string[];
  stop: () => Promise<void>;
};
export type ProxyName = "nginx" | "caddy";

/** In front of the web processes on `targets`, in turn, under the name localhost. */
export async function startProxy(name: ProxyName, ...targets: number[]): Promise<Running> {
  const folder = fs.mkdtempSync(join(tmpdir(), `src-${name}-`));
  // Its workers may be another user.
  fs.chmodSync(folder, 0o755);
  makeCertificate(folder);
  const [port, plain] = [await freePort(), await freePort()];
  const child = { nginx, caddy }[name]({ folder, port, plain, targets });
  await untilListening(port, child);
  return {
    port,
    requests: () =>
      fs.readFileSync(join(folder, "access.log"), "utf8").split("\n").filter(Boolean).map(understood),
    stop: async () => {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Place = { folder: string; port: number; plain: number; targets: number[] };

/** The file as one is given it, but for the names, ports and certificate of this test. */
function example(file: string, { folder, port, plain, targets }: Place): string {
  const places = targets.map((target) => `127.0.0.1:${target}`);
  const swaps: [RegExp, string][] = [
    [/\/etc\/ssl\/crm\.example\/fullchain\.pem/g, join(folder, "cert")],
    [/\/etc\/ssl\/crm\.example\/privkey\.pem/g, join(folder, "key")],
    [/listen 80;/g, `listen 127.0.0.1:${plain};`],
    [/listen 443 ssl/g, `listen 127.0.0.1:${port} ssl`],
    [
      /^crm\.example \{/gm,
      `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert ${folder}/key\n\tlog`,
    ],
    [/crm\.example/g, "localhost"],
    [/\tserver 127\.0\.0\.1:3000;/g, places.map((place) => `\tserver ${place};`).join("\n")],
    [/(reverse_proxy) 127\.0\.0\.1:3000/g, `$1 ${places.join(" ")} {\n\t\tlb_policy round_robin\n\t}`],
  ];
  const text = fs.readFileSync(join(projectFolder, "docs/proxy", file), "utf8");
  return swaps.reduce((written, [from, to]) => written.replace(from, to), text);
}

function nginx(place: Place): ChildProcess {
  const { folder } = place;
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const config = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}
http {
  log_format seen '$request_method $request_uri'; access_log ${folder}/access.log seen;
  ${paths.map((path) => `${path}_temp_path ${folder}/${path};`).join(" ")}
  ${example("nginx.conf", place)}
}`;
  fs.writeFileSync(join(folder, "nginx.conf"), config);
  return spawn("/usr/sbin/nginx", ["-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")], {
    stdio: "ignore",
  });
}

function caddy(place: Place): ChildProcess {
  const { folder, plain } = place;
  const global = `{\n\tadmin off\n\thttp_port ${plain}\n\tauto_https disable_redirects\n\tskip_install_trust\n\tlog {\n\t\toutput file ${folder}/access.log\n\t}\n}\n`;
  fs.writeFileSync(join(folder, "Caddyfile"), global + example("Caddyfile", place));
  const env = { NODE_ENV: "test" as const, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  return spawn("/usr/bin/caddy", ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"], {
    env,
    stdio: "ignore",
  });
}

/** Caddy writes JSON, of other matters too. */
function understood(line: string): string {
  if (!line.startsWith("{")) return line;
  const { request } = JSON.parse(line) as { request?: { method: string; uri: string } };
  return request ? `${request.method} ${request.uri}` : "";
}

/** `key` and `cert` of localhost in that folder, good for one day. */
export function makeCertificate(folder: string) {
  const what = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const whom = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const where = ["-keyout", join(folder, "key"), "-out", join(folder, "cert")];
  execFileSync("openssl", ["req", "-x509", ...what, ...whom, ...where], { stdio: "ignore" });
}

async function untilListening(port: number, child: ChildProcess) {
  while (child.exitCode === null) {
    const socket = connect({ port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false });
    const [open] = await Promise.race([
      once(socket, "secureConnect").then(() => [true]),
      once(socket, "close").then(() => [false]),
    ]).catch(() => [false]);
    socket.on("error", () => {}).destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error("the proxy did not start");
}
