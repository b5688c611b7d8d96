/** Staged rows become contacts: a fixed number of set-based statements, whatever the size of the file. */
import type pg from "pg";
import { applyAffiliations } from "#lib/sources/affiliate";
import type { RowError, RowReason } from "#lib/sources/format";
import { identify } from "#lib/sources/identify";
import { applySubscriptions } from "#lib/sources/subscribe";

/** Rows of the file by what became of them; `created + updated + unchanged + archived + rejected` are all that were staged. */
export type Applied = {
  created: number;
  updated: number;
  unchanged: number;
  archived: number;
  rejected: number;
};

export type Origin = { sourceId: number; defaultKind: string; runId: number | null; userId: number | null };

/** A row that is written: accepted, and not known already. */
const live = "s.problem is null and not s.same and not s.archived";

const columns = {
  kind: "kind",
  firstName: "first_name",
  lastName: "last_name",
  graduationYear: "graduation_year",
  phone: "phone",
  street: "street",
  postcode: "postcode",
  city: "city",
  country: "country",
  website: "website",
  locale: "locale",
};

/** What the file says: null when it says nothing. */
const said = (column: string) =>
  /^(kind|graduation_year)$/.test(column) ? `s.${column}` : `nullif(s.${column}, '')`;

const number = `
  update staged s set contact_id = nextval(pg_get_serial_sequence('contacts', 'id')), created = true
  where ${live} and s.contact_id is null`;

const create = `
  insert into contacts (id, kind, first_name, last_name, graduation_year, phone, street, postcode, city, country, website, locale)
  select contact_id, coalesce(kind, $1::"ContactKind"), first_name,
         -- Somebody without a name is called by the address.
         case when last_name = '' and first_name = '' then addresses -> 0 ->> 'address' else last_name end, graduation_year, phone, street, postcode, city,
         coalesce(nullif(country, ''), 'FR'), website, coalesce(nullif(locale, ''), 'fr')
  from staged s where created order by n`;

const compare = `
  update staged s set changes = d.changes
  from (select s.n, array_remove(array[${Object.entries(columns)
    .map(
      ([field, column]) =>
        `case when ${said(column)} <> c.${column} or (${said(column)} is not null and c.${column} is null) then '${field}' end`,
    )
    .join(", ")}], null) as changes
    from staged s join contacts c on c.id = s.contact_id where ${live} and not s.created) d
  where d.n = s.n and d.changes <> '{}'`;

const change = `
  update contacts c set updated_at = now(), ${Object.values(columns)
    .map((column) => `${column} = coalesce(${said(column)}, c.${column})`)
    .join(", ")}
  from staged s where c.id = s.contact_id and s.changes <> '{}' and ${live} and not s.created`;

/** The first address of the row is the one to write to, unless mail to it is known not to arrive. */
const demote = `
  with moved as (
    select s.n, s.contact_id from staged s
    join staged_addresses a on a.n = s.n and a.position = 1
    left join email_addresses m on m.address = a.address
    where ${live} and not s.created and not coalesce(m.is_primary, false)
      and not (coalesce(m.standing, 'ok') in ('hard', 'complaint')
               and exists (select from email_addresses o where o.contact_id = s.contact_id and o.is_primary and o.standing = 'ok'))
  ), noted as (
    update staged s set changes = s.changes || '{primaryEmail}' from moved where moved.n = s.n
  )
  update email_addresses m set is_primary = false from moved where m.contact_id = moved.contact_id and m.is_primary`;

const addAddresses = `
  with added as (
    insert into email_addresses (contact_id, address, address_hash, is_primary)
    select s.contact_id, a.address, a.hash, a.position = 1 and (s.created or 'primaryEmail' = any (s.changes))
    from staged s join staged_addresses a on a.n = s.n
    where ${live} and not exists (select from email_addresses m where m.address = a.address)
    order by a.n, a.position
    returning contact_id
  )
  update staged s set changes = s.changes || '{email}'
  from (select distinct contact_id from added) d where d.contact_id = s.contact_id and not s.created and ${live}`;

const promote = `
  update email_addresses m set is_primary = true
  from staged s join staged_addresses a on a.n = s.n and a.position = 1
  where m.address = a.address and not m.is_primary and 'primaryEmail' = any (s.changes)`;

const remember = `
  insert into external_identities (source_id, external_id, contact_id, row_hash)
  select $1, external_id, contact_id, row_hash from staged s where ${live} order by n
  on conflict (source_id, external_id) do update set row_hash = excluded.row_hash, seen_at = now()`;

/** A row seen today needs no writing: a hundred thousand unchanged rows an hour must cost nothing. */
const seen = `
  update external_identities e set seen_at = now() from staged s
  where s.identity_id = e.id and s.same and e.seen_at < now() - interval '20 hours'`;

/** Told before what follows from it, so that the timeline reads in order. */
const tellCreated = `
  insert into activities (kind, contact_id, user_id, data)
  select 'contact.imported', contact_id, $3, jsonb_build_object('sourceId', $1::int, 'runId', $2::int)
  from staged s where created order by n`;

const tellChanged = `
  insert into activities (kind, contact_id, user_id, data)
  select 'contact.updated', contact_id, $3, jsonb_build_object('sourceId', $1::int, 'runId', $2::int, 'fields', changes)
  from staged s where ${live} and not created and changes <> '{}' order by n`;

const tally = `
  select count(*) filter (where created)::int as created,
         count(*) filter (where ${live} and not created and changes <> '{}')::int as updated,
         count(*) filter (where s.problem is null and not s.archived and (s.same or (not created and changes = '{}')))::int as unchanged,
         count(*) filter (where s.problem is null and archived)::int as archived,
         count(*) filter (where problem is not null)::int as rejected
  from staged s`;

/** Applies what `stage` staged, on the same connection and transaction. */
export async function apply(client: pg.PoolClient, origin: Origin): Promise<Applied> {
  await identify(client, origin.sourceId);
  await client.query(number);
  await client.query(create, [origin.defaultKind]);
  await client.query(tellCreated, [origin.sourceId, origin.runId, origin.userId]);
  await client.query(compare);
  await client.query(change);
  await client.query(demote);
  await client.query(addAddresses);
  await client.query(promote);
  await applyAffiliations(client, origin);
  await applySubscriptions(client, origin);
  await client.query(remember, [origin.sourceId]);
  await client.query(seen);
  await client.query(tellChanged, [origin.sourceId, origin.runId, origin.userId]);
  const { rows } = await client.query<Applied>(tally);
  if (!rows[0]) throw new Error("no tally");
  return rows[0];
}

/** The first `limit` rows that only the database could refuse, and those left alone because staff archived the contact. */
export async function problems(client: pg.PoolClient, limit: number): Promise<RowError[]> {
  const { rows } = await client.query<{ line: number; reason: RowReason; value: string; rejected: boolean }>(
    `select line, coalesce(problem, 'archived') as reason, coalesce(problem_value, external_id) as value, problem is not null as rejected
     from staged where problem is not null or archived order by n limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, field: /Id|archived|sameContact/.test(row.reason) ? "id" : "email" }));
}
