import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromWallClock, wallClock } from "#lib/machine/paris";

const instant = (local: string) => fromWallClock(local)?.toISOString() ?? null;

describe("the clock of Paris", () => {
  it("is one hour ahead in winter, two in summer", () => {
    assert.equal(instant("2026-12-01T09:00"), "2026-12-01T08:00:00.000Z");
    assert.equal(instant("2026-07-01T09:00"), "2026-07-01T07:00:00.000Z");
  });

  it("has no 02:30 on the night it skips an hour", () => {
    assert.equal(instant("2026-03-29T01:59"), "2026-03-29T00:59:00.000Z");
    assert.equal(instant("2026-03-29T02:00"), null);
    assert.equal(instant("2026-03-29T02:59"), null);
    assert.equal(instant("2026-03-29T03:00"), "2026-03-29T01:00:00.000Z");
  });

  it("takes the first of the two 02:30 of autumn", () => {
    assert.equal(instant("2026-10-25T02:30"), "2026-10-25T00:30:00.000Z");
    assert.equal(instant("2026-10-25T03:00"), "2026-10-25T02:00:00.000Z");
  });

  it("knows no 31 February, nor words", () => {
    assert.equal(instant("2026-02-31T10:00"), null);
    assert.equal(instant("tomorrow"), null);
  });

  it("reads back what it wrote, every hour of a year but the repeated one", () => {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const back = fromWallClock(wallClock(new Date(at)))?.getTime();
      assert.ok(
        back === at || (back === at - 3_600_000 && at === Date.UTC(2026, 9, 25, 1)),
        new Date(at).toISOString(),
      );
    }
  });
});
