import { db, pool, sql } from "#lib/machine/db";

/** A set with its counts; null when it is none. */
export const findChangeSet = (id: number) =>
  db.changeSet.findUnique({
    where: { id },
    select: {
      id: true,
      status: true,
      createdAt: true,
      created: true,
      updated: true,
      fields: true,
      position: true,
      restored: true,
      removed: true,
      putAway: true,
      stale: true,
      undoneAt: true,
      undoUser: { select: { name: true } },
    },
  });

export type ChangeSet = NonNullable<Awaited<ReturnType<typeof findChangeSet>>>;

export type Shown = "created" | "updated" | "stale";
export type Value = string | number | null;

/** One person's change as it is read: `values` are [field, before, after]; what one has several of is told as a list. */
export type ChangeRow = {
  id: number;
  contactId: number;
  name: string;
  isNew: boolean;
  outcome: "restored" | "put_away" | "stale" | null;
  kept: string[];
  values: [field: string, before: Value, after: Value][];
};

/** A collection as people read it; any other value as it is. */
const told = (state: string) => `
  case f.key
    when 'addresses' then (select to_jsonb(coalesce(string_agg(a ->> 'address', ', '), '')) from jsonb_array_elements(${state}) a)
    when 'places' then (select to_jsonb(coalesce(string_agg(concat_ws(', ', o.name, nullif(p ->> 'title', '')), ' ; '), ''))
      from jsonb_array_elements(${state}) p join organisations o on o.id = (p ->> 'organisation')::int where p ->> 'until' is null)
    when 'newsletters' then (select to_jsonb(coalesce(string_agg(t.name, ', '), ''))
      from jsonb_array_elements(${state}) n join topics t on t.id = (n ->> 'topic')::int where n ->> 'until' is null)
    else ${state} end`;

/** A page of a set's changes in the order they were written, after the change `after`. */
export async function listChanges(
  setId: number,
  { show, field, after = 0 }: { show?: Shown; field?: string; after?: number },
  take = 51,
): Promise<ChangeRow[]> {
  const rows = await sql<Omit<ChangeRow, "values">>`
    select c.id, c.contact_id as "contactId", btrim(k.first_name || ' ' || k.last_name) as name, c.before is null as "isNew",
      c.outcome, c.kept
    from changes c join contacts k on k.id = c.contact_id
    where c.set_id = ${setId} and c.id > ${after}
      and case ${show ?? ""} when 'created' then c.before is null when 'updated' then c.before is not null
        when 'stale' then c.outcome = 'stale' or c.kept <> '{}' else true end
      and (${field ?? ""} = '' or c.after ? ${field ?? ""})
    order by c.id limit ${take}`;
  const values = await valuesOf(rows.map(({ id }) => id));
  return rows.map((row) => ({ ...row, values: values.get(row.id) ?? [] }));
}

async function valuesOf(ids: number[]): Promise<Map<number, ChangeRow["values"]>> {
  const { rows } = await pool().query<{ id: number; field: string; before: Value; after: Value }>(
    `select c.id, f.key as field, ${told("(c.before -> f.key)")} as before, ${told("f.value")} as after
     from changes c, jsonb_each(c.after) f where c.id = any ($1::int[]) order by c.id, f.key`,
    [ids],
  );
  const values = new Map<number, ChangeRow["values"]>();
  for (const { id, field, before, after } of rows)
    values.set(id, [...(values.get(id) ?? []), [field, before, after]]);
  return values;
}
