import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "pg";
import { createTestDatabase } from "#testing/postgres";

type Columns = Record<string, "required" | "optional">;

const schema = readFileSync(join(import.meta.dirname, "../../../prisma/schema.prisma"), "utf8");

/** Tables and columns as schema.prisma declares them: fields that are relations have no column. */
function declared(): Record<string, Columns> {
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = "", body = ""]) => ({
    name,
    body,
  }));
  const isModel = new Set(models.map(({ name }) => name));
  return Object.fromEntries(
    models.map(({ name, body }) => {
      const fields = [...body.matchAll(/^ {2}(\w+)\s+(\w+(?:\("[^"]*"\))?)(\?|\[\])?(.*)$/gm)].filter(
        (f) => !isModel.has(f[2] ?? ""),
      );
      const columns = fields.map(([, field = "", , mark, rest = ""]) => {
        const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
        return [column, mark === "?" ? "optional" : "required"];
      });
      return [/@@map\("(\w+)"\)/.exec(body)?.[1] ?? name, Object.fromEntries(columns)];
    }),
  );
}

/** Tables and columns as the migrations made them. A generated column may be the database's own affair. */
async function migrated(known: Record<string, Columns>): Promise<Record<string, Columns>> {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{
    table: string;
    column: string;
    optional: boolean;
    generated: boolean;
  }>(
    `select c.relname as table, a.attname as column, not a.attnotnull as optional,
            a.attgenerated <> '' as generated
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
       and not c.relispartition and c.relname <> '_prisma_migrations'`,
  );
  await client.end();
  await database.drop();
  const tables: Record<string, Columns> = {};
  for (const { table, column, optional, generated } of rows) {
    if (generated && !known[table]?.[column]) continue;
    tables[table] = { ...tables[table], [column]: optional ? "optional" : "required" };
  }
  return tables;
}

test("schema.prisma and the migrations say the same of every table and column", async () => {
  const fromSchema = declared();
  const fromMigrations = await migrated(fromSchema);
  assert.deepEqual(Object.keys(fromMigrations).sort(), Object.keys(fromSchema).sort());
  for (const [table, columns] of Object.entries(fromSchema))
    assert.deepEqual(fromMigrations[table], columns, table);
});
