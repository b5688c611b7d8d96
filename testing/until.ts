/** Waiting in tests for a condition rather than for a while: what never comes fails within seconds, and says what it was. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "#lib/machine/db";

/** @throws AssertionError naming `what` when it did not come true within so many seconds. */
export async function until(is: () => unknown, what: string, seconds = 20): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (; !(await is()); await sleep(10))
    assert.ok(performance.now() < end, `not within ${seconds} s: ${what}`);
}

/** Until `value` has stayed the same for so many milliseconds; it must within so many seconds. */
export async function untilStill(
  value: () => number,
  what: string,
  still: number,
  seconds: number,
): Promise<void> {
  let [last, since] = [value(), performance.now()];
  const isStill = () => {
    const now = value();
    if (now !== last) [last, since] = [now, performance.now()];
    return performance.now() - since >= still;
  };
  await until(isStill, what, seconds);
}

/**
 * Until `is`, for as long as `moved` says something else from time to time: a broken engine fails within seconds of
 * standing still, a slow machine does not.
 */
export async function untilMoving(
  is: () => unknown,
  moved: () => unknown,
  what: string,
  still = 20,
): Promise<void> {
  let [last, since] = [await moved(), performance.now()];
  for (; !(await is()); await sleep(10)) {
    const now = await moved();
    if (now !== last) [last, since] = [now, performance.now()];
    assert.ok(performance.now() - since < still * 1000, `nothing moves for ${still} s: ${what}`);
  }
}

/** What `promise` gives; @throws AssertionError naming `what` when it gives nothing within so many seconds. */
export const within = <T>(promise: Promise<T>, what: string, seconds = 10): Promise<T> =>
  Promise.race([
    promise,
    sleep(seconds * 1000, null, { ref: false }).then(() => assert.fail(`not within ${seconds} s: ${what}`)),
  ]);

/** Until somebody waits for a lock in this file's database: a race is then where the test wants it. */
export const untilBlocked = () =>
  until(
    async () =>
      (
        await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      ).length > 0,
    "nobody waits for the lock",
  );
