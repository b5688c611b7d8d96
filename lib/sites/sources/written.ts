/** Whom an import writes, for who rehearses it. */
import type pg from "pg";
import { live } from "#lib/sites/sources/recall";

/** A contact as it would be: `organisation` is where the person works now. */
export type WrittenContact = {
  firstName: string;
  /** Empty for somebody called by the address, for want of a name. */
  lastName: string;
  /** The primary one first. */
  emails: string[];
  phones: string[];
  organisation: string | null;
};

/** One for each row that creates or changes somebody, in the order of the file; in the transaction of `importContacts`. */
export async function listWritten(client: pg.PoolClient): Promise<WrittenContact[]> {
  const { rows } = await client.query<WrittenContact>(`
    select c.first_name as "firstName",
      case when s.created and s.first_name = '' then s.last_name else c.last_name end as "lastName",
      array(select m.address from email_addresses m where m.contact_id = c.id order by m.is_primary desc, m.id) as emails,
      array_remove(array[c.phone], '') as phones,
      (select o.name from affiliations f join organisations o on o.id = f.organisation_id
       where f.contact_id = c.id and f.ended_at is null order by f.started_at desc, f.id desc limit 1) as organisation
    from staged s join contacts c on c.id = s.contact_id
    where ${live} and (s.created or s.changes <> '{}') order by s.n`);
  return rows;
}
