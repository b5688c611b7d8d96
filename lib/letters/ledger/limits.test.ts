import assert from "node:assert/strict";
import { test } from "node:test";
import { effectiveLimits, type LimitedRelay, reserve, warmUpAllowance } from "#lib/letters/ledger/limits";

const now = new Date("2026-03-02T10:00:00Z");
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3600 * 1000);
const relay: LimitedRelay = {
  maxConnections: 3,
  perMinute: 60,
  perHour: null,
  perDay: 1_800,
  learnedConnections: null,
  learnedPerMinute: null,
  learnedPerDay: null,
  learnedUntil: null,
  warmUpFrom: null,
  warmUpDays: null,
  warmUpSince: null,
};

test("what replies taught lowers a limit until it lapses, and never raises it", () => {
  const taught = { ...relay, learnedConnections: 1, learnedPerMinute: 200, learnedPerDay: 400 };
  const during = effectiveLimits({ ...taught, learnedUntil: inDays(1) }, now);
  assert.deepEqual(during, { connections: 1, perMinute: 60, perHour: null, perDay: 400 });
  const after = effectiveLimits({ ...taught, learnedUntil: now }, now);
  assert.deepEqual(after, { connections: 3, perMinute: 60, perHour: null, perDay: 1_800 });
});

test("a warm-up grows from its first day to the day's limit by a constant factor", () => {
  const warming = { ...relay, warmUpFrom: 50, warmUpDays: 4, warmUpSince: now, perDay: 800 };
  const days = [0, 1, 2, 3, 3.9, 4].map((day) => warmUpAllowance(warming, inDays(day)));
  assert.deepEqual(days, [50, 100, 200, 400, 400, null]);
  assert.equal(effectiveLimits(warming, inDays(1)).perDay, 100);
  assert.equal(effectiveLimits(warming, inDays(9)).perDay, 800);
  assert.equal(warmUpAllowance({ ...warming, perDay: null }, inDays(2)), 200, "no limit: it doubles");
  assert.equal(
    warmUpAllowance({ ...warming, perDay: 20 }, inDays(2)),
    50,
    "a limit below the start decides by itself",
  );
  for (const missing of [{ warmUpFrom: null }, { warmUpDays: null }, { warmUpSince: null }])
    assert.equal(warmUpAllowance({ ...warming, ...missing }, inDays(1)), null, JSON.stringify(missing));
});

test("campaigns leave a twentieth of an hour and of a day to letters", () => {
  assert.deepEqual([1, 19, 20, 100, 401].map(reserve), [0, 0, 1, 5, 21]);
});
