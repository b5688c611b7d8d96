import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { categories, listEntries, tables } from "./columns.ts";

const existing = await sql<{ table: string; column: string }>`
  select c.table_name as "table", c.column_name as "column"
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, c.ordinal_position`;
const named = listEntries();
const key = ({ table, column }: { table: string; column: string }) => `${table}.${column}`;

type Missing = { table: string; column: string };

/** What to write where, for whoever added columns and reads nothing but this. */
function howToName(missing: Missing[]): string {
  const lines = [...Map.groupBy(missing, ({ table }) => table)].map(([table, columns]) => {
    const words = columns.map(({ column }) => column).join(" ");
    return tables[table]
      ? `in the entry « ${table} », add to the words of one category: ${words}`
      : `a new entry beside its neighbours, « ${table}: technical("${words}") » when it is about no person, else « ${table}: { purpose, keep, <category>: "…", none: "…" } » with: ${words}`;
  });
  return `Columns that the dictionary of personal data, lib/office/privacy/columns.ts, does not name:
- ${lines.join("\n- ")}
Categories: ${categories.join(", ")}. A column that can hold words about a contact is also blanked in lib/office/privacy/places.ts (unless it goes with the contact), written in testing/privacy.ts, and has its duration done in lib/office/privacy/steps.ts.`;
}

describe("the dictionary of personal data", () => {
  it("names every column of the database", () => {
    const known = new Set(named.map(key));
    const missing = existing.filter((column) => !known.has(key(column)));
    assert.equal(missing.length, 0, howToName(missing));
  });

  it("names none that does not exist, and none twice", () => {
    const real = new Set(existing.map(key));
    const gone = named.map(key).filter((one) => !real.has(one));
    assert.deepEqual(gone, [], "remove these from lib/office/privacy/columns.ts");
    const twice = named.map(key).filter((one, i, all) => all.indexOf(one) !== i);
    assert.deepEqual(twice, [], "named twice in lib/office/privacy/columns.ts");
  });

  it("gives personal words a time to go", () => {
    const forever = named.filter(
      ({ category, keep }) =>
        ["identity", "career", "mail", "account", "connection"].includes(category) && keep === "none",
    );
    assert.deepEqual(forever.map(key), []);
  });

  it("tells whoever adds a column what to write where", () => {
    const said = howToName([
      { table: "contacts", column: "shoe_size" },
      { table: "shoes", column: "id" },
      { table: "shoes", column: "size" },
    ]);
    assert.match(said, /in the entry « contacts », add to the words of one category: shoe_size/);
    assert.match(said, /« shoes: technical\("id size"\) »/);
  });
});
