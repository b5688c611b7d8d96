/** Addresses as they were before: given back to whom they were taken from, or to nobody. */
import type pg from "pg";

const wanted = `
  create temp table wanted on commit drop as
  select t.contact_id, a.address, a.primary, a.source, a.typed from turning t,
    jsonb_to_recordset(t.target -> 'addresses') as a(address text, "primary" boolean, source int, typed boolean)
  where t.target ? 'addresses'`;

/** What this slice's people had, and somebody else holds. */
const pairs = `
  create temp table pairs on commit drop as
  select c.contact_id as taker, m.contact_id as holder
  from turning t join changes c on c.id = t.change_id,
    jsonb_to_recordset(c.before -> 'addresses') as a(address text) join email_addresses m on m.address = a.address
  where c.before ? 'addresses' and m.contact_id <> c.contact_id`;

/** Given back with its other side, or not at all; and not when it is nowhere any more. */
const hold = `
  update turning t set target = t.target - 'addresses', kept = t.kept || '{addresses}'
  where t.target ? 'addresses' and (
    exists (select from pairs p left join turning o on o.contact_id = p.holder and o.target ? 'addresses'
            where p.taker = t.contact_id and o.contact_id is null)
    or exists (select from pairs p join turning o on o.contact_id = p.taker where p.holder = t.contact_id and not o.target ? 'addresses')
    or exists (select from wanted w where w.contact_id = t.contact_id and not exists (select from email_addresses m where m.address = w.address)))`;

const mine = "join turning t on t.contact_id = w.contact_id and t.target ? 'addresses'";

const steps = [
  "update email_addresses m set is_primary = false from turning t where m.contact_id = t.contact_id and m.is_primary and t.target ? 'addresses'",
  `update email_addresses m set contact_id = w.contact_id, source_id = w.source, typed = w.typed
   from wanted w ${mine} where m.address = w.address and m.contact_id <> w.contact_id`,
  `delete from email_addresses m using turning t where m.contact_id = t.contact_id and t.target ? 'addresses'
   and not exists (select from wanted w where w.contact_id = m.contact_id and w.address = m.address)`,
  `update email_addresses m set is_primary = true from wanted w ${mine} where w.primary and m.address = w.address and m.contact_id = w.contact_id`,
];

/** What an address is known for (bounces, oppositions) goes with it. */
export async function giveAddressesBack(client: pg.PoolClient): Promise<void> {
  await client.query(wanted);
  await client.query("create index on wanted (contact_id)");
  await client.query(pairs);
  while ((await client.query(hold)).rowCount);
  for (const step of steps) await client.query(step);
}
