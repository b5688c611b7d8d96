import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { intervalOf, isBelievable, ruleBounds, ruleNames } from "./rules.ts";

const day = 86_400_000;
const seenAt = new Date("2026-11-27T08:00:00Z");
const at = (days: number) => new Date(seenAt.getTime() + days * day);
const reading = (database: number, process = database) =>
  isBelievable({ seenAt, databaseNow: at(database), processNow: at(process) });

describe("a clock is believed", () => {
  it("as it goes on, and after a month's rest", () => {
    assert.ok(reading(0));
    assert.ok(reading(1 / 288));
    assert.ok(reading(35));
  });

  it("not after a leap, ahead or back", () => {
    assert.ok(!reading(35.1));
    assert.ok(!reading(3_650));
    assert.ok(reading(-0.9));
    assert.ok(!reading(-1.1));
  });

  it("not when the process and the database disagree by more than a day", () => {
    assert.ok(reading(2, 1.1));
    assert.ok(!reading(2, 0.9));
    assert.ok(!reading(2, 3.1));
  });
});

describe("a duration", () => {
  it("is within its bounds and reads as PostgreSQL wants it", () => {
    for (const name of ruleNames) assert.ok(ruleBounds[name].min < ruleBounds[name].max, name);
    assert.equal(intervalOf("contacts", 36), "36 months");
    assert.equal(intervalOf("sandbox", 30), "30 days");
  });
});
