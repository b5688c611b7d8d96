import { handler } from "#lib/gates/handler";
import { listColumn } from "#lib/tax/pledges/queries";
import { columnSearch } from "#lib/tax/pledges/schema";

/** The following cards of a column of the board. */
export const GET = handler("tax.read", async (request) => {
  const asked = columnSearch.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) return Response.json({ error: "invalid" }, { status: 400 });
  const { year, state, owner, after } = asked.data;
  return Response.json(await listColumn(year, state, { owner, after }));
});
