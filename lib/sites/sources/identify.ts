/**
 * Which contact is each staged row? By source and external id first, then by address and as a certain duplicate, as far as
 * the source goes (`sources.identity`); a row that could be two people is nobody.
 */
import type pg from "pg";
import { keyFor } from "#lib/machine/seal";

/** A row's name in the registers of those who are not to come: keyed, so that it names nobody. $1 is the source, $2 the key. */
export const hashOfRow = (externalId: string) =>
  `sha256($2::bytea || convert_to($1::int || ':' || ${externalId}, 'UTF8'))`;

/** How far the source $1 goes beyond its identifiers. */
const rule = "(select identity from sources where id = $1)";

const rowAddresses = (drop: string) => `
  create temp table staged_addresses ${drop} as
  select s.n, position::int, entry->>'address' as address, decode(entry->>'hash', 'hex') as hash
  from staged s, jsonb_array_elements(s.addresses) with ordinality as e(entry, position)`;

const repeatedId = `
  update staged s set problem = 'duplicateId', problem_value = s.external_id
  from (select n, row_number() over (partition by external_id order by n) as place from staged) p
  where p.n = s.n and p.place > 1`;

const byExternalId = `
  update staged s set contact_id = e.contact_id, identity_id = e.id, same = (e.row_hash = s.row_hash) is true and not $2
  from external_identities e
  where e.source_id = $1 and e.external_id = s.external_id and s.problem is null`;

/** Of somebody unknown, a part makes nobody; nor does a row that was not read, whose person went since it was looked up. */
const unknownPart = `
  update staged s set waits = true
  where s.problem is null and ((s.partial and s.identity_id is null) or (s.skimmed and not s.same))`;

/**
 * An address that passes from one person of the file to another: its holder, known by id, does not say it any more,
 * and it was this source that had said it (before memory began: staff never edited the holder's addresses).
 */
const handed = (drop: string) => `
  create temp table handed ${drop} as
  select distinct a.n, a.address, k.n as holder
  from staged_addresses a join staged s on s.n = a.n and s.problem is null and not s.same
  join email_addresses m on m.address = a.address and m.contact_id is distinct from s.contact_id
  join staged k on k.contact_id = m.contact_id and k.identity_id is not null and k.problem is null and not k.same
  left join remembered_rows r on r.identity_id = k.identity_id
  where not exists (select from staged_addresses o where o.n = k.n and o.address = a.address)
    and case when r.identity_id is not null then a.address = any (r.addresses)
             else not exists (select from activities t where t.contact_id = k.contact_id and t.kind = 'contact.updated'
               and t.user_id is not null and not t.data ? 'runId' and t.data -> 'fields' ?| '{email,primaryEmail}') end`;

const isHanded = "exists (select from handed h where h.n = a.n and h.address = a.address)";

/** An address of a known row that is somebody else's. */
const takenFromKnown = `
  update staged s set problem = 'addressTaken', problem_value = a.address
  from staged_addresses a join email_addresses m on m.address = a.address
  where a.n = s.n and s.contact_id is not null and not s.same and s.problem is null and m.contact_id <> s.contact_id
    and not ${isHanded}`;

/** Addresses of two people, of one whom another row of this file is by its id, or of anybody where only identifiers count. */
const takenFromUnknown = `
  update staged s set problem = 'addressTaken', problem_value = o.address
  from (select a.n, min(a.address) as address, count(distinct m.contact_id) as owners, min(m.contact_id) as contact_id
        from staged_addresses a join email_addresses m on m.address = a.address where not ${isHanded} group by a.n) o
  where o.n = s.n and s.contact_id is null and s.problem is null
    and (o.owners > 1 or ${rule} = 'id' or exists (select from staged k where k.contact_id = o.contact_id))`;

const byAddress = `
  update staged s set contact_id = m.contact_id
  from staged_addresses a join email_addresses m on m.address = a.address
  where a.n = s.n and s.contact_id is null and s.problem is null and not s.partial and not ${isHanded}`;

/**
 * The only one with the same names and telephone, whose year is not another, and whom this source does not know as
 * somebody else. Two selections, since each has its index of names.
 */
const byDuplicate = `
  update staged s set contact_id = f.contact_id
  from (
    select s.n, min(c.id) as contact_id
    from staged s join (
      select id, sort_name, phone, graduation_year from contacts where archived_at is null
      union all select id, sort_name, phone, graduation_year from contacts where archived_at is not null
    ) c on c.sort_name = fold(s.last_name || ' ' || s.first_name) and c.phone = s.phone
    where s.contact_id is null and s.problem is null and not s.partial and s.phone <> '' and s.last_name <> '' and s.first_name <> ''
    group by s.n having count(*) = 1 and bool_and(coalesce(c.graduation_year = s.graduation_year, true))
      and not exists (select from external_identities e where e.source_id = $1 and e.contact_id = min(c.id))
  ) f
  where f.n = s.n and ${rule} = 'duplicates'`;

/**
 * Somebody erased does not come back by a file, whichever address or identifier it gives: that is for a person to
 * decide, who makes the contact by hand. Nothing of the row is written down.
 */
const erased = `
  update staged s set problem = 'erased', problem_value = ''
  where s.contact_id is null and s.problem is null and (
    exists (select from staged_addresses a join erasure_hashes h on h.hash = a.hash where a.n = s.n)
    or exists (select from erasure_hashes h where h.hash = ${hashOfRow("s.external_id")}))`;

/** Whom staff did not want from this source. */
const unwanted = `
  update staged s set waits = true from refused_identities r
  where r.source_id = $1 and r.hash = ${hashOfRow("s.external_id")} and s.contact_id is null and s.problem is null`;

/** Two rows for one contact: the one known by its id, else the first. */
const sameContact = `
  update staged s set problem = 'sameContact', problem_value = s.external_id, contact_id = null
  from (select n, row_number() over (partition by contact_id order by identity_id nulls last, n) as place
        from staged where contact_id is not null and problem is null) p
  where p.n = s.n and p.place > 1`;

const repeatedAddress = `
  update staged s set problem = 'duplicateAddress', problem_value = p.address
  from (select a.n, a.address, row_number() over (partition by a.address order by a.n) as place
        from staged_addresses a join staged r on r.n = a.n where r.problem is null and not r.same and not r.archived) p
  where p.n = s.n and p.place > 1`;

/** Whom staff put away, perhaps since. */
export const putAway = `
  update staged s set archived = true from contacts c
  where c.id = s.contact_id and c.archived_at is not null and s.problem is null`;

/** Applied together or not at all: an address is not handed on by a row that is refused, nor to one. */
const notHanded = `
  update staged s set problem = 'addressTaken', problem_value = h.address
  from handed h join staged k on k.n = h.holder
  where h.n = s.n and s.problem is null and not s.archived and (k.problem is not null or k.archived)`;

/** Whatever else is wrong with their rows. */
const known = "select count(*)::int as n from staged where contact_id is not null";

/** Fills contact_id, same, archived and problem of `staged`, and says how many we know; `drop`: when its own tables go. */
export async function identify(
  client: pg.PoolClient,
  { sourceId, replay = false }: { sourceId: number; replay?: boolean },
  drop: string,
): Promise<number> {
  await client.query(rowAddresses(drop));
  await client.query("create index on staged_addresses (address)");
  await client.query("create index on staged_addresses (n)");
  await client.query("analyze staged_addresses");
  await client.query(repeatedId);
  await client.query(byExternalId, [sourceId, replay]);
  await client.query(unknownPart);
  await client.query("create index on staged (contact_id)");
  await client.query("analyze staged");
  await client.query(handed(drop));
  await client.query("create index on handed (n)");
  await client.query("analyze handed");
  await client.query(takenFromKnown);
  await client.query(takenFromUnknown, [sourceId]);
  await client.query(byAddress);
  await client.query(byDuplicate, [sourceId]);
  await client.query(erased, [sourceId, keyFor("erasure")]);
  await client.query(unwanted, [sourceId, keyFor("erasure")]);
  await client.query(sameContact);
  await client.query(putAway);
  await client.query(repeatedAddress);
  while ((await client.query(notHanded)).rowCount);
  return (await client.query<{ n: number }>(known)).rows[0]?.n ?? 0;
}
