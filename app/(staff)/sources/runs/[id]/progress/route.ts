import { handler } from "#lib/handler";
import { findProgress } from "#lib/sources/queries";
import { sourceId } from "#lib/sources/schema";

export const GET = handler("sources.read", async (_, __, params) => {
  const progress = await findProgress(sourceId.safeParse(params).data?.id ?? 0);
  return progress ? Response.json(progress) : Response.json({ error: "not_found" }, { status: 404 });
});
