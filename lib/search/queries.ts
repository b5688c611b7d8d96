import { named } from "#lib/contacts/list";
import { pool, sql } from "#lib/db";
import { literal, Values } from "#lib/keyset";
import type { Found, Hit } from "./schema.ts";

const most = 8;

/**
 * What the palette finds for two letters or more: contacts by name or address, organisations and campaigns by
 * name. Every word must be there; one or two letters begin a word. Names that start with the text come first, in the
 * order of the lists.
 */
export async function search(text: string): Promise<Found> {
  const words = text.trim().slice(0, 100).split(/\s+/).filter(Boolean).slice(0, 5);
  if (words.join("").length < 2) return { contacts: [], organisations: [], campaigns: [] };
  const patterns = words.map((word) => `%${literal(word)}%`);
  const start = `${literal(text.trim())}%`;
  const [contacts, organisations, campaigns] = await Promise.all([
    findContacts(words, start),
    findOrganisations(words, start),
    findCampaigns(patterns),
  ]);
  return { contacts, organisations, campaigns };
}

/** One condition a word: a trigram index is of no use to `like all (select …)`. */
const namedAll = (words: string[], values: Values) =>
  words.map((word) => named(word, values, "sort_name")).join(" and ");

/** By name through the trigram index, by address (three letters or more) through the other; at most fifty of each are ranked. */
async function findContacts(words: string[], start: string): Promise<Hit[]> {
  const values = new Values();
  const addressed = words.some((word) => word.length >= 3)
    ? words.map((word) => `address like lower(${values.add(`%${literal(word)}%`)})`).join(" and ")
    : "false";
  const { rows } = await pool().query<Hit>(
    `with named as (
      select id from contacts where archived_at is null and ${namedAll(words, values)} limit 50
    ), addressed as (
      select contact_id as id from email_addresses where ${addressed} limit 50
    )
    select c.id, btrim(c.first_name || ' ' || c.last_name) as label, coalesce(e.address, '') as detail
    from contacts c left join email_addresses e on e.contact_id = c.id and e.is_primary
    where c.archived_at is null and c.id in (select id from named union select id from addressed)
    order by c.sort_name like fold(${values.add(start)}) desc, c.sort_name, c.id limit ${most}`,
    values.list,
  );
  return rows;
}

async function findOrganisations(words: string[], start: string): Promise<Hit[]> {
  const values = new Values();
  const { rows } = await pool().query<Hit>(
    `with named as (
      select id, name, city, sort_name from organisations
      where archived_at is null and ${namedAll(words, values)} limit 50
    )
    select id, name as label, city as detail from named
    order by sort_name like fold(${values.add(start)}) desc, sort_name, id limit ${most}`,
    values.list,
  );
  return rows;
}

/** Campaigns are hundreds, not millions: the latest that match. */
const findCampaigns = (patterns: string[]) => sql<Hit>`
  select id, name as label, subject as detail from campaigns
  where archived_at is null
    and fold(name || ' ' || subject) like all (select fold(p) from unnest(${patterns}::text[]) p)
  order by created_at desc, id desc limit ${most}`;
