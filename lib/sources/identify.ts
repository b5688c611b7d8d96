/** Which contact is each staged row? By source and external id first, then by address; a row that could be two people is nobody. */
import type pg from "pg";

const rowAddresses = `
  create temp table staged_addresses on commit drop as
  select s.n, position::int, entry->>'address' as address, decode(entry->>'hash', 'hex') as hash
  from staged s, jsonb_array_elements(s.addresses) with ordinality as e(entry, position)`;

const repeatedId = `
  update staged s set problem = 'duplicateId', problem_value = s.external_id
  from (select n, row_number() over (partition by external_id order by n) as place from staged) p
  where p.n = s.n and p.place > 1`;

const byExternalId = `
  update staged s set contact_id = e.contact_id, identity_id = e.id, same = (e.row_hash = s.row_hash) is true
  from external_identities e
  where e.source_id = $1 and e.external_id = s.external_id and s.problem is null`;

/** An address of a known row that is somebody else's. */
const takenFromKnown = `
  update staged s set problem = 'addressTaken', problem_value = a.address
  from staged_addresses a join email_addresses m on m.address = a.address
  where a.n = s.n and s.contact_id is not null and not s.same and s.problem is null and m.contact_id <> s.contact_id`;

/** Addresses of two people, or of one whom another row of this file is by its id. */
const takenFromUnknown = `
  update staged s set problem = 'addressTaken', problem_value = o.address
  from (select a.n, min(a.address) as address, count(distinct m.contact_id) as owners, min(m.contact_id) as contact_id
        from staged_addresses a join email_addresses m on m.address = a.address group by a.n) o
  where o.n = s.n and s.contact_id is null and s.problem is null
    and (o.owners > 1 or exists (select from staged k where k.contact_id = o.contact_id))`;

const byAddress = `
  update staged s set contact_id = m.contact_id
  from staged_addresses a join email_addresses m on m.address = a.address
  where a.n = s.n and s.contact_id is null and s.problem is null`;

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

const putAway = `
  update staged s set archived = true from contacts c
  where c.id = s.contact_id and c.archived_at is not null and s.problem is null`;

/** Fills contact_id, same, archived and problem of `staged`. */
export async function identify(client: pg.PoolClient, sourceId: number): Promise<void> {
  await client.query(rowAddresses);
  await client.query("create index on staged_addresses (address)");
  await client.query("create index on staged_addresses (n)");
  await client.query("analyze staged_addresses");
  await client.query(repeatedId);
  await client.query(byExternalId, [sourceId]);
  await client.query("create index on staged (contact_id)");
  await client.query("analyze staged");
  await client.query(takenFromKnown);
  await client.query(takenFromUnknown);
  await client.query(byAddress);
  await client.query(sameContact);
  await client.query(putAway);
  await client.query(repeatedAddress);
}
