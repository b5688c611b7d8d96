import { db } from "#lib/db";
import { ok, type Result } from "#lib/result";

/** Empties both folders. What was already read from the mailbox stays in « Retours ». */
export async function clearSandbox(): Promise<Result<{ count: number }>> {
  const { count } = await db.sandboxMessage.deleteMany({});
  return { ...ok, count };
}
