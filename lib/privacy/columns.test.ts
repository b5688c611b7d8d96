import "#lib/test-db";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#lib/db";
import { categories, listEntries, tables } from "./columns.ts";

const existing = await sql<{ table: string; column: string }>`
  select c.table_name as "table", c.column_name as "column"
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, c.ordinal_position`;
const named = listEntries();
const key = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;

/** What to write where, for whoever added a column and reads nothing but this. */
function howToName({ table, column }: { table: string; column: string }): string {
  const where = tables[table]
    ? `in the entry « ${table} » of lib/privacy/columns.ts, add « ${column} » to the words of one category`
    : `in lib/privacy/columns.ts, add an entry « ${table}: { purpose, keep, <category>: "${column} …" } » beside its neighbours (or « ${table}: technical("${column} …") » when it is about no person)`;
  return `${table}.${column} is not in the dictionary of personal data: ${where}. Categories: ${categories.join(", ")}. If it can hold words about a contact, erase it in lib/privacy/places.ts, write it in lib/privacy/fixtures.ts, and give it a duration (lib/privacy/rules.ts, steps.ts).`;
}

describe("the dictionary of personal data", () => {
  it("names every column of the database", () => {
    const known = new Set(named.map(key));
    const missing = existing.filter((column) => !known.has(key(column))).map(howToName);
    assert.equal(missing.length, 0, `\n\n${missing.join("\n\n")}\n`);
  });

  it("names none that does not exist, and none twice", () => {
    const real = new Set(existing.map(key));
    const gone = named.map(key).filter((one) => !real.has(one));
    assert.deepEqual(gone, [], "remove these from lib/privacy/columns.ts");
    const twice = named.map(key).filter((one, i, all) => all.indexOf(one) !== i);
    assert.deepEqual(twice, [], "named twice in lib/privacy/columns.ts");
  });

  it("gives personal words a time to go", () => {
    const forever = named.filter(({ category, keep }) => ["identity", "career", "mail", "account", "connection"].includes(category) && keep === "none");
    assert.deepEqual(forever.map(key), []);
  });

  it("tells whoever adds a column what to write where", () => {
    assert.match(howToName({ table: "contacts", column: "shoe_size" }), /« contacts » of lib\/privacy\/columns.ts, add « shoe_size »/);
    assert.match(howToName({ table: "shoes", column: "size" }), /shoes: technical\("size …"\)/);
  });
});
