import type { Runner } from "#lib/machine/db";
import { sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/** Days during which a set can be undone. */
const undoDays = 30;

/** Whether a set may still be undone; the statement below has the last word. */
export const isUndoable = (set: { status: string; createdAt: Date }): boolean =>
  set.status === "applied" && set.createdAt.getTime() > Date.now() - undoDays * 86_400_000;

/**
 * Has a set undone, by the worker; in the caller's transaction.
 * @unaudited Whoever made the set audits it under its own noun.
 */
export async function startUndo(
  client: Runner,
  id: number,
  by: number,
): Promise<Result<unknown, "notUndoable">> {
  const started = await sqlOn(client)`
    update change_sets set status = 'undoing', undo_user_id = ${by}
    where id = ${id} and status = 'applied' and created_at > now() - make_interval(days => ${undoDays})
      and exists (select from changes where set_id = ${id}) returning id`;
  return started.length === 1 ? ok : refused("notUndoable");
}
