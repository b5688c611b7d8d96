/**
 * Applies prisma/migrations, each in one transaction together with its row of the history: killed at any
 * moment, a migration is there whole or not at all. The history is the Prisma CLI's own, under its own lock.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { requireKey } from "#lib/machine/installation/key";
import { connect } from "#lib/machine/postgres/connect";
import { requireFit } from "#lib/machine/postgres/fit";
import { bindSecrets } from "./bind-secrets.ts";
import {
  checksumOf,
  type Migration,
  mayRetry,
  planMigrations,
  type Recorded,
  tablesCreatedBy,
  unclear,
} from "./rules.ts";

export const migrationsFolder = join(import.meta.dirname, "../../../prisma/migrations");

/** The migrations on disk, in the order they are applied. */
export function readMigrations(folder = migrationsFolder): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name, "migration.sql"), "utf8") }));
}

/**
 * Brings the database up to date and returns the names applied, oldest first. Waits for another process doing the
 * same. Throws an explained error when the history does not fit this version.
 * @unaudited The structure, not what people keep in it; _prisma_migrations is its journal.
 */
export async function applyMigrations(databaseUrl: string, folders = readMigrations()): Promise<string[]> {
  const client = await connect(databaseUrl, { application_name: "src-migrations" });
  try {
    await requireFit(client);
    // The number the Prisma CLI locks: neither starts while the other works.
    await client.query("select pg_advisory_lock(72707369)");
    await requireKey(client);
    await client.query(historyTable);
    const plan = planMigrations(folders, await readHistory(client));
    for (const { migration, logs } of plan.unfinished) await retry(client, migration, logs);
    for (const migration of plan.pending) await applyOne(client, migration);
    await bindSecrets(client);
    await requireKey(client);
    return [...plan.unfinished.map((row) => row.migration.name), ...plan.pending.map(({ name }) => name)];
  } finally {
    await client.end().catch(() => undefined);
  }
}

// Word for word what the CLI creates, so that it accepts the table as its own.
const historyTable = `create table if not exists "_prisma_migrations" (
  "id" varchar(36) primary key not null,
  "checksum" varchar(64) not null,
  "finished_at" timestamptz,
  "migration_name" varchar(255) not null,
  "logs" text,
  "rolled_back_at" timestamptz,
  "started_at" timestamptz not null default now(),
  "applied_steps_count" integer not null default 0
)`;

/** What was applied, by us or by the Prisma CLI. */
export async function readHistory(client: Client): Promise<Recorded[]> {
  const { rows } = await client.query<Recorded>(
    `select migration_name as name, checksum, finished_at is not null as finished, logs
     from "_prisma_migrations" where rolled_back_at is null order by started_at`,
  );
  return rows;
}

async function retry(client: Client, migration: Migration, logs: string | null) {
  const created = tablesCreatedBy(migration.sql);
  const { rows } = await client.query<{ name: string }>(
    "select name from unnest($1::text[]) name where to_regclass(quote_ident(name)) is not null",
    [created],
  );
  if (
    !mayRetry(
      logs,
      created,
      rows.map(({ name }) => name),
    )
  )
    throw unclear(migration.name);
  await applyOne(client, migration);
}

async function applyOne(client: Client, migration: Migration) {
  await client.query("begin");
  try {
    await client.query(
      `update "_prisma_migrations" set rolled_back_at = now()
       where migration_name = $1 and finished_at is null and rolled_back_at is null`,
      [migration.name],
    );
    await client.query(migration.sql);
    await client.query(
      `insert into "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       values (gen_random_uuid()::text, $1, $2, clock_timestamp(), 1)`,
      [checksumOf(migration.sql), migration.name],
    );
    await client.query("commit");
  } catch (error) {
    // A lost connection has rolled back already; the first error is the one to show.
    await client.query("rollback").catch(() => undefined);
    throw new Error(`migration ${migration.name}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
