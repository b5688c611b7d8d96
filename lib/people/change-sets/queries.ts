import { db, pool, sql } from "#lib/machine/db";
import { type Sort, standing } from "#lib/people/change-sets/decide";

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
      planned: true,
      written: true,
      restored: true,
      removed: true,
      putAway: true,
      stale: true,
      questions: true,
      archived: true,
      undoneAt: true,
      undoUser: { select: { name: true } },
    },
  });

export type ChangeSet = NonNullable<Awaited<ReturnType<typeof findChangeSet>>>;

export type Shown = Sort | "stale";
export type Value = string | number | null;

/** One person's change as it is read: `values` are [field, before, after]; what one has several of is told as a list. */
export type ChangeRow = {
  id: number;
  /** Null: proposed, and nobody yet. */
  contactId: number | null;
  name: string;
  sort: Sort;
  outcome: "restored" | "put_away" | "stale" | "applied" | "refused" | "left" | null;
  kept: string[];
  /** Under an opposition, or unsubscribed from a newsletter: they stay so, whatever a proposal says. */
  opposed: boolean;
  unsubscribed: boolean;
  /** Of a proposal: the fields decided so; `person` for a new one. The others wait for an answer. */
  accepted: string[];
  refused: string[];
  values: [field: string, before: Value, after: Value][];
};

/** A collection as people read it; any other value as it is. */
const told = (state: string) => `
  case f.key
    when 'addresses' then (select to_jsonb(coalesce(string_agg(a ->> 'address', ', '), '')) from jsonb_array_elements(${state}) a)
    when 'places' then (select to_jsonb(coalesce(string_agg(concat_ws(', ', coalesce(o.name, p ->> 'name'), nullif(p ->> 'title', '')), ' ; '), ''))
      from jsonb_array_elements(${state}) p left join organisations o on o.id = (p ->> 'organisation')::int where p ->> 'until' is null)
    when 'newsletters' then (select to_jsonb(coalesce(string_agg(t.name, ', '), ''))
      from jsonb_array_elements(${state}) n join topics t on t.id = (n ->> 'topic')::int where n ->> 'until' is null)
    else ${state} end`;

/** A page of a set's changes in the order they were written, after the change `after`. */
export async function listChanges(
  setId: number,
  { show, field, after = 0 }: { show?: Shown; field?: string; after?: number },
  take = 51,
): Promise<ChangeRow[]> {
  const rows = await sql<Omit<ChangeRow, "values" | "accepted" | "refused">>`
    select c.id, c.contact_id as "contactId", c.sort, c.outcome, c.kept, c.opposed,
      btrim(coalesce(k.first_name, c.after ->> 'firstName', '') || ' ' || coalesce(k.last_name, c.after ->> 'lastName', '')) as name,
      exists (select from subscriptions n where n.contact_id = k.id and n.unsubscribed_at is not null) as unsubscribed
    from changes c left join contacts k on k.id = c.contact_id
    where c.set_id = ${setId} and c.id > ${after}
      and case ${show ?? ""} when '' then true when 'stale' then c.outcome = 'stale' or c.kept <> '{}' else c.sort = ${show ?? ""} end
      and (${field ?? ""} = '' or (c.after ? ${field ?? ""} and c.sort in ('updated', 'question')))
    order by c.id limit ${take}`;
  const ids = rows.map(({ id }) => id);
  const [values, stands] = [await valuesOf(ids), await standsOf(ids)];
  return rows.map((row) => ({
    ...row,
    ...(stands.get(row.id) ?? { accepted: [], refused: [] }),
    values: values.get(row.id) ?? [],
  }));
}

/** How each stands, by its number. */
async function standsOf(ids: number[]): Promise<Map<number, { accepted: string[]; refused: string[] }>> {
  const { rows } = await pool().query<{ id: number; accepted: string[] | null; refused: string[] | null }>(
    standing("$1::int[]"),
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { accepted: row.accepted ?? [], refused: row.refused ?? [] }]));
}

async function valuesOf(ids: number[]): Promise<Map<number, ChangeRow["values"]>> {
  const { rows } = await pool().query<{ id: number; field: string; before: Value; after: Value }>(
    `select c.id, f.key as field, ${told("(c.before -> f.key)")} as before, ${told("f.value")} as after
     from changes c, jsonb_each(c.after) f where c.id = any ($1::int[])
       and (c.before is not null or not (f.key in ('firstName', 'lastName', 'country', 'locale') or f.value in ('""', 'null', '[]'))) order by c.id, f.key`,
    [ids],
  );
  const values = new Map<number, ChangeRow["values"]>();
  for (const { id, field, before, after } of rows)
    values.set(id, [...(values.get(id) ?? []), [field, before, after]]);
  return values;
}
