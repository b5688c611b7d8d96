import type { AddressStanding, ContactKind } from "#db/enums";
import { countRows } from "#lib/machine/count";
import { db, pool, sql } from "#lib/machine/db";
import { type Count, type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";
import type { InterestLevel } from "#lib/people/contacts/interest";
import { matching, orders, page } from "#lib/people/contacts/list";
import type { ContactSearch } from "#lib/people/contacts/schema";

export type ContactRow = {
  id: number;
  firstName: string;
  lastName: string;
  kind: ContactKind;
  graduationYear: number | null;
  city: string;
  address: string | null;
  standing: AddressStanding | null;
  organisation: string | null;
  createdAt: Date;
  sortName: string;
  interest: InterestLevel;
};

const pageSize = 50;

const columns = `
  c.id, c.first_name as "firstName", c.last_name as "lastName", c.kind, c.graduation_year as "graduationYear", c.city,
  c.created_at as "createdAt", c.sort_name as "sortName", m.address, m.standing,
  interest_level(c.created_at, g.strong_at, g.mild_at, now()) as interest,
  (select o.name from affiliations a join organisations o on o.id = a.organisation_id
   where a.contact_id = c.id and a.ended_at is null order by a.started_at desc, a.id desc limit 1) as organisation`;

const primary =
  "left join email_addresses m on m.contact_id = c.id and m.is_primary left join contact_signs g on g.contact_id = c.id";

/** One page of fifty; `previous` and `next` are cursors for `?before=` and `?after=`. */
export async function listContacts(search: ContactSearch): Promise<Page<ContactRow>> {
  const { keys, kinds, direction } = orders[search.sort];
  const cursor = readCursor(search, kinds);
  const values = new Values();
  const ids = page(search, search.sort, cursor, pageSize + 1, values);
  const way = (direction === "asc") !== (cursor?.backward === true) ? "asc" : "desc";
  const { rows } = await pool().query<ContactRow>(
    `with p as materialized (${ids}) select ${columns} from p join contacts c on c.id = p.id ${primary}
     order by ${keys.map((key) => `${key} ${way}`).join(", ")}`,
    values.list,
  );
  return pageOf(rows, pageSize, cursor, (row) => keysOf(row, search.sort));
}

const keysOf = (row: ContactRow, sort: ContactSearch["sort"]) =>
  sort === "name"
    ? [row.sortName, row.id]
    : sort === "newest"
      ? [row.createdAt.toISOString(), row.id]
      : [-(row.graduationYear ?? 0), row.sortName, row.id];

/** How many contacts the filter finds. */
export const countContacts = (search: ContactSearch): Promise<Count> =>
  countRows((values, limit) => matching(search, values, limit));

/** Everything the contact's page shows but the timeline; null for an id that is nobody's. */
export async function findContact(id: number) {
  const contact = await db.contact.findUnique({
    where: { id },
    select: {
      id: true,
      kind: true,
      firstName: true,
      lastName: true,
      graduationYear: true,
      phone: true,
      street: true,
      postcode: true,
      city: true,
      country: true,
      website: true,
      notes: true,
      locale: true,
      createdAt: true,
      updatedAt: true,
      archivedAt: true,
      addresses: {
        select: {
          id: true,
          address: true,
          addressHash: true,
          isPrimary: true,
          standing: true,
          standingAt: true,
        },
        orderBy: [{ isPrimary: "desc" }, { id: "asc" }],
      },
      affiliations: {
        select: {
          id: true,
          role: true,
          jobTitle: true,
          endedAt: true,
          organisation: { select: { id: true, name: true, city: true } },
        },
        orderBy: [{ endedAt: { sort: "desc", nulls: "first" } }, { startedAt: "desc" }, { id: "desc" }],
      },
      externalIds: {
        select: { externalId: true, seenAt: true, source: { select: { name: true } } },
        orderBy: { id: "asc" },
      },
    },
  });
  return contact;
}

export type ContactDetail = NonNullable<Awaited<ReturnType<typeof findContact>>>;

export type SubscriptionRow = {
  topicId: number;
  name: string;
  description: string;
  subscribedAt: Date | null;
  unsubscribedAt: Date | null;
  /** Why this newsletter does not reach them, by the address it would be sent to; null: it does. See opposition(). */
  reason: string | null;
};

/** Where the contact stands with each newsletter, and whether it may be written to them. */
export const listSubscriptions = (contactId: number) => sql<SubscriptionRow>`
  select t.id as "topicId", t.name, t.description, s.subscribed_at as "subscribedAt", s.unsubscribed_at as "unsubscribedAt", o.reason
  from topics t left join subscriptions s on s.topic_id = t.id and s.contact_id = ${contactId}
  left join lateral address_to_write(${contactId}::int) a on true
  cross join lateral opposition(a.address_hash, ${contactId}, t.id, 'newsletter') o
  order by t.position, t.id`;

/** Why addresses are not written to at all, newest first. */
export const listStops = (contactId: number) => sql<{
  addressId: number;
  reason: string;
  topic: string | null;
  at: Date;
}>`
  select m.id as "addressId", x.reason, t.name as topic, x.created_at as at
  from email_addresses m join suppressions x on x.address_hash = m.address_hash
  left join topics t on t.id = x.topic_id
  where m.contact_id = ${contactId} and x.lifted_at is null order by x.id desc`;

/** Years there are contacts of, newest first: the filter's choices. Walks contacts_by_year (nulls last, as here) from year to year. */
export async function listYears(): Promise<number[]> {
  const rows = await sql<{ year: number }>`
    with recursive years as (
      (select graduation_year as year from contacts where archived_at is null and graduation_year is not null order by graduation_year desc nulls last limit 1)
      union all
      select (select graduation_year from contacts c where c.archived_at is null and c.graduation_year < years.year order by graduation_year desc nulls last limit 1)
      from years where years.year is not null
    ) select year from years where year is not null`;
  return rows.map((row) => row.year);
}
