import type { NoticeData, NoticeKind } from "#lib/department/notices/schema";
import { db, pool, type Runner, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

/**
 * Tells the secretariat, in the application and in the next daily digest. Give `runner` to tell in the same
 * transaction.
 * @unaudited It tells; what it tells of was written by whoever calls.
 */
export async function notify(
  notice: { kind: NoticeKind; contactId?: number | null; data: NoticeData | Record<string, unknown> },
  runner: Runner = pool(),
): Promise<void> {
  await sqlOn(runner)`
    insert into notices (kind, contact_id, data)
    values (${notice.kind}, ${notice.contactId ?? null}::int, ${JSON.stringify(notice.data)}::jsonb)`;
}

/** @unaudited A tick of the day’s work, taken back by a click. */
export async function markNoticeSeen(id: number): Promise<Result<object, "notFound">> {
  const { count } = await db.notice.updateMany({ where: { id, seenAt: null }, data: { seenAt: new Date() } });
  return count === 1 ? ok : refused("notFound");
}

/** @unaudited The same tick, taken back. */
export async function markNoticeUnseen(id: number): Promise<Result<object, "notFound">> {
  const { count } = await db.notice.updateMany({
    where: { id, seenAt: { not: null } },
    data: { seenAt: null },
  });
  return count === 1 ? ok : refused("notFound");
}

/**
 * Everything up to the last one that the screen showed.
 * @unaudited The same tick for many.
 */
export async function markNoticesSeen(upTo: number): Promise<Result<{ count: number }>> {
  const { count } = await db.notice.updateMany({
    where: { id: { lte: upTo }, seenAt: null },
    data: { seenAt: new Date() },
  });
  return { ...ok, count };
}

/**
 * Those are in a daily letter: no other tells them again. `now` is the database's clock unless a test says otherwise.
 * @unaudited The worker’s letter, not anybody’s act.
 */
export async function markDigested(ids: number[], client: Runner, now: Date | null = null): Promise<void> {
  await sqlOn(client)`
    update notices set digested_at = coalesce(${now}::timestamptz, clock_timestamp())
    where id = any(${ids}::int[]) and digested_at is null`;
}
