import { handler } from "#lib/gates/handler";
import { listContacts } from "#lib/people/contacts/queries";
import { contactSearch } from "#lib/people/contacts/schema";

/** The choices of a field where one types a contact's name. */
export const GET = handler("contacts.read", async (request) => {
  const q = new URL(request.url).searchParams.get("q") ?? "";
  const { rows } = await listContacts(contactSearch.parse({ q }));
  const options = rows.slice(0, 10).map((row) => ({
    value: String(row.id),
    label: `${row.firstName} ${row.lastName}`.trim(),
    hint: row.address ?? row.city,
  }));
  return Response.json({ options });
});
