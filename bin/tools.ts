/** The programs the tests drive that npm does not bring: found, installed on Debian and Ubuntu as root, or explained. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { Explained } from "#lib/machine/explained";
import { findBrowser } from "#testing/browser";

type Tool = { present: () => boolean; debian: string[]; elsewhere: string };

const tools = {
  dovecot: {
    present: () => existsSync("/usr/sbin/dovecot"),
    debian: ["apt-get install -y --no-install-recommends dovecot-imapd"],
    elsewhere: "dovecot (IMAP server, /usr/sbin/dovecot)",
  },
  proxies: {
    present: () =>
      ["/usr/sbin/nginx", "/usr/bin/caddy", "/usr/bin/openssl"].every((file) => existsSync(file)),
    debian: ["apt-get install -y --no-install-recommends nginx-light caddy openssl"],
    elsewhere: "nginx (/usr/sbin/nginx), caddy and openssl (/usr/bin)",
  },
  pooler: {
    present: () => existsSync("/usr/sbin/pgbouncer"),
    debian: ["apt-get install -y --no-install-recommends pgbouncer"],
    elsewhere: "pgbouncer (/usr/sbin/pgbouncer)",
  },
  // Older than the one that comes with the application, wherever Debian's is.
  postgresql: {
    present: () =>
      existsSync("/usr/lib/postgresql") &&
      readdirSync("/usr/lib/postgresql").some((name) => Number(name) >= 15),
    debian: ["apt-get install -y --no-install-recommends postgresql"],
    elsewhere: "PostgreSQL 15 or later (/usr/lib/postgresql)",
  },
  // A second reader of our mails, and a second verifier of their signatures: python-dkim, Ed25519 by nacl.
  python: {
    present: () => spawnSync("/usr/bin/python3", ["-c", "import dkim, nacl"]).status === 0,
    debian: ["apt-get install -y --no-install-recommends python3 python3-dkim python3-nacl"],
    elsewhere: "/usr/bin/python3 with dkimpy and PyNaCl",
  },
  // A remote site as hosts sell it: the servers alone, without the services that Debian would start.
  php: {
    present: () =>
      ["/usr/sbin/apache2", "/usr/sbin/mariadbd", "/usr/bin/mariadb", "/usr/bin/php"].every((file) =>
        existsSync(file),
      ) && readdirSync("/usr/sbin").some((name) => /^php-fpm\d/.test(name)),
    debian: [
      "apt-get install -y --no-install-recommends apache2-bin mariadb-server-core mariadb-client-core php-cli php-fpm php-mysql",
    ],
    elsewhere: "apache2, mariadbd (/usr/sbin), mariadb, php and php-fpm with PDO for MySQL",
  },
  browser: {
    present: () => findBrowser() !== undefined || existsSync(chromium.executablePath()),
    // Ubuntu's package is a snap, which a server or a container may not have.
    debian: isUbuntu()
      ? [`${process.execPath} node_modules/@playwright/test/cli.js install --with-deps chromium`]
      : ["apt-get install -y --no-install-recommends chromium-headless-shell fonts-liberation"],
    elsewhere: "chromium (npx playwright install chromium)",
  },
} satisfies Record<string, Tool>;

/** Makes sure the tool is there, or throws an explained error with the command to run. */
export async function requireTools(name: keyof typeof tools): Promise<void> {
  const tool = tools[name];
  if (tool.present()) return;
  const debian = existsSync("/etc/debian_version");
  const commands = ["apt-get update", ...tool.debian];
  if (debian && process.getuid?.() === 0) for (const command of commands) run(command);
  if (tool.present()) return;
  const cure = debian ? commands.map((command) => `sudo ${command}`).join(" && ") : tool.elsewhere;
  throw new Explained(
    `Il manque un programme pour ces tests. Installez : ${cure}`,
    `A program is missing for these tests. Install: ${cure}`,
  );
}

function run(command: string) {
  console.log(`$ ${command}`);
  spawnSync("sh", ["-c", `DEBIAN_FRONTEND=noninteractive ${command}`], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function isUbuntu(): boolean {
  return existsSync("/etc/os-release") && /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"));
}
