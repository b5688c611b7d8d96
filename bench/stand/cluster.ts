/**
 * The PostgreSQL of the measurements: the embedded one with the settings the application gives it, all of them durable,
 * in `.data/bench-postgres`; a database of one's own, and what the server itself says it did.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { disconnect } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { applyMigrations } from "#lib/machine/migrations/apply";
import { startEmbedded } from "#lib/machine/postgres/embedded";
import { readPointer } from "#lib/machine/postgres/place";
import { treeCpu } from "./processes.ts";

/** What the server has done since it started; differences are what is printed. */
export type Work = {
  /** CPU seconds of the server and all its processes. */
  cpu: number;
  /** Statements the application's role sent to this database (those inside triggers not counted). */
  statements: number;
  /** Transactions committed in this database, the watcher's own included. */
  transactions: number;
  walBytes: number;
  /** Times a process of the server waited for the disk to have the log. */
  walFsyncs: number;
};

export type Cluster = {
  url: string;
  /** As superuser, in the same database; what it asks is not counted as the application's. */
  ask<R extends object>(text: string, values?: unknown[]): Promise<R[]>;
  work(): Promise<Work>;
  close(): Promise<void>;
};

/** Starts the server if need be and makes a migrated database, which the environment then points to. */
export async function openCluster(): Promise<Cluster> {
  const folder = join(env.dataDir, "bench-postgres");
  const server = await startEmbedded(folder, {
    settings: { shared_preload_libraries: "pg_stat_statements" },
  });
  const name = `bench_${process.pid}`;
  const url = new URL(server.url);
  await once(server.url, `create database ${name}`);
  url.pathname = `/${name}`;
  env.databaseUrl = url.href;
  await applyMigrations(url.href);
  const watcher = await connectAs("postgres", url, readPointer(folder)?.superPassword ?? "");
  await watcher.query("create extension if not exists pg_stat_statements");
  const ask = async <R extends object>(text: string, values: unknown[] = []) =>
    (await watcher.query(text, values)).rows as R[];
  return {
    url: url.href,
    ask,
    work: () => workOf(server.data, ask),
    close: async () => {
      await disconnect();
      await watcher.end();
      await once(server.url, `drop database ${name} with (force)`);
      // Another measurement may be using it.
      const others = await once(server.url, "select 1 from pg_stat_activity where datname like 'bench\\_%'");
      if (others === 0) await server.stop();
    },
  };
}

async function workOf(data: string, ask: Cluster["ask"]): Promise<Work> {
  const [counted] = await ask<Omit<Work, "cpu">>(`
    select (select coalesce(sum(calls), 0)::float8 from pg_stat_statements s join pg_roles r on r.oid = s.userid
        where r.rolname = 'src' and s.dbid = d.datid) as statements,
      xact_commit::float8 as transactions, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes",
      (select sum(fsyncs)::float8 from pg_stat_io where object = 'wal') as "walFsyncs"
    from pg_stat_database d where datname = current_database()`);
  if (!counted) throw new Error("the server says nothing");
  return {
    ...counted,
    cpu: treeCpu(Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0])),
  };
}

export function difference(before: Work, after: Work): Work {
  const keys = Object.keys(after) as (keyof Work)[];
  return Object.fromEntries(keys.map((key) => [key, after[key] - before[key]])) as Work;
}

/**
 * Proves that nothing here is fast because it could be lost: the cluster's settings, those of roles and databases, those
 * of a session opened as the worker opens its own, and that nobody changed them by a statement.
 * @throws when anything is not durable.
 */
export async function assertDurable(cluster: Cluster): Promise<Record<string, string>> {
  const names = ["fsync", "synchronous_commit", "full_page_writes"];
  const text = names.map((name) => `current_setting('${name}') as ${name}`).join(", ");
  const [settings] = await cluster.ask<Record<string, string>>(`select ${text}`);
  const session = new Client({ connectionString: cluster.url });
  await session.connect();
  const { rows } = await session.query<Record<string, string>>(`select ${text}`);
  await session.end();
  for (const name of names) {
    if (settings?.[name] !== "on" || rows[0]?.[name] !== "on") throw new Error(`not durable: ${name}`);
  }
  const changed = await cluster.ask(`
    select query as what from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query ~* '^\\s*set\\M.*synchronous_commit|set_config\\('
    union all select array_to_string(setconfig, ' ') from pg_db_role_setting
    where array_to_string(setconfig, ' ') ~ 'synchronous_commit'
    union all select relname from pg_class where relpersistence = 'u' and relnamespace = 'public'::regnamespace
      -- Who is writing where, told every ten seconds: the one table that is made to be lost.
      and relname not like 'thread\\_beats%'`);
  if (changed.length > 0) throw new Error(`not durable: ${JSON.stringify(changed)}`);
  return rows[0] ?? {};
}

async function connectAs(user: string, url: URL, password: string): Promise<Client> {
  const client = new Client({
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user,
    password,
  });
  await client.connect();
  return client;
}

async function once(url: string, statement: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query(statement);
  await client.end();
  return rowCount ?? 0;
}
