import { handler } from "#lib/gates/handler";
import { searched } from "#lib/machine/asked";
import { searchOrganisations } from "#lib/people/organisations/queries";

/** The choices of a field where one types an organisation's name. */
export const GET = handler("organisations.read", async (request) => {
  const found = await searchOrganisations(searched.parse(new URL(request.url).searchParams.get("q")));
  return Response.json({
    options: found.map(({ id, name, city }) => ({ value: String(id), label: name, hint: city })),
  });
});
