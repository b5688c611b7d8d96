/** The tables of a database as a backup copies them, in forms that no setting of a server changes. */
import { createHash } from "node:crypto";
import type { ClientBase } from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { TableEnd, TableFrame } from "./format.ts";

/** The same text for the same row, on any server and at any hour. */
export const plainForms = `
  set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'iso_8601';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local synchronize_seqscans = off;
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

/** Every table but the history of migrations, which is made again; every column but what is computed. */
export async function listTables(client: ClientBase): Promise<TableFrame[]> {
  const { rows } = await client.query<TableFrame>(`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname <> '_prisma_migrations'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`);
  return rows;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const columnsOf = ({ table, columns }: TableFrame) =>
  `${quoted(table)} (${columns.map(quoted).join(", ")})`;

/** Rows of a table as they come, in chunks; returns how many there were and their sum. */
export async function* copyOut(client: ClientBase, table: TableFrame): AsyncGenerator<Buffer, TableEnd> {
  const stream = client.query(copyTo(`copy ${columnsOf(table)} to stdout`));
  const sum = createHash("sha256");
  let rows = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    sum.update(bytes);
    // COPY writes a line end as \\n inside a value, so each of these ends a row.
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) rows++;
    yield bytes;
  }
  return { rows, sha256: sum.digest("hex") };
}
