import { searched } from "#lib/asked";
import { handler } from "#lib/handler";
import { searchOrganisations } from "#lib/organisations/queries";

/** The choices of a field where one types an organisation's name. */
export const GET = handler("organisations.read", async (request) => {
  const found = await searchOrganisations(searched.parse(new URL(request.url).searchParams.get("q")));
  return Response.json({
    options: found.map(({ id, name, city }) => ({ value: String(id), label: name, hint: city })),
  });
});
