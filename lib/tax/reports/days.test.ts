import assert from "node:assert/strict";
import { it } from "node:test";
import { sameDay } from "./days.ts";

it("campaigns are compared on the same day of their own course", () => {
  const days = (today: string, year: number) => [0, 1, 2].map((back) => sameDay(today, year, year - back));
  assert.deepEqual(days("2026-06-30", 2026), ["2026-06-30", "2025-06-30", "2024-06-30"]);
  assert.deepEqual(days("2026-06-30", 2025), ["2025-06-30", "2024-06-30", "2023-06-30"], "one that is over");
  // In November the next campaign has begun: it is beside what the last one was a year ago, not what it became.
  assert.deepEqual(days("2026-11-27", 2027), ["2026-11-27", "2025-11-27", "2024-11-27"]);
  assert.deepEqual(days("2028-02-29", 2028), ["2028-02-28", "2027-02-28", "2026-02-28"]);
});
