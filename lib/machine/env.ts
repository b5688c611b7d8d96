/** The only reader of the environment. Everything has a default: a bare machine sets nothing. */

import { randomBytes } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isIP } from "node:net";
import { join, resolve } from "node:path";

// next-auth reads our address in the headers of the request, which lib/machine/web/front.ts has written.
process.env.AUTH_TRUST_HOST ??= "true";

const read = (name: string) => process.env[name] || undefined;

/** Folder of everything this installation keeps outside a database: the embedded PostgreSQL, the key, the logs. */
const dataDir = resolve(/* turbopackIgnore: true */ read("SRC_DATA_DIR") ?? ".data");

// Programs started from here inherit this: nothing about the installation is told to anybody.
process.env.NEXT_TELEMETRY_DISABLED ??= "1";
process.env.CHECKPOINT_DISABLE ??= "1";

const keyPath = join(dataDir, "secret.key");
/** Milliseconds; a process that is making a key needs a few. */
const DRAFT = 60_000;
let secret: Buffer | undefined;

export const env = {
  dataDir,
  /** Given by the administrator; otherwise the supervisor sets it to the embedded PostgreSQL. Read late: tests choose it at run time. */
  get databaseUrl(): string | undefined {
    return read("DATABASE_URL");
  },
  set databaseUrl(url: string) {
    process.env.DATABASE_URL = url;
  },
  /** Where Next builds: one for each application that runs from the same folder at the same time. */
  get distDir() {
    return read("SRC_DIST_DIR") ?? ".next";
  },
  set distDir(folder: string) {
    process.env.SRC_DIST_DIR = folder;
  },
  get port() {
    return Number(read("PORT") ?? 3000);
  },
  /**
   * The network address to listen on: this machine alone, unless told otherwise (0.0.0.0 for every network). A name is
   * not that: some shells export the machine's as HOST, which opens nothing.
   */
  get host() {
    const told = read("HOST") ?? "";
    return isIP(told) ? told : "127.0.0.1";
  },
  /** Whether an npm script runs us: then npm's end, even by kill -9, is ours. */
  get underNpm() {
    return read("npm_lifecycle_event") !== undefined;
  },
  /** Where Node's processes started from here keep sources once compiled, unless somebody has told. */
  set compiled(folder: string) {
    process.env.NODE_COMPILE_CACHE ??= folder;
  },
  /** What Next calls the build that this process makes. */
  set buildId(id: string) {
    process.env.SRC_BUILD_ID = id;
  },
  /** What Next seals in a page for its forms (32 bytes), so that another machine's process opens it. */
  set formKey(key: Buffer) {
    process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY = key.toString("base64");
  },
  get logLevel() {
    return read("LOG_LEVEL") ?? "info";
  },
  get production() {
    return process.env.NODE_ENV === "production";
  },
  set production(yes: boolean) {
    Object.assign(process.env, { NODE_ENV: yes ? "production" : "development" });
  },
  /** Port of the sandbox relay on loopback; 0 lets the system choose, the relay's own worker knows it. */
  get sandboxPort() {
    return Number(read("SRC_SANDBOX_PORT") ?? 0);
  },
  /** How long a worker owns what it claimed without saying so again: shorter finds a dead worker sooner, longer forgives a slow database. */
  get leaseSeconds() {
    return Number(read("SRC_LEASE_SECONDS") ?? 30);
  },
  /** Longest wait for a server's answer: ten minutes is what RFC 5321, section 4.5.3.2.6, asks of us. Shorter in tests of faults. */
  get replySeconds() {
    return Number(read("SRC_REPLY_SECONDS") ?? 600);
  },
  /** Where this installation is seen from outside, as whoever installs it says: then no Host header is believed (decision 11). */
  get toldPublicUrl(): string | undefined {
    return read("SRC_PUBLIC_URL");
  },
  /** Where it is seen from outside, before Settings says better. */
  get publicUrl() {
    return this.toldPublicUrl ?? `http://localhost:${this.port}`;
  },
  /** Proxies whose Host and X-Forwarded-* are believed, by address or network; nobody's unless named, loopback included: decision 11. */
  get trustedProxies(): string[] {
    return (read("SRC_TRUSTED_PROXIES") ?? "")
      .split(",")
      .map((address) => address.trim())
      .filter(Boolean);
  },
  /** Where the key comes from, when there is one already: a variable or a file; null when the next use would make one. */
  get keyGiven(): string | null {
    if (read("SRC_SECRET")) return "SRC_SECRET";
    return existsSync(keyPath) ? keyPath : null;
  },
  /** Seals the key in a backup, for whoever gives none on standard input. */
  get backupPassphrase() {
    return read("SRC_BACKUP_PASSPHRASE") ?? "";
  },
  /** 32 bytes every other key is derived from (see seal.ts); made once, kept in the data folder, never in the database. */
  get secret(): Buffer {
    secret ??= read("SRC_SECRET") ? Buffer.from(read("SRC_SECRET") as string, "utf8") : keyFile();
    return secret;
  },
};

/** Written aside then linked: two processes starting together end with the same key. */
function keyFile(): Buffer {
  const path = keyPath;
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(draft);
    }
  }
  removeDrafts();
  return Buffer.from(readFileSync(path, "utf8").trim(), "hex");
}

/** Of whoever was killed between writing a key and linking it: a secret nobody uses, in a file nobody watches. */
function removeDrafts() {
  for (const name of namesIn(dataDir)) {
    const path = join(dataDir, name);
    if (!/^secret\.key\.\d+$/.test(name)) continue;
    const file = statSync(path, { throwIfNoEntry: false });
    if (file && Date.now() - file.mtimeMs > DRAFT) rmSync(path, { force: true });
  }
}

/** None for web and worker that left root: they may not list the folder, and whoever started them has. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES") return [];
    throw error;
  }
}
