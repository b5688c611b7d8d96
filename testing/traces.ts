/** Everywhere a text can still be read in the database, whatever the table. */
import { pool, sql } from "#lib/machine/db";

type Column = { table: string; column: string; type: string };

/** Every column that can hold words: text, json, bytes, and arrays of text. */
export const wordyColumns = () => sql<Column>`
  select c.table_name as "table", c.column_name as "column", c.data_type as "type"
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
    and c.data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea', 'ARRAY')
  order by 1, 2`;

/** `table.column` of each column where one of the words is, in any letter case; in bytes, base64 and quoted-printable too. */
export async function findTraces(words: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column, type } of await wordyColumns()) {
    const text = type === "bytea" ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rows } = await pool().query<{ value: string }>(
      `select ${text} as value from "${table}" where "${column}" is not null`,
    );
    if (rows.some(({ value }) => words.some((word) => holds(value, word)))) found.push(`${table}.${column}`);
  }
  return found;
}

function holds(value: string, word: string): boolean {
  const bytes = Buffer.from(
    value.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    "latin1",
  );
  const readings = [value, bytes.toString("utf8"), unquoted(value), ...decoded(value)];
  return readings.some((reading) => reading.toLowerCase().includes(word.toLowerCase()));
}

const unquoted = (value: string) =>
  Buffer.from(
    value
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

const decoded = (value: string) =>
  [...value.matchAll(/(?:[A-Za-z0-9+/]{16,}\r?\n?)+={0,2}/g)].map(([body]) =>
    Buffer.from(body, "base64").toString("utf8"),
  );
