import { db } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * A reply somebody has seen to; zero rows: a colleague was faster.
 * @unaudited A tick of the day’s work, taken back by a click.
 */
export async function markHandled(id: number): Promise<Result<object, "alreadyHandled">> {
  const { count } = await db.receivedMail.updateMany({
    where: { id, handledAt: null },
    data: { handledAt: new Date() },
  });
  return count === 1 ? ok : refused("alreadyHandled");
}

/** @unaudited The same tick, taken back. */
export async function markUnhandled(id: number): Promise<Result<object, "notHandled">> {
  const { count } = await db.receivedMail.updateMany({
    where: { id, handledAt: { not: null } },
    data: { handledAt: null },
  });
  return count === 1 ? ok : refused("notHandled");
}
