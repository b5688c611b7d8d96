/** Putting a backup back: into an empty database, compared row by row with what the file says, and held. */
import { type Client, DatabaseError } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { ZodError } from "zod";
import { Explained } from "#lib/machine/explained";
import { holdRestored } from "#lib/machine/installation/hold";
import { applyMigrations, readMigrations } from "#lib/machine/migrations/apply";
import { connect } from "#lib/machine/postgres/connect";
import {
  damaged,
  endSchema,
  type Frame,
  type Header,
  readFrames,
  type TableEnd,
  type TableFrame,
  type Trailer,
  tableSchema,
  trailerSchema,
} from "./format.ts";
import { columnsOf, copyOut, listTables, plainForms, quoted } from "./tables.ts";

export type Restored = { tables: number; rows: number };

/**
 * All of it or nothing, in one transaction: killed at any moment, the database is as empty as before. Nothing leaves from
 * it until an administrator says so. Afterwards it has the structure of this version of the program.
 * @unaudited It writes what was written; the row of `restores` says when.
 */
export async function restoreBackup(databaseUrl: string, path: string, header: Header): Promise<Restored> {
  await makeStructure(databaseUrl, header);
  const client = await connect(databaseUrl, { application_name: "src-restore", keepAlive: true });
  try {
    await client.query(`begin; ${plainForms}`);
    const restored = await fill(client, path).catch((error: unknown) => {
      throw isOfTheFile(error) ? damaged(path, error) : error;
    });
    await client.query("commit");
    await client.query("analyze");
    await applyMigrations(databaseUrl);
    return restored;
  } finally {
    // In the middle of a COPY too: the server then undoes all of it.
    await client.end().catch(() => undefined);
  }
}

/** What unpacks and yet is not what was saved: no JSON, no frame of ours, rows that the database's own rules refuse. */
const isOfTheFile = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  error instanceof ZodError ||
  (error instanceof DatabaseError && /^2[23]/.test(error.code ?? ""));

/** The tables as the backup knew them. @throws Explained when this version does not know them, or something is there. */
async function makeStructure(databaseUrl: string, header: Header): Promise<void> {
  const known = readMigrations();
  const unknown = header.migrations.find((name) => !known.some((one) => one.name === name));
  if (unknown) throw newer(unknown);
  await requireEmpty(databaseUrl, header.migrations);
  await applyMigrations(
    databaseUrl,
    known.filter(({ name }) => header.migrations.includes(name)),
  );
}

async function requireEmpty(databaseUrl: string, migrations: string[]): Promise<void> {
  const client = await connect(databaseUrl, { connectionTimeoutMillis: 10_000 });
  try {
    const { rows } = await client.query<{ table: string }>(
      "select tablename as table from pg_tables where schemaname = current_schema()",
    );
    if (rows.length === 0) return;
    // Begun before and killed: the structure is there, exactly, and nothing in it.
    if (
      !rows.some(({ table }) => table === "_prisma_migrations") ||
      !rows.some(({ table }) => table === "installation")
    )
      throw notEmpty();
    const { rows: found } = await client.query<{ names: string[]; used: boolean }>(`
      select array(select migration_name from _prisma_migrations where finished_at is not null order by 1)::text[] as names,
        exists (select from users) or exists (select from contacts) or exists (select from campaigns)
          or exists (select from installation where uuid is not null) as used`);
    const same = found[0]?.names.join() === migrations.toSorted().join();
    if (!same || found[0]?.used) throw notEmpty();
  } finally {
    await client.end();
  }
}

type Constraint = { table: string; name: string; definition: string };

/** Foreign keys are taken off meanwhile, since tables come by name, and put back, which proves them; triggers sleep. */
async function fill(client: Client, path: string): Promise<Restored> {
  const tables = await listTables(client);
  const keys = await client.query<Constraint>(`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`);
  for (const { table, name } of keys.rows)
    await client.query(`alter table ${table} drop constraint ${quoted(name)}`);
  const names = tables.map(({ table }) => quoted(table));
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  await client.query(`truncate ${names.join(", ")}`);
  const { ends, trailer } = await copyIn(client, path, tables);
  await compare(client, path, tables, ends);
  for (const name of names) await client.query(`alter table ${name} enable trigger user`);
  for (const { table, name, definition } of keys.rows)
    await client.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
  for (const { name, value, called } of trailer.sequences)
    await client.query("select setval(quote_ident($1)::regclass, $2, $3)", [name, value, called]);
  await holdRestored(client);
  return { tables: ends.size, rows: trailer.rows };
}

type Copied = { ends: Map<string, TableEnd>; trailer: Trailer };

async function copyIn(client: Client, path: string, tables: TableFrame[]): Promise<Copied> {
  const ends = new Map<string, TableEnd>();
  let trailer: Trailer | undefined;
  const frames = readFrames(path);
  for await (const { kind, body } of frames) {
    if (kind === "T") {
      const table = tableSchema.parse(JSON.parse(body.toString("utf8")));
      const here = tables.find((one) => one.table === table.table);
      if (here?.columns.toSorted().join() !== table.columns.toSorted().join()) throw damaged(path);
      ends.set(table.table, await copyTable(client, path, table, frames));
    } else if (kind === "Z") trailer = trailerSchema.parse(JSON.parse(body.toString("utf8")));
  }
  if (!trailer || ends.size !== tables.length) throw damaged(path);
  return { ends, trailer };
}

/** Takes the frames of one table, its end included. */
async function copyTable(
  client: Client,
  path: string,
  table: TableFrame,
  frames: AsyncGenerator<Frame>,
): Promise<TableEnd> {
  const into = client.query(copyFrom(`copy ${columnsOf(table)} from stdin`));
  const done = new Promise<void>((resolve, reject) => into.once("finish", resolve).once("error", reject));
  // Heard where it is awaited; a refusal before that must not end the process.
  done.catch(() => undefined);
  for (let next = await frames.next(); !next.done; next = await frames.next()) {
    const { kind, body } = next.value;
    if (kind === "E") {
      into.end();
      await done;
      return endSchema.parse(JSON.parse(body.toString("utf8")));
    }
    if (!into.write(Buffer.from(body)))
      await Promise.race([new Promise((resolve) => into.once("drain", resolve)), done]);
  }
  into.destroy();
  throw damaged(path);
}

/** What is in the database now is read again and summed as it was when it was saved. */
async function compare(client: Client, path: string, tables: TableFrame[], ends: Map<string, TableEnd>) {
  for (const table of tables) {
    const rows = copyOut(client, table);
    let next = await rows.next();
    while (!next.done) next = await rows.next();
    const said = ends.get(table.table);
    if (next.value.rows !== said?.rows || next.value.sha256 !== said.sha256)
      throw different(path, table.table);
  }
}

const different = (path: string, table: string) =>
  new Explained(
    `Ce qui a été relu de la table ${table} n’est pas ce que dit ${path}. Rien n’a été rétabli ; prenez une autre sauvegarde.`,
    `What was read back of table ${table} is not what ${path} says. Nothing was restored; take another backup.`,
  );

const notEmpty = () =>
  new Explained(
    "La base n’est pas vide : une sauvegarde ne se rétablit que dans une base neuve, pour ne rien écraser. Arrêtez l’application, mettez le dossier .data de côté (renommez-le), et recommencez ; ou donnez dans DATABASE_URL une base qui vient d’être créée.",
    "The database is not empty: a backup is restored into a new one only, so that nothing is overwritten. Stop the application, put the folder .data aside (rename it), and start again; or name a freshly created database in DATABASE_URL.",
  );

const newer = (migration: string) =>
  new Explained(
    `Cette sauvegarde vient d’une version plus récente du logiciel (${migration}) : installez cette version-là, puis recommencez. Rien n’a été rétabli.`,
    `This backup comes from a newer version of the software (${migration}): install that version, then start again. Nothing was restored.`,
  );
