import { handler } from "#lib/gates/handler";
import { fillFor } from "#lib/letters/saved-replies/queries";
import { idOf } from "#lib/machine/asked";

/** The words of a saved reply, for whoever this draft is to. */
export const GET = handler("letters.send", async (_, user, { id = "", reply = "" }) => {
  const html = await fillFor(idOf(reply) ?? 0, idOf(id) ?? 0, user.id);
  if (html === null) return new Response(null, { status: 404 });
  return Response.json({ html }, { headers: { "Cache-Control": "private, no-store" } });
});
