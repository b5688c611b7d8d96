import assert from "node:assert/strict";
import { test } from "node:test";
import { isOverdue, isUndrilled, kept, surplus } from "#lib/machine/backups/rules";

const nights = (count: number, last = "2026-11-27") =>
  Array.from({ length: count }, (_, i) => {
    const day = new Date(`${last}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() - i);
    return day.toISOString().slice(0, 10);
  });

test("the last seven nights are kept, whatever else", () => {
  assert.deepEqual(surplus(nights(7)), []);
  assert.deepEqual(surplus([]), []);
});

test("then the last of each week, then of each month, for a year", () => {
  const all = nights(800);
  const gone = new Set(surplus(all));
  const left = all.filter((day) => !gone.has(day));
  assert.ok(left.length <= kept.days + kept.weeks + kept.months, String(left.length));
  for (const day of [
    "2026-11-27",
    "2026-11-21",
    "2026-11-15",
    "2026-11-08",
    "2026-10-31",
    "2026-09-30",
    "2025-12-31",
  ])
    assert.ok(left.includes(day), day);
  for (const day of ["2026-11-20", "2026-11-14", "2025-11-30", "2026-09-29"]) assert.ok(gone.has(day), day);
});

test("day after day the same are kept as at once", () => {
  let daily: string[] = [];
  for (const day of nights(500).reverse()) {
    daily = [...daily, day];
    const gone = new Set(surplus(daily));
    daily = daily.filter((one) => !gone.has(one));
  }
  const gone = new Set(surplus(nights(500)));
  assert.deepEqual(
    daily.sort(),
    nights(500)
      .filter((day) => !gone.has(day))
      .sort(),
  );
});

test("after a month without any, what there was is still there", () => {
  assert.deepEqual(surplus([...nights(7, "2026-10-15"), "2026-11-27"]), ["2026-10-09"]);
});

test("two missed nights are told, and a trial older than five weeks", () => {
  const now = new Date("2026-11-27T12:00:00Z");
  const ago = (hours: number) => new Date(now.getTime() - hours * 3600_000);
  assert.deepEqual(
    [isOverdue(null, now), isOverdue(ago(59), now), isOverdue(ago(61), now)],
    [true, false, true],
  );
  assert.deepEqual(
    [isUndrilled(null, now), isUndrilled(ago(839), now), isUndrilled(ago(841), now)],
    [true, false, true],
  );
});
