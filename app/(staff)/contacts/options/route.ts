import { listContacts } from "#lib/contacts/queries";
import { contactSearch } from "#lib/contacts/schema";
import { handler } from "#lib/handler";

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
