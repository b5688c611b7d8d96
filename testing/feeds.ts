/** A source to try files on: « essai », whose newsletter 4media is founded on consent. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { sql, transaction } from "#lib/machine/db";
import { emptyReport, importContacts, type Report } from "#lib/sites/sources/import";
import { once } from "#testing/sources";

export async function openSource(key = "essai"): Promise<number> {
  await sql`update topics set legal_basis = 'consent' where key = '4media'`;
  const [source] = await sql<{ id: number }>`
    insert into sources (key, name, default_kind) values (${key}, ${key}, 'former_src')
    on conflict (key) do update set key = excluded.key returning id`;
  return source?.id ?? 0;
}

export async function take(
  bytes: AsyncIterable<Uint8Array>,
  charset: string | null = null,
  sourceKey = "essai",
  ownership: Record<string, string> = { "*": "remote" },
): Promise<Report> {
  const report = emptyReport();
  const sourceId = await openSource(sourceKey);
  const origin = { sourceId, sourceKey, defaultKind: "former_src", runId: null, userId: null, ownership };
  await transaction((client) => importContacts(client, bytes, { ...origin, told: { charset } }, report));
  return report;
}

/** A file of reports/, by its name. */
export const takeFile = (name: string) =>
  take(createReadStream(join(import.meta.dirname, "feeds", `${name}.xml`)));

export const declared = (body: string, encoding = "", key = "essai") =>
  `<?xml version="1.0"${encoding && ` encoding="${encoding}"`}?>\n<contacts source="${key}" version="1.0">\n${body}\n</contacts>`;

export const takeRows = (body: string, key = "essai") => take(once(declared(body, "", key)), null, key);

export const notesOf = (report: Report) =>
  report.errors.map(({ field, reason, rejected }) => [field, reason, rejected]);

export type KnownContact = Record<string, unknown> & {
  id: number;
  updated_at: Date;
  addresses: string[];
  places: string[];
  past: string[];
};

/** The contact of a row, its addresses (the primary one first) and its places, present and past, the last one first. */
export async function known(externalId: string, key = "essai"): Promise<KnownContact> {
  const [row] = await sql<KnownContact>`
    select c.*,
      array(select address from email_addresses m where m.contact_id = c.id order by is_primary desc, id) as addresses,
      array(select concat_ws(', ', o.name, nullif(f.job_title, '')) from affiliations f join organisations o on o.id = f.organisation_id
        where f.contact_id = c.id and f.ended_at is null order by f.started_at desc, f.id desc) as places,
      array(select o.name from affiliations f join organisations o on o.id = f.organisation_id
        where f.contact_id = c.id and f.ended_at is not null order by f.ended_at desc, f.id desc) as past
    from external_identities e join sources s on s.id = e.source_id join contacts c on c.id = e.contact_id
    where s.key = ${key} and e.external_id = ${externalId}`;
  if (!row) throw new Error(`nobody is ${externalId}`);
  return row;
}

export const nameOf = async (externalId: string) => {
  const { first_name, last_name } = await known(externalId);
  return [first_name, last_name];
};

/** Somebody of the secretariat, who corrects by hand. */
export async function hireStaff(): Promise<number> {
  const [user] = await sql<{ id: number }>`
    insert into users (email, name, role) values ('staff@src.example', 'Staff', 'secretariat') returning id`;
  return user?.id ?? 0;
}

export const person = (id: string, body: string) =>
  `<contact id="${id}"><lastName>Mem-${id}</lastName>${body}</contact>`;

/** What the timeline says of the last change. */
export const lastChange = async (id: number) =>
  (
    await sql<{ data: { fields: string[]; values: Record<string, unknown[]> } }>`
    select data from activities where contact_id = ${id} and kind = 'contact.updated' order by id desc limit 1`
  )[0]?.data;
