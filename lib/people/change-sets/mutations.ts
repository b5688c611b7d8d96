import type { Runner } from "#lib/machine/db";
import { sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/** Days during which a set can be undone. */
export const undoDays = 30;

/** Has a set undone, by the worker; in the caller's transaction, where whoever made the set audits and forgets its part. */
export async function startUndo(
  client: Runner,
  id: number,
  by: number,
): Promise<Result<unknown, "notUndoable">> {
  const started = await sqlOn(client)`
    update change_sets set status = 'undoing', undo_user_id = ${by}
    where id = ${id} and status = 'applied' and created_at > now() - make_interval(days => ${undoDays}) returning id`;
  return started.length === 1 ? ok : refused("notUndoable");
}
