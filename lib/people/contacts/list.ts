/** The contact list as SQL: one statement whatever the filters, each sort met by an index, each page by its keys. */

import type { Cursor, KeyKind, Values } from "#lib/machine/keyset";
import { interestSql } from "#lib/people/contacts/interest";
import type { ContactSearch, ContactSort } from "#lib/people/contacts/schema";
import { addressed, named, searchTerms } from "#lib/people/contacts/terms";

type Order = { keys: string[]; kinds: KeyKind[]; direction: "asc" | "desc" };

/** The columns of contacts_by_name, contacts_by_creation and contacts_by_recent_year. */
export const orders: Record<ContactSort, Order> = {
  name: { keys: ["c.sort_name", "c.id"], kinds: ["text", "id"], direction: "asc" },
  newest: { keys: ["c.created_at", "c.id"], kinds: ["instant", "id"], direction: "desc" },
  year: {
    keys: ["(-coalesce(c.graduation_year, 0))", "c.sort_name", "c.id"],
    kinds: ["number", "text", "id"],
    direction: "asc",
  },
};

export type Filter = Pick<ContactSearch, "q" | "kind" | "year" | "state" | "interest">;

/** Selects the ids of all contacts of a filter, unordered: what is counted. Each branch stops at `limit`. */
export function matching(filter: Filter, values: Values, limit: number | null): string {
  const stop = limit === null ? "" : ` limit ${limit}`;
  return looks(filter, values)
    .map((look) => `(select c.id from contacts c where ${look}${stop})`)
    .join(" union ");
}

/** Selects the ids of one page, in the cursor's direction, at most `limit`. */
export function page(
  filter: Filter,
  sort: ContactSort,
  cursor: Cursor | null,
  limit: number,
  values: Values,
): string {
  const { keys, direction } = orders[sort];
  const flipped = cursor?.backward === true;
  const way = (direction === "asc") !== flipped ? "asc" : "desc";
  const beyond = cursor
    ? ` and (${keys.join(", ")}) ${way === "asc" ? ">" : "<"} (${cursor.keys.map((key) => values.add(key)).join(", ")})`
    : "";
  const order = keys.map((key) => `${key} ${way}`).join(", ");
  const branches = looks(filter, values).map(
    (look) => `(select c.id from contacts c where ${look}${beyond} order by ${order} limit ${limit})`,
  );
  const [branch, ...others] = branches;
  if (branch && others.length === 0) return branch;
  // A name and an address may find the same person: each branch walks its own index, then the few rows are merged.
  return `select c.id from contacts c where c.id in (${branches.join(" union ")}) order by ${order} limit ${limit}`;
}

/** A search is looked for in names and in addresses, each through its own index. */
function looks(filter: Filter, values: Values): string[] {
  const others = [
    `c.archived_at is ${filter.state === "archived" ? "not null" : "null"}`,
    ...(filter.kind ? [`c.kind = ${values.add(filter.kind)}::"ContactKind"`] : []),
    ...(filter.interest ? [interestSql(filter.interest)] : []),
    ...(filter.year ? [`c.graduation_year = ${values.add(filter.year)}::int`] : []),
  ];
  const terms = searchTerms(filter.q);
  if (!terms) return [others.join(" and ")];
  const byName = named(terms, values, "c.sort_name");
  const byAddress = addressed(terms, values, "m.address");
  const found = [
    ...(byName === "false" ? [] : [byName]),
    ...(byAddress === "false"
      ? []
      : [`c.id in (select m.contact_id from email_addresses m where ${byAddress})`]),
  ];
  return found.length > 0 ? found.map((look) => [...others, look].join(" and ")) : ["false"];
}
