import { searched } from "#lib/asked";
import { handler } from "#lib/handler";
import { search } from "#lib/search/queries";

/** For the command palette: `?q=`. */
export const GET = handler("search.use", async (request) =>
  Response.json(await search(searched.parse(new URL(request.url).searchParams.get("q")))),
);
