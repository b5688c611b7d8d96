/**
 * A remote site as hosts sell it: MariaDB, PHP by FPM with little memory and time, served by Apache and by nginx, all of
 * Debian's packages, on free ports of loopback.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#lib/machine/network/free-port";

type Limits = { memory?: string; seconds?: number };

export type PhpSite = {
  /** The document root, where a script is put. */
  folder: string;
  socket: string;
  apache: string;
  nginx: string;
  query: (text: string) => string;
  stop: () => Promise<void>;
};

const fpm = () =>
  fs
    .readdirSync("/usr/sbin")
    .filter((name) => /^php-fpm\d/.test(name))
    .map((name) => join("/usr/sbin", name))[0] ?? "php-fpm is missing: apt-get install php-fpm";

export async function startPhpSite({ memory = "32M", seconds = 30 }: Limits = {}): Promise<PhpSite> {
  // In memory where there is some: MariaDB waits for the disk at each step of its installation.
  const home = fs.mkdtempSync(join(fs.existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "src-php-"));
  const folder = join(home, "public");
  fs.mkdirSync(folder);
  // PHP and the servers may be another user.
  for (const one of [home, folder]) fs.chmodSync(one, 0o755);
  const socket = join(home, "mariadb.sock");
  const [apache, nginx] = [await freePort(), await freePort()];
  const children = [await startMariadb(home, socket)];
  children.push(startFpm(home, { memory, seconds }), startApache(home, apache), startNginx(home, nginx));
  await Promise.all([apache, nginx].map((port) => untilAnswers(`http://127.0.0.1:${port}/nothing.php`)));
  return {
    folder,
    socket,
    apache: `http://127.0.0.1:${apache}`,
    nginx: `http://127.0.0.1:${nginx}`,
    query: (text) =>
      execFileSync("mariadb", ["--socket", socket, "-u", "root", "-N", "--default-character-set=utf8mb4"], {
        input: text,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      }),
    stop: async () => {
      await Promise.all(children.map(ended));
      fs.rmSync(home, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

const quiet = { stdio: "ignore" as const };
const asRoot = process.getuid?.() === 0;

async function startMariadb(home: string, socket: string): Promise<ChildProcess> {
  const data = join(home, "data");
  const who = asRoot ? ["--user=root"] : [];
  const made = spawnSync(
    "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${data}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...who,
    ],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr || made.error}`);
  const child = spawn(
    "/usr/sbin/mariadbd",
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${socket}`,
      "--skip-networking",
      "--innodb-buffer-pool-size=64M",
      "--innodb-flush-log-at-trx-commit=0",
      `--pid-file=${join(home, "mariadb.pid")}`,
      ...who,
    ],
    quiet,
  );
  for (const end = Date.now() + 30_000; ; await sleep(50)) {
    if (spawnSync("mariadb", ["--socket", socket, "-u", "root", "-e", "select 1"], quiet).status === 0)
      return child;
    if (Date.now() > end || child.exitCode !== null) throw new Error("MariaDB did not start");
  }
}

function startFpm(home: string, { memory, seconds }: Required<Limits>): ChildProcess {
  const config = join(home, "fpm.conf");
  fs.writeFileSync(
    config,
    `[global]
pid = ${home}/fpm.pid
error_log = ${home}/fpm.log
daemonize = no
[www]
${asRoot ? "user = www-data\ngroup = www-data\nlisten.mode = 0666" : ""}
listen = ${home}/fpm.sock
pm = static
pm.max_children = 2
php_admin_value[memory_limit] = ${memory}
php_admin_value[max_execution_time] = ${seconds}
php_admin_value[error_log] = ${home}/php.log
php_admin_value[opcache.revalidate_freq] = 0
php_value[display_errors] = on
`,
  );
  return spawn(fpm(), ["-F", "-y", config, ...(asRoot ? ["-R"] : [])], quiet);
}

function startApache(home: string, port: number): ChildProcess {
  const modules = ["mpm_event", "authz_core", "proxy", "proxy_fcgi", "mime", "dir", "deflate", "filter"];
  const config = join(home, "apache.conf");
  fs.writeFileSync(
    config,
    `ServerName localhost
Listen 127.0.0.1:${port}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
PidFile ${home}/apache.pid
ErrorLog ${home}/apache.log
DefaultRuntimeDir ${home}
TypesConfig /dev/null
${asRoot ? "User www-data\nGroup www-data" : ""}
DocumentRoot ${home}/public
SetOutputFilter DEFLATE
<Directory ${home}/public>
  Require all granted
</Directory>
<FilesMatch "\\.php$">
  SetHandler "proxy:unix:${home}/fpm.sock|fcgi://localhost"
</FilesMatch>
`,
  );
  return spawn("/usr/sbin/apache2", ["-f", config, "-DFOREGROUND"], quiet);
}

function startNginx(home: string, port: number): ChildProcess {
  const config = join(home, "nginx.conf");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  fs.writeFileSync(
    config,
    `daemon off; pid ${home}/nginx.pid; error_log ${home}/nginx.log; events {}
http {
  access_log off;
  ${paths.map((path) => `${path}_temp_path ${home}/${path};`).join(" ")}
  server {
    listen 127.0.0.1:${port}; root ${home}/public; gzip on; gzip_types application/xml;
    location ~ \\.php$ {
      include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:${home}/fpm.sock;
    }
  }
}
`,
  );
  return spawn("/usr/sbin/nginx", ["-e", join(home, "nginx.log"), "-c", config], quiet);
}

/** PHP itself says that the file is not there; until it runs, the server in front says something else. */
async function untilAnswers(url: string) {
  for (const end = Date.now() + 15_000; ; await sleep(50)) {
    if ((await fetch(url).catch(() => null))?.status === 404) return;
    if (Date.now() > end) throw new Error(`${url} did not answer`);
  }
}
