import type { ContactSearch } from "#lib/people/contacts/schema";

/** The address of the list with other filters; the cursor goes unless it is given. */
export function address(search: ContactSearch, change: Partial<ContactSearch>, path = "/contacts"): string {
  const { q, kind, year, interest, state, sort } = search;
  const all = { q, kind, year, interest, state, sort, ...change };
  const kept = new URLSearchParams();
  for (const [name, value] of Object.entries(all))
    if (value !== undefined && value !== "" && !(name === "sort" && value === "name"))
      kept.set(name, String(value));
  return kept.size > 0 ? `${path}?${kept}` : path;
}
