/** Taking a backup: the whole database as of one instant, while everything goes on. */
import { createWriteStream } from "node:fs";
import * as fs from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Client } from "pg";
import { readHistory } from "#lib/machine/migrations/apply";
import { connect } from "#lib/machine/postgres/connect";
import { fingerprint } from "#lib/machine/seal";
import { compressor, frame, type Header, type SealedKey, type Trailer } from "./format.ts";
import { copyOut, listTables, plainForms } from "./tables.ts";

export type Written = { tables: number; rows: number; bytes: number };

/**
 * Writes `path`, whole or not at all: beside it first, on disk, then in its place. `key` is null when it is left out.
 * Locks nothing but the structure: migrations wait.
 */
export async function writeBackup(
  databaseUrl: string,
  path: string,
  key: SealedKey | null,
): Promise<Written> {
  const client = await connect(databaseUrl, { application_name: "src-backup", keepAlive: true });
  const draft = `${path}.${process.pid}.part`;
  try {
    await client.query(`begin isolation level repeatable read read only; ${plainForms}`);
    const total = { tables: 0, rows: 0 };
    await pipeline(
      frames(client, key, total),
      compressor(),
      createWriteStream(draft, { mode: 0o600, flush: true }),
    );
    await client.query("commit");
    const { size } = await fs.stat(draft);
    await fs.rename(draft, path);
    return { ...total, bytes: size };
  } finally {
    await client.end().catch(() => undefined);
    await fs.rm(draft, { force: true });
  }
}

async function* frames(
  client: Client,
  key: SealedKey | null,
  total: { tables: number; rows: number },
): AsyncGenerator<Buffer> {
  yield frame("H", await header(client, key));
  for (const table of await listTables(client)) {
    yield frame("T", table);
    const rows = copyOut(client, table);
    let next = await rows.next();
    for (; !next.done; next = await rows.next()) yield frame("D", next.value);
    yield frame("E", next.value);
    total.tables++;
    total.rows += next.value.rows;
  }
  const trailer: Trailer = { ...total, sequences: await sequences(client) };
  yield frame("Z", trailer);
}

async function header(client: Client, key: SealedKey | null): Promise<Header> {
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const history = await readHistory(client);
  return {
    format: "src-backup 1",
    at: new Date().toISOString(),
    migrations: history.filter(({ finished }) => finished).map(({ name }) => name),
    postgres: rows[0]?.version ?? "",
    keyFingerprint: fingerprint(),
    key,
  };
}

/** Never behind the rows: numbers are dealt outside of any transaction. */
async function sequences(client: Client): Promise<Trailer["sequences"]> {
  const { rows } = await client.query<{ name: string }>(
    "select sequencename as name from pg_sequences where schemaname = current_schema() order by 1",
  );
  const read: Trailer["sequences"] = [];
  for (const { name } of rows) {
    const { rows: found } = await client.query<{ value: number; called: boolean }>(
      `select last_value::float8 as value, is_called as called from "${name}"`,
    );
    if (found[0]) read.push({ name, ...found[0] });
  }
  return read;
}
