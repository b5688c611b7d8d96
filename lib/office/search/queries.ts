import { pool, sql } from "#lib/machine/db";
import { literal, Values } from "#lib/machine/keyset";
import { addressed, beginning, named, searchTerms, type Terms } from "#lib/people/contacts/terms";
import type { Found, Hit } from "./schema.ts";

const most = 8;

/**
 * What the palette finds for two letters or more: contacts by name or address, organisations and campaigns by
 * name. Every word must be there; one or two letters begin a word. Names that start with the text come first, in the
 * order of the lists.
 */
export async function search(text: string): Promise<Found> {
  const terms = searchTerms(text.slice(0, 100));
  if (!terms || terms.parts.join("").length < 2) return { contacts: [], organisations: [], campaigns: [] };
  const [contacts, organisations, campaigns] = await Promise.all([
    findContacts(terms),
    findOrganisations(terms),
    findCampaigns(terms),
  ]);
  return { contacts, organisations, campaigns };
}

/** By name through the trigram index, by address (three letters or more) through the other; at most fifty of each are ranked. */
async function findContacts(terms: Terms): Promise<Hit[]> {
  const values = new Values();
  const { rows } = await pool().query<Hit>(
    `with named as (
      select id from contacts where archived_at is null and ${named(terms, values, "sort_name")} limit 50
    ), addressed as (
      select contact_id as id from email_addresses where ${addressed(terms, values, "address")} limit 50
    )
    select c.id, btrim(c.first_name || ' ' || c.last_name) as label, coalesce(e.address, '') as detail
    from contacts c left join email_addresses e on e.contact_id = c.id and e.is_primary
    where c.archived_at is null and c.id in (select id from named union select id from addressed)
    order by c.sort_name like ${values.add(beginning(terms))} desc, c.sort_name, c.id limit ${most}`,
    values.list,
  );
  return rows;
}

async function findOrganisations(terms: Terms): Promise<Hit[]> {
  const values = new Values();
  const { rows } = await pool().query<Hit>(
    `with named as (
      select id, name, city, sort_name from organisations
      where archived_at is null and ${named(terms, values, "sort_name")} limit 50
    )
    select id, name as label, city as detail from named
    order by sort_name like ${values.add(beginning(terms))} desc, sort_name, id limit ${most}`,
    values.list,
  );
  return rows;
}

/** Campaigns are hundreds, not millions: the latest that match. */
const findCampaigns = ({ names }: Terms) =>
  names.length === 0
    ? []
    : sql<Hit>`
  select id, name as label, subject as detail from campaigns
  where archived_at is null and fold(name || ' ' || subject) like all (${names.map((name) => `%${literal(name)}%`)}::text[])
  order by created_at desc, id desc limit ${most}`;
