import { sql } from "#lib/db";
import type { Found, Hit } from "./schema.ts";

const most = 8;

/**
 * What the palette finds for two letters or more: contacts by name or address, organisations and campaigns by
 * name. Every word must be there. Names that start with the text come first, in the order of the lists.
 */
export async function search(text: string): Promise<Found> {
  const words = text.trim().slice(0, 100).split(/\s+/).filter(Boolean).slice(0, 5);
  if (words.join("").length < 2) return { contacts: [], organisations: [], campaigns: [] };
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  const start = `${text.trim().replace(/[\\%_]/g, "\\$&")}%`;
  const [contacts, organisations, campaigns] = await Promise.all([
    findContacts(patterns, start),
    findOrganisations(patterns, start),
    findCampaigns(patterns),
  ]);
  return { contacts, organisations, campaigns };
}

/** By name through the trigram index, by address through the other; at most fifty of each are ranked. */
const findContacts = (patterns: string[], start: string) => sql<Hit>`
  with named as (
    select id from contacts
    where archived_at is null and sort_name like all (select fold(p) from unnest(${patterns}::text[]) p) limit 50
  ), addressed as (
    select contact_id as id from email_addresses
    where address like all (select lower(p) from unnest(${patterns}::text[]) p) limit 50
  )
  select c.id, btrim(c.first_name || ' ' || c.last_name) as label, coalesce(e.address, '') as detail
  from contacts c left join email_addresses e on e.contact_id = c.id and e.is_primary
  where c.archived_at is null and c.id in (select id from named union select id from addressed)
  order by c.sort_name like fold(${start}) desc, c.sort_name, c.id limit ${most}`;

const findOrganisations = (patterns: string[], start: string) => sql<Hit>`
  with named as (
    select id, name, city, sort_name from organisations
    where archived_at is null and sort_name like all (select fold(p) from unnest(${patterns}::text[]) p) limit 50
  )
  select id, name as label, city as detail from named
  order by sort_name like fold(${start}) desc, sort_name, id limit ${most}`;

/** Campaigns are hundreds, not millions: the latest that match. */
const findCampaigns = (patterns: string[]) => sql<Hit>`
  select id, name as label, subject as detail from campaigns
  where archived_at is null
    and fold(name || ' ' || subject) like all (select fold(p) from unnest(${patterns}::text[]) p)
  order by created_at desc, id desc limit ${most}`;
