/** Nothing is destroyed by a clock that may be wrong. */
import { recordAudit } from "#lib/department/audit/mutations";
import { notify } from "#lib/department/notices/mutations";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { ok } from "#lib/machine/result";
import { isBelievable } from "#lib/office/privacy/rules";

type Reading = { seen_at: Date; now: Date; held_at: Date | null };

/** The row stays locked until the caller's transaction ends. */
async function read(client: Runner): Promise<Reading> {
  const [reading] = await sqlOn(client)<Reading>`
    select seen_at, held_at, clock_timestamp() as now from purge_clock where id = 1 for update`;
  if (!reading) throw new Error("purge_clock has no row: the migrations write it");
  return reading;
}

/**
 * Whether the purge may go on. Time that passed while nothing ran does not count against those who are proposed:
 * nobody could see their names. A clock that leaped stops the purge and tells the secretariat, once.
 */
export const believeClock = (): Promise<boolean> =>
  transaction(async (client) => {
    const { seen_at, held_at, now } = await read(client);
    if (!isBelievable({ seenAt: seen_at, databaseNow: now, processNow: new Date() })) {
      await sqlOn(client)`update purge_clock set held_at = ${now}::timestamptz where id = 1`;
      if (held_at === null) {
        log.warn({ seenAt: seen_at, now }, "purge held: the clock leaped");
        await notify({ kind: "purgeHeld", data: {} }, client);
      }
      return false;
    }
    await moveOn(client, seen_at, now);
    return true;
  });

async function moveOn(client: Runner, seenAt: Date, now: Date) {
  await sqlOn(client)`
    update contact_reviews set proposed_at = proposed_at + (${now}::timestamptz - ${seenAt}::timestamptz)
    where kept_at is null and ${now}::timestamptz - ${seenAt}::timestamptz > interval '1 day'`;
  await sqlOn(client)`update purge_clock set seen_at = ${now}::timestamptz, held_at = null where id = 1`;
}

/** An administrator says that today's date is right: the purge goes on from here. */
export const confirmClock = (by: number) =>
  transaction(async (client) => {
    const { seen_at, now } = await read(client);
    await moveOn(client, seen_at, now);
    await recordAudit(
      {
        userId: by,
        action: "privacy.clockConfirmed",
        subject: "privacy",
        data: { seenAt: seen_at.toISOString() },
      },
      client,
    );
    return ok;
  });
