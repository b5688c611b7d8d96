/** The addresses of staged rows: handed on, added, made primary, each only where the site itself changed something. */
import type pg from "pg";
import { may, live as written } from "#lib/sites/sources/recall";

const live = `${written} and ${may("addresses")}`;

/** What everybody concerned has before anything moves: the one giving an address away, too. */
const before = `
  create temp table mailboxes on commit drop as
  select s.n, s.contact_id, array_agg(m.address order by m.address) filter (where m.id is not null) as addresses,
    max(m.address) filter (where m.is_primary) as prime
  from staged s left join email_addresses m on m.contact_id = s.contact_id
  where ${live} and not s.created group by s.n, s.contact_id`;

/** What an address is known for (bounces, oppositions) stays with it; the person it now reaches is another, and this site says so. */
const handOver = `
  update email_addresses m set contact_id = s.contact_id, is_primary = false, source_id = $1::int, typed = false
  from handed h join staged s on s.n = h.n join staged k on k.n = h.holder and (k.wanted is null or 'addresses' = any (k.wanted))
  where m.address = h.address and ${live}`;

/** New to the site's own list of addresses: one that staff removed is not brought back by saying it again. */
const isNews = `(s.created or exists (select from recalled r where r.n = s.n
  and case when r.remembered then not a.address = any (r.addresses) else not 'email' = any (r.touched) end))`;

const add = `
  insert into email_addresses (contact_id, address, address_hash, is_primary, source_id)
  select s.contact_id, a.address, a.hash, s.created and a.position = 1, $1::int
  from staged s join staged_addresses a on a.n = s.n
  where ${live} and ${isNews} and not exists (select from email_addresses m where m.address = a.address)
  order by a.n, a.position`;

/** The first address of the row is the one to write to when the site changed it, unless mail to it is known not to arrive. */
const choose = `
  create temp table primaries on commit drop as
  select m.id, m.contact_id from staged s
  join staged_addresses a on a.n = s.n and a.position = 1
  join email_addresses m on m.address = a.address and m.contact_id = s.contact_id and not m.is_primary
  left join recalled r on r.n = s.n
  where ${live} and (s.created or case when r.remembered then a.address is distinct from r.addresses[1]
      else r.known and not r.touched && '{email,primaryEmail}' end)
    and not (m.standing in ('hard', 'complaint')
             and exists (select from email_addresses o where o.contact_id = s.contact_id and o.is_primary and o.standing = 'ok'))`;

const demote = `
  update email_addresses m set is_primary = false from primaries p where m.contact_id = p.contact_id and m.is_primary`;
const promote = "update email_addresses m set is_primary = true from primaries p where m.id = p.id";

/** Who gave the primary address away writes from the oldest that is left. */
const succeed = `
  update email_addresses m set is_primary = true
  from (select min(o.id) as id from email_addresses o
        where o.contact_id in (select k.contact_id from handed h join staged k on k.n in (h.n, h.holder))
        group by o.contact_id having not bool_or(o.is_primary)) left_over
  where m.id = left_over.id`;

const recordInTimeline = `
  update staged s set changes = s.changes || d.changes, history = s.history || d.history
  from (
    select b.n,
      array_remove(array[case when b.prime is distinct from a.prime then 'primaryEmail' end,
        case when b.addresses is distinct from a.addresses then 'email' end], null) as changes,
      jsonb_strip_nulls(jsonb_build_object(
        'primaryEmail', case when b.prime is distinct from a.prime then jsonb_build_array(coalesce(b.prime, ''), coalesce(a.prime, '')) end,
        'email', case when b.addresses is distinct from a.addresses then jsonb_build_array(
          coalesce(array_to_string(b.addresses, ', '), ''), coalesce(array_to_string(a.addresses, ', '), '')) end)) as history
    from mailboxes b cross join lateral (
      select array_agg(m.address order by m.address) as addresses, max(m.address) filter (where m.is_primary) as prime
      from email_addresses m where m.contact_id = b.contact_id) a
    where b.prime is distinct from a.prime or b.addresses is distinct from a.addresses
  ) d where d.n = s.n`;

/** `sourceId`: who gives those that are new or handed on; letters say so to their readers. */
export async function applyAddresses(client: pg.PoolClient, sourceId: number): Promise<void> {
  await client.query(before);
  for (const statement of [handOver, add]) await client.query(statement, [sourceId]);
  for (const statement of [choose, demote, promote, succeed, recordInTimeline]) await client.query(statement);
}
