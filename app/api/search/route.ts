import { handler } from "#lib/gates/handler";
import { searched } from "#lib/machine/asked";
import { search } from "#lib/office/search/queries";

/** For the command palette: `?q=`. */
export const GET = handler("search.use", async (request) =>
  Response.json(await search(searched.parse(new URL(request.url).searchParams.get("q")))),
);
