/**
 * What a source said last, compared with what it says now: it writes only what it changed itself, so a name, a number
 * or an address that staff corrected or removed stays.
 */
import type pg from "pg";

/** A row that is written: accepted, and not known already. */
export const live = "s.problem is null and not s.same and not s.archived and not s.waits";

/** Whether a part of a row may be written: where somebody decided, what they wanted only. */
export const may = (field: string) => `(s.wanted is null or '${field}' = any (s.wanted))`;

/** The fields of a contact that a file may say, but those of the postal address, which is one thing. */
const scalars = {
  kind: "kind",
  firstName: "first_name",
  lastName: "last_name",
  graduationYear: "graduation_year",
  phone: "phone",
  website: "website",
  locale: "locale",
};
const postal = { street: "street", postcode: "postcode", city: "city", country: "country" };

/** What a site may say is empty (format 1.1); of a postal address, all of it. */
const clearing = (field: string) => `'${field}' = any (s.clears)`;
const clearableScalars = new Set(["firstName", "graduationYear", "phone", "website"]);

const typed = (column: string) => /^(kind|graduation_year)$/.test(column);

/** What the file says: null when it says nothing. */
const said = (column: string) => (typed(column) ? `s.${column}` : `nullif(s.${column}, '')`);

/**
 * One line for each row of somebody known. Where nothing is remembered (before this was kept, or the first time that
 * a source meets somebody): `touched` are the fields that staff edited, `placed` whether they settled an employer.
 */
const recall = `
  create temp table recalled on commit drop as
  select s.n, s.identity_id is not null as known, r.identity_id is not null as remembered, r.kind, r.first_name, r.last_name,
    r.graduation_year, r.phone, r.street, r.postcode, r.city, r.country, r.website, r.locale,
    coalesce(r.addresses, '{}') as addresses, r.organisation_name, r.organisation_siret, r.organisation_id, r.role, r.job_title,
    coalesce(t.touched, '{}') as touched, coalesce(t.placed, false) as placed
  from staged s left join remembered_rows r on r.identity_id = s.identity_id
  left join lateral (
    select array_agg(f.name) filter (where f.name is not null) as touched, bool_or(a.kind like 'affiliation.%') as placed
    from activities a left join lateral jsonb_array_elements_text(a.data -> 'fields') f(name) on a.kind = 'contact.updated'
    where r.identity_id is null and a.contact_id = s.contact_id and a.user_id is not null and not a.data ? 'runId'
  ) t on true
  where ${live} and s.contact_id is not null and not s.created`;

/** Whether a field that differs is the site's to write. */
const theirs = (field: string, column: string, empty: string) => `
  case when r.remembered then $2 or ${said(column)} is distinct from r.${column}
       else not '${field}' = any (r.touched) and (r.known or ${empty}) end`;

/** What the site last said, as a contact holds it; what it never said is no base, but for what is empty here. */
const base = (column: string) =>
  column === "graduation_year" || /^(kind|locale|country|last_name)$/.test(column)
    ? `coalesce(r.${column}, ${column === "graduation_year" ? "null" : `c.${column}`})`
    : `coalesce(r.${column}, '')`;

/** When somebody here last edited a field. */
const edited = (names: string) => `(
  select max(a.at) from activities a where a.contact_id = c.id and a.kind = 'contact.updated' and a.user_id is not null
    and not a.data ? 'runId' and a.data -> 'fields' ?| '{${names}}')`;

/** Where both sides changed a field, its owner has the last word; $1 says who that is. */
const fate = (field: string, owner: string, ours: string, names = field) => `
  case when not (r.remembered and ${ours}) or '${field}' = any (s.wanted) then 'write'
    else case coalesce($1::jsonb ->> '${owner}', $1::jsonb ->> '*', 'ask')
      when 'remote' then 'write' when 'local' then 'keep'
      when 'newest' then case when s.said_at is null then 'ask' when s.said_at > coalesce(${edited(names)}, '-infinity') then 'write' else 'keep' end
      else 'ask' end end`;

const scalarChange = ([field, column]: [string, string]) => {
  const empty = typed(column) ? `c.${column} is null` : `c.${column} = ''`;
  return `'${field}', case when ${said(column)} is distinct from c.${column} and ${said(column)} is not null
    and ${theirs(field, column, empty)}
    then jsonb_build_array(c.${column}, s.${column}, ${fate(field, field, `c.${column} is distinct from ${base(column)}`)})
    ${
      clearableScalars.has(field)
        ? `when ${clearing(field)} and not (${empty}) and r.remembered and c.${column} is not distinct from ${base(column)}
      then jsonb_build_array(c.${column}, ${typed(column) ? "null" : "''"}, 'write')`
        : ""
    } end`;
};

/** Whether somebody here wrote another address than the site's last. */
const addressOurs = `(c.street, c.postcode, c.city) is distinct from (coalesce(r.street, ''), coalesce(r.postcode, ''), coalesce(r.city, ''))`;
const addressFate = (field: string) => fate(field, "address", addressOurs, Object.keys(postal).join(","));

/** When the street or the town is another one, parts that are not said are emptied: no « 14 Low Quay, 33000 Dublin ». */
const postalChange = ([field, column]: [string, string]) => {
  const rest = column === "country" ? "'FR'" : "''";
  return `'${field}', case
    when m.moved and coalesce(${said(column)}, ${rest}) <> c.${column}
      then jsonb_build_array(c.${column}, coalesce(${said(column)}, ${rest}), ${addressFate(field)})
    when not m.moved and ${said(column)} <> c.${column} and not m.touched and ${theirs(field, column, "m.nowhere")}
      then jsonb_build_array(c.${column}, s.${column}, ${addressFate(field)})
    when ${clearing("address")} and r.remembered and not (${addressOurs}) and c.${column} <> ${rest}
      then jsonb_build_array(c.${column}, ${rest}, 'write') end`;
};

// Each `offset 0` is a fence: without it the planner writes the folding of addresses anew wherever its answer is used.
const compare = `
  update staged s set history = h.written, moved = d.moved, employer = d.employer and ${may("places")}, questions = h.asked,
    open = s.open || h.later, changes = array(select jsonb_object_keys(h.written))
  from (
    select s.n, s.wanted, s.refused, m.moved, jsonb_strip_nulls(jsonb_build_object(${[
      ...Object.entries(scalars).map(scalarChange),
      ...Object.entries(postal).map(postalChange),
    ].join(", ")})) as history,
      case when r.remembered then s.organisation_name is not null and (
             (fold(s.organisation_name), s.organisation_siret, s.role) is distinct from (fold(r.organisation_name), r.organisation_siret, r.role)
             or coalesce(nullif(s.job_title, '') <> coalesce(r.job_title, ''), false))
           else s.organisation_name is not null and not r.placed and (r.known or not exists (
             select from affiliations f where f.contact_id = c.id and f.ended_at is null)) end as employer
    from staged s join recalled r on r.n = s.n join contacts c on c.id = s.contact_id,
    lateral (select not r.remembered and r.touched && '{street,postcode,city,country}' as touched,
      c.street = '' and c.postcode = '' and c.city = '' as nowhere offset 0) p,
    lateral (select p.touched, p.nowhere, (r.remembered or r.known) and not p.touched and coalesce(
      fold(nullif(s.street, '')) <> fold(coalesce(r.street, nullif(c.street, '')))
      or fold_city(nullif(s.city, '')) <> fold_city(coalesce(r.city, nullif(c.city, ''))), false) as moved offset 0) m
    offset 0
  ) d cross join lateral (
    select coalesce(jsonb_object_agg(f.key, f.value - 2) filter (where f.value ->> 2 = 'write' and (d.wanted is null or f.key = any (d.wanted))), '{}') as written,
      coalesce(jsonb_object_agg(f.key, f.value - 2) filter (where f.value ->> 2 = 'ask' and not f.key = any (d.refused)), '{}') as asked,
      coalesce(array_agg(f.key) filter (where not f.key = any (d.refused)
        and (f.value ->> 2 = 'ask' or (f.value ->> 2 = 'write' and not f.key = any (d.wanted)))), '{}') as later
    from jsonb_each(d.history) f offset 0) h
  where d.n = s.n and (d.history <> '{}' or d.moved or d.employer)`;

const columns = { ...scalars, ...postal };
const type = (column: string) =>
  column === "kind" ? `::"ContactKind"` : column === "graduation_year" ? "::int" : "";

const change = `
  update contacts c set updated_at = now(), ${Object.entries(columns)
    .map(
      ([field, column]) =>
        `${column} = case when s.history ? '${field}' then (s.history -> '${field}' ->> 1)${type(column)} else c.${column} end`,
    )
    .join(", ")}
  from staged s where c.id = s.contact_id and s.history <> '{}' and ${live} and not s.created`;

/** Who has the last word on a field: remote, local, newest or ask (when nothing is said); `*` is all others. */
export type Ownership = Record<string, string>;

/** Fills `recalled`, and what changes of each contact; then writes it. */
export async function compareAndChange(
  client: pg.PoolClient,
  ownership: Ownership,
  replay = false,
): Promise<void> {
  await client.query(recall);
  await client.query("create index on recalled (n)");
  await client.query("analyze recalled");
  await client.query(compare, [JSON.stringify(ownership), replay]);
  await client.query(change);
}

/** A field left for later keeps its last word, so that it is proposed again. */
const unless = (open: string, column: string, value: string) =>
  `case when s.open && '{${open}}' then r.${column} else ${value} end`;

const parts = Object.keys(postal).join(",");

const lastSaid = [
  ...Object.entries(scalars).map(([field, column]) => [
    column,
    unless(
      field,
      column,
      `case when ${clearing(field)} then null else coalesce(${said(column)}, r.${column}) end`,
    ),
  ]),
  ...Object.values(postal).map((column) => [
    column,
    unless(
      parts,
      column,
      `case when ${clearing("address")} then null when s.moved then ${said(column)} else coalesce(${said(column)}, r.${column}) end`,
    ),
  ]),
  ["organisation_name", unless("places", "organisation_name", "s.organisation_name")],
  ["organisation_siret", unless("places", "organisation_siret", "s.organisation_siret")],
  ["role", unless("places", "role", "s.role")],
  [
    "job_title",
    unless(
      "places",
      "job_title",
      "coalesce(nullif(s.job_title, ''), case when not s.employer and s.organisation_name is not null then r.job_title end)",
    ),
  ],
  [
    "organisation_id",
    unless(
      "places",
      "organisation_id",
      `case when s.employer or s.organisation_name is null then s.organisation_id when r.identity_id is not null then r.organisation_id
      else (select f.organisation_id from affiliations f join organisations o on o.id = f.organisation_id
        where f.contact_id = s.contact_id and f.role = s.role and f.ended_at is null
          and (o.siret = s.organisation_siret or o.sort_name = fold(s.organisation_name)) order by f.id desc limit 1) end`,
    ),
  ],
  [
    "addresses",
    "case when s.open && '{addresses}' or s.addresses = '[]' then coalesce(r.addresses, '{}') else array(select a.address from staged_addresses a where a.n = s.n order by a.position) end",
  ],
] as const;

/**
 * The last word of each row that was applied. A value that is not said any more stays the last that was said; a postal
 * address is replaced as a whole, and so is an employer. An unchanged row whose memory begins today is remembered too.
 */
const remember = `
  insert into remembered_rows (identity_id, ${lastSaid.map(([column]) => column).join(", ")})
  select e.id, ${lastSaid.map(([, value]) => value).join(", ")}
  from staged s join external_identities e on e.source_id = $1 and e.external_id = s.external_id
  left join remembered_rows r on r.identity_id = e.id
  where s.problem is null and not s.archived and not s.waits and (not s.same or r.identity_id is null)
  on conflict (identity_id) do update set said_at = now(), ${lastSaid.map(([column]) => `${column} = excluded.${column}`).join(", ")}`;

export async function rememberRows(client: pg.PoolClient, sourceId: number): Promise<void> {
  await client.query(remember, [sourceId]);
}
