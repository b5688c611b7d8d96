import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { findProgress } from "#lib/sites/sources/queries";

export const GET = handler("sources.read", async (_, __, params) => {
  const progress = await findProgress(idOf(params.id) ?? 0);
  return progress ? Response.json(progress) : Response.json({ error: "not_found" }, { status: 404 });
});
