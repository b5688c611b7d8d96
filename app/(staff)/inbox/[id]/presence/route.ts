import { handler } from "#lib/gates/handler";
import { beat } from "#lib/letters/threads/mutations";
import { findPresence, findThread } from "#lib/letters/threads/queries";
import { idOf } from "#lib/machine/asked";

/** Asked every ten seconds by an open page: who writes here now, and how far the thread has come. */
export const POST = handler("letters.send", async (request, user, { id }) => {
  const thread = await findThread(idOf(id) ?? 0, user);
  if (!thread) return Response.json({ error: "not_found" }, { status: 404 });
  if (new URL(request.url).searchParams.get("writes") === "yes") await beat(thread.id, user.id);
  return Response.json(await findPresence(thread.id, user.id));
});
