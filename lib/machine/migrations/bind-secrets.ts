/**
 * Secrets sealed before they were bound to their column and row (decision 13), or before their column moved, are sealed
 * again, once, as soon as the structure is up to date and before anything runs. A migration that moves a column clears
 * settings.secrets_bound_at. All in one transaction: killed, it starts over.
 */
import type { Client } from "pg";
import { type SealedColumn, seal, sealedColumns, unsealMoved, unsealUnbound } from "#lib/machine/seal";

type Row = { id: number; sealed: Buffer };

/** Returns how many were sealed again. What another installation's key sealed stays as it is: as unreadable as before. */
export async function bindSecrets(client: Client): Promise<number> {
  const { rowCount } = await client.query(
    "select from pg_attribute where attrelid = to_regclass('settings') and attname = 'secrets_bound_at'",
  );
  if (rowCount === 0) return 0;
  await client.query("begin");
  try {
    const marked = await client.query(
      "update settings set secrets_bound_at = now() where secrets_bound_at is null returning id",
    );
    let bound = 0;
    if (marked.rowCount) for (const column of columns) bound += await bindColumn(client, column);
    await client.query("commit");
    return bound;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

const columns = Object.keys(sealedColumns) as SealedColumn[];

async function bindColumn(client: Client, column: SealedColumn): Promise<number> {
  const [table, field] = column.split(".");
  const key = sealedColumns[column];
  const known = await client.query("select where to_regclass($1) is not null", [table]);
  if (known.rowCount === 0) return 0;
  const { rows } = await client.query<Row>(
    `select ${key} as id, ${field} as sealed from ${table} where ${field} is not null for update`,
  );
  let bound = 0;
  for (const { id, sealed } of rows) {
    const plain = opened(() => unsealUnbound(sealed)) ?? opened(() => unsealMoved(sealed, column, id));
    if (plain === null) continue;
    await client.query(`update ${table} set ${field} = $1 where ${key} = $2`, [
      Buffer.from(seal(plain, column, id)),
      id,
    ]);
    bound++;
  }
  return bound;
}

function opened(unseal: () => string): string | null {
  try {
    return unseal();
  } catch {
    return null;
  }
}
