import { idOf } from "#lib/asked";
import { handler } from "#lib/handler";
import { findProgress } from "#lib/sources/queries";

export const GET = handler("sources.read", async (_, __, params) => {
  const progress = await findProgress(idOf(params.id) ?? 0);
  return progress ? Response.json(progress) : Response.json({ error: "not_found" }, { status: 404 });
});
