/** One pool for both ways of speaking to PostgreSQL: Prisma for ordinary rows, `sql` where a set-based statement is the point. */
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { type Prisma, PrismaClient } from "#db/client";
import { env } from "#lib/machine/env";

/** Anything that runs a statement: the pool or the client of a transaction. */
export type Runner = {
  query<R extends pg.QueryResultRow>(config: pg.QueryConfig): Promise<pg.QueryResult<R>>;
};

function connect() {
  if (!env.databaseUrl) throw new Error("DATABASE_URL is not set: start with `npm start` or set it");
  const pool = new pg.Pool({ ...connection("src-crm"), max: 10 });
  unheard(pool);
  return { pool, client: new PrismaClient({ adapter: new PrismaPg(pool) }) };
}

/** A connection that dies idle (server restart) is replaced at the next query; one that dies taken fails its next statement. */
function unheard(pool: pg.Pool) {
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
}

const connection = (application: string) => ({
  connectionString: env.databaseUrl,
  application_name: application,
  // A server that vanished without a word must not be waited for until TCP gives up.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 30_000,
});

// Kept on globalThis so that the development server's reloads do not open a pool each.
const kept = globalThis as { srcDatabase?: ReturnType<typeof connect> };
const database = () => {
  kept.srcDatabase ??= connect();
  return kept.srcDatabase;
};

/** The Prisma client, connected at first use. */
export const db: PrismaClient = new Proxy({} as PrismaClient, {
  get: (_, key) => Reflect.get(database().client, key),
});

export const pool = () => database().pool;

/**
 * A parameterised statement: `sql<Row>\`select … where id = ${id}\`` returns the rows (columns as named in SQL).
 * Values never enter the text.
 */
export async function sql<R extends pg.QueryResultRow = pg.QueryResultRow>(
  strings: TemplateStringsArray,
  ...values: unknown[]
): Promise<R[]> {
  return (await pool().query<R>(statement(strings, values))).rows;
}

/** The same, inside a transaction's client: `sqlOn(client)\`…\``. */
export const sqlOn =
  (runner: Runner) =>
  async <R extends pg.QueryResultRow = pg.QueryResultRow>(
    strings: TemplateStringsArray,
    ...values: unknown[]
  ): Promise<R[]> =>
    (await runner.query<R>(statement(strings, values))).rows;

/** A transaction of Prisma, for a statement beside the rows it writes. */
export const runnerOf = (rows: Prisma.TransactionClient): Runner => ({
  query: async <R extends pg.QueryResultRow>({ text, values = [] }: pg.QueryConfig) =>
    ({ rows: await rows.$queryRawUnsafe<R[]>(text, ...values) }) as pg.QueryResult<R>,
});

const statement = (strings: TemplateStringsArray, values: unknown[]) => ({
  text: strings.reduce((text, part, i) => `${text}$${i}${part}`),
  values,
});

/**
 * A connection apart for one statement that is repeated thousands of times. Prepared as `name`, it is planned once and
 * by index alone, whatever the statistics said at that moment: of a table that was empty then, too.
 */
export function openPrepared(name: string) {
  const own = new pg.Pool({
    ...connection("src-crm journal"),
    max: 1,
    allowExitOnIdle: true,
    onConnect: async (client: pg.ClientBase) => {
      await client.query(
        "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off",
      );
    },
  });
  unheard(own);
  return {
    sql: async <R extends pg.QueryResultRow>(
      strings: TemplateStringsArray,
      ...values: unknown[]
    ): Promise<R[]> => (await own.query<R>({ name, ...statement(strings, values) })).rows,
    close: () => own.end(),
  };
}
export type Prepared = ReturnType<typeof openPrepared>;

/** A connection apart for what lasts minutes, such as a lock held as long as a file is read: the pool's are for statements. */
export async function openConnection(): Promise<{ client: pg.PoolClient; close: () => Promise<void> }> {
  const own = new pg.Pool({ ...connection("src-crm run"), max: 1 });
  unheard(own);
  const client = await own.connect();
  const close = () => {
    client.release(true);
    return own.end();
  };
  return { client, close };
}

/** The next number of a table: for a row that must know its own before it is written, as a sealed value does. */
export async function nextId(table: string, runner: Runner = pool()): Promise<number> {
  const [row] = await sqlOn(runner)<{ id: number }>`
    select nextval(pg_get_serial_sequence(${table}, 'id'))::int as id`;
  if (!row) throw new Error(`${table} has no numbers`);
  return row.id;
}

/** Runs `work` in one transaction on one connection. No I/O but SQL belongs inside. */
export async function transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  // A connection that dies in the middle rejects its statement; unheard, it would also end the process.
  const lost = (error: Error) => {
    broken = error;
  };
  client.on("error", lost);
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(lost);
    throw error;
  } finally {
    client.off("error", lost);
    client.release(broken);
  }
}

/** For somebody who waits at a screen: two seconds for rows that others hold, then they are told (lib/gates/action). */
export const promptly = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  transaction(async (client) => {
    await client.query("set local lock_timeout = '2s'");
    return work(client);
  });

export async function disconnect(): Promise<void> {
  const open = kept.srcDatabase;
  kept.srcDatabase = undefined;
  await open?.client.$disconnect();
  if (open && !open.pool.ended) await open.pool.end();
}
