/**
 * A fresh, migrated database for a test file: `import "#lib/test-db"` as its **first** import. It sets
 * DATABASE_URL before `#lib/db` connects, and drops the database when the file's tests are over. The
 * PostgreSQL is a real one, shared by all test files, in `.data/test-postgres`; started when it is not
 * running, and left running so that the next file costs 50 ms. Child processes inherit DATABASE_URL.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after } from "node:test";
import { Client } from "pg";
import { applyMigrations, readMigrations } from "#lib/migrations/apply";
import { startEmbedded } from "#lib/postgres/embedded";

const folder = join(import.meta.dirname, "../.data/test-postgres");
const migrations = readMigrations();
const template = `template_${createHash("sha256").update(JSON.stringify(migrations)).digest("hex").slice(0, 12)}`;
let made = 0;

export type TestDatabase = { url: string; drop: () => Promise<void> };

/** Another database for the same file: migrated, or empty for tests of migrations themselves. */
export async function createTestDatabase(content: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const server = await startEmbedded(folder, { durable: false });
  if (content === "migrated") await ensureTemplate(server.url);
  const name = `test_${process.pid}_${made++}`;
  await administer(server.url, async (client) => {
    await dropForsaken(client);
    await client.query(`create database ${name} template ${content === "migrated" ? template : "template0"}`);
  });
  return { url: named(server.url, name), drop: () => drop(server.url, name) };
}

async function ensureTemplate(url: string) {
  await administer(url, async (client) => {
    if (await exists(client, template)) return;
    await client.query("select pg_advisory_lock(1)");
    if (await exists(client, template)) return;
    // Renamed only when complete: a killed test run leaves no half-migrated template.
    const building = `${template}_building`;
    await client.query(`drop database if exists ${building} with (force)`);
    await client.query(`create database ${building} template template0`);
    await applyMigrations(named(url, building), migrations);
    await client.query(`alter database ${building} rename to ${template}`);
  });
}

async function exists(client: Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
  return rowCount === 1;
}

/** Databases of test files that were killed. */
async function dropForsaken(client: Client) {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where datname like 'test\\_%'",
  );
  for (const { datname } of rows) {
    if (!alive(Number(datname.split("_")[1])))
      await client.query(`drop database if exists ${datname} with (force)`);
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function drop(url: string, name: string) {
  await administer(url, (client) => client.query(`drop database if exists ${name} with (force)`));
}

async function administer(url: string, work: (client: Client) => Promise<unknown>) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function named(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

const database = await createTestDatabase();
process.env.DATABASE_URL = database.url;
process.env.SRC_SECRET ??= "a secret for tests, never elsewhere";

after(async () => {
  const { disconnect } = await import("#lib/db");
  await disconnect();
  await database.drop();
});
