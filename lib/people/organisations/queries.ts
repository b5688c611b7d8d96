import { countRows } from "#lib/machine/count";
import { db, pool, sql } from "#lib/machine/db";
import { type Count, literal, type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import { fold } from "#lib/machine/text";
import { named, searchTerms } from "#lib/people/contacts/terms";
import { digitsOf } from "#lib/people/organisations/rules";
import type { OrganisationSearch } from "#lib/people/organisations/schema";

export type OrganisationRow = {
  id: number;
  name: string;
  siren: string | null;
  siret: string | null;
  city: string;
  headcount: number | null;
  people: number;
  sortName: string;
};

const pageSize = 50;

/** One page of fifty by name; `q` is words of the name, or the beginning of a SIREN or SIRET. */
export async function listOrganisations(search: OrganisationSearch): Promise<Page<OrganisationRow>> {
  const cursor = readCursor(search, ["text", "id"]);
  const values = new Values();
  const way = cursor?.backward ? "desc" : "asc";
  const beyond = cursor
    ? `and (o.sort_name, o.id) ${cursor.backward ? "<" : ">"} (${cursor.keys.map((key) => values.add(key)).join(", ")})`
    : "";
  const { rows } = await pool().query<OrganisationRow>(
    `with p as materialized (
       select o.id from organisations o where ${look(search, values)} ${beyond} order by o.sort_name ${way}, o.id ${way} limit ${pageSize + 1})
     select o.id, o.name, o.siren, o.siret, o.city, o.headcount, o.sort_name as "sortName",
       (select count(*)::int from affiliations a where a.organisation_id = o.id and a.ended_at is null) as people
     from p join organisations o on o.id = p.id order by o.sort_name ${way}, o.id ${way}`,
    values.list,
  );
  return pageOf(rows, pageSize, cursor, (row) => [row.sortName, row.id]);
}

export const countOrganisations = (search: OrganisationSearch): Promise<Count> =>
  countRows(
    (values, limit) =>
      `select o.id from organisations o where ${look(search, values)}${limit === null ? "" : ` limit ${limit}`}`,
  );

function look({ q, state }: OrganisationSearch, values: Values): string {
  const digits = digitsOf(q);
  const terms = searchTerms(q);
  const found = /^\d{3,14}$/.test(digits)
    ? [numbered(digits, values)]
    : terms
      ? [named(terms, values, "o.sort_name")]
      : [];
  return [`o.archived_at is ${state === "archived" ? "not null" : "null"}`, ...found].join(" and ");
}

/** A range of numbers is a range of texts of one length: the indexes answer it. A name may hold digits too. */
function numbered(digits: string, values: Values): string {
  const range = (column: string, length: number) =>
    `${column} between ${values.add(digits.slice(0, length).padEnd(length, "0"))} and ${values.add(digits.slice(0, length).padEnd(length, "9"))}`;
  const bySiren = digits.length <= 9 ? [range("o.siren", 9)] : [];
  return `(${[...bySiren, range("o.siret", 14), `o.sort_name like '%' || ${values.add(digits)} || '%'`].join(" or ")})`;
}

/** Everything the organisation's page shows but the timeline and the people. */
export const findOrganisation = (id: number) =>
  db.organisation.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      siren: true,
      siret: true,
      sector: true,
      headcount: true,
      phone: true,
      email: true,
      website: true,
      street: true,
      postcode: true,
      city: true,
      country: true,
      notes: true,
      createdAt: true,
      updatedAt: true,
      archivedAt: true,
    },
  });

export type OrganisationDetail = NonNullable<Awaited<ReturnType<typeof findOrganisation>>>;

/** People of an organisation, those of today first, then decision-makers first; the first two hundred. */
export const listPeople = (organisationId: number) =>
  db.affiliation.findMany({
    where: { organisationId },
    select: {
      id: true,
      role: true,
      jobTitle: true,
      endedAt: true,
      contact: {
        select: {
          id: true,
          firstName: true,
          lastName: true,
          kind: true,
          archivedAt: true,
          addresses: { select: { address: true }, where: { isPrimary: true }, take: 1 },
        },
      },
    },
    orderBy: [{ endedAt: { sort: "desc", nulls: "first" } }, { role: "asc" }, { id: "asc" }],
    take: 200,
  });

export type PersonRow = Awaited<ReturnType<typeof listPeople>>[number];

/** The choices of a field one types into: the nearest names first. */
export async function searchOrganisations(q: string): Promise<{ id: number; name: string; city: string }[]> {
  const pattern = `%${literal(fold(q))}%`;
  return sql`
    select id, name, city from organisations where archived_at is null and sort_name like ${pattern} order by sort_name, id limit 10`;
}
