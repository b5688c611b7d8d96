/** What people corrected here and a site still says otherwise: for its webmaster, who takes it over. Nothing is kept of it: what agrees is gone. */
import { recordAudit } from "#lib/department/audit/mutations";
import { csvLine } from "#lib/machine/csv";
import { pool, sql } from "#lib/machine/db";

/** `before` is what the site said last. */
export type Correction = { externalId: string; field: string; before: string; after: string; at: Date };

const pageSize = 5000;

/** One page, by the site's own identifiers; somebody put away here is no correction. */
const listPage = (sourceId: number, after: string, limit: number) => sql<Correction>`
  select e.external_id as "externalId", f.field, f.before, f.after, a.at
  from (select * from external_identities where source_id = ${sourceId} and external_id > ${after}
        order by external_id limit ${limit}) e
  join remembered_rows r on r.identity_id = e.id
  join contacts c on c.id = e.contact_id and c.archived_at is null
  left join email_addresses m on m.contact_id = c.id and m.is_primary
  cross join lateral (values
    ('firstName', '{firstName}', r.first_name, c.first_name), ('lastName', '{lastName}', r.last_name, c.last_name),
    ('email', '{email,primaryEmail}', r.addresses[1], m.address),
    ('graduationYear', '{graduationYear}', r.graduation_year::text, c.graduation_year::text), ('phone', '{phone}', r.phone, c.phone),
    ('website', '{website}', r.website, c.website), ('street', '{street}', r.street, c.street),
    ('postcode', '{postcode}', r.postcode, c.postcode), ('city', '{city}', r.city, c.city)
  ) f(field, names, before, after)
  cross join lateral (
    select max(t.at) as at from activities t where t.contact_id = c.id and t.kind = 'contact.updated' and t.user_id is not null
      and not t.data ? 'runId' and t.data -> 'fields' ?| f.names::text[]) a
  where f.before is not null and coalesce(f.after, '') <> f.before and a.at is not null
  order by e.external_id, f.field`;

async function* listAll(sourceId: number): AsyncGenerator<Correction[]> {
  for (let after = ""; ; ) {
    const [last] = await sql<{ id: string | null }>`
      select max(external_id) as id from (select external_id from external_identities
        where source_id = ${sourceId} and external_id > ${after} order by external_id limit ${pageSize}) p`;
    if (!last?.id) return;
    yield (await listPage(sourceId, after, pageSize)).map((one) => ({ ...one, after: one.after ?? "" }));
    after = last.id;
  }
}

export async function* correctionsCsv(sourceId: number, headings: string[]): AsyncGenerator<string> {
  yield `\ufeff${csvLine(headings)}`;
  for await (const page of listAll(sourceId))
    yield page.map((one) => csvLine([one.externalId, one.field, one.before, one.after, one.at])).join("");
}

/** The field's names are those of the format that the site writes. */
export async function* correctionsXml(sourceId: number, key: string): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<corrections source="${key}" version="1.0">\n`;
  let rows = 0;
  for await (const page of listAll(sourceId)) {
    rows += page.length;
    yield page
      .map(
        ({ externalId, field, before, after, at }) =>
          `<correction id="${escaped(externalId)}" field="${field}" at="${at.toISOString()}"><before>${escaped(before)}</before><after>${escaped(after)}</after></correction>\n`,
      )
      .join("");
  }
  yield `<end rows="${rows}"/>\n</corrections>\n`;
}

/** What XML cannot say is in no text of ours: one door cleaned it. */
const escaped = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark] ?? mark,
  );

/** Writes down who took them; a reading has no transaction to be part of. */
export const journalCorrections = (sourceId: number, by: number) => (what: "exported" | "exportFailed") =>
  recordAudit({ userId: by, action: `source.${what}`, subject: "source", subjectId: sourceId }, pool());
