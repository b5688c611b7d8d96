/** Databases for tests: a real PostgreSQL shared by all test files, in `.data/test-postgres`, and clones of a migrated template. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Client } from "pg";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { startEmbedded } from "#lib/machine/postgres/embedded";

export const testServerFolder = join(import.meta.dirname, "../.data/test-postgres");
const migrations = readMigrations();
const template = `template_${createHash("sha256").update(JSON.stringify(migrations)).digest("hex").slice(0, 12)}`;
let made = 0;

export type TestDatabase = { url: string; drop: () => Promise<void> };

/** Another database for the same file: migrated, or empty for tests of migrations themselves. */
export async function createTestDatabase(content: "migrated" | "empty" = "migrated"): Promise<TestDatabase> {
  const server = await startTestServer();
  if (content === "migrated") await ensureTemplate(server.url);
  const name = `test_${process.pid}_${made++}`;
  await administer(server.url, async (client) => {
    await dropForsaken(client);
    await client.query(`create database ${name} template ${content === "migrated" ? template : "template0"}`);
  });
  return {
    url: named(server.url, name),
    drop: () => administer(server.url, (client) => dropDatabase(client, name)),
  };
}

/** Puts a copy of the one in the place of the other: what a restored backup does. */
export async function replaceDatabase(url: string, original: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await administer((await startTestServer()).url, async (client) => {
    await dropDatabase(client, name);
    await client.query(`create database ${name} template ${new URL(original).pathname.slice(1)}`);
  });
}

/** The server of the tests, started if it does not run; not durable, and left running for the next test file. */
export const startTestServer = () => startEmbedded(testServerFolder, { durable: false });

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
    // Each test has a key of its own.
    await administer(named(url, building), (own) =>
      own.query("update installation set key_fingerprint = null"),
    );
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
    // Another test file may be dropping it too.
    if (!alive(Number(datname.split("_")[1]))) await dropDatabase(client, datname).catch(() => undefined);
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function dropDatabase(client: Client, name: string) {
  try {
    await client.query(`drop database if exists ${name} with (force)`);
  } catch {
    // Autovacuum was in it, which only a superuser may force; asked politely, the server stops it itself.
    await client.query(`drop database if exists ${name}`);
  }
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
