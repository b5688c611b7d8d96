import { handler } from "#lib/handler";
import { search } from "#lib/search/queries";

/** For the command palette: `?q=`. */
export const GET = handler("search.use", async (request) =>
  Response.json(await search(new URL(request.url).searchParams.get("q") ?? "")),
);
