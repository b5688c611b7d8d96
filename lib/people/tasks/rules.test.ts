import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  daysAfter,
  mondayAfter,
  postponed,
  standingOf,
  todayInParis,
  workdayAfter,
} from "#lib/people/tasks/rules";

describe("days of follow-ups", () => {
  it("are those of Paris, whatever the hour of the machine", () => {
    assert.equal(todayInParis(new Date("2026-11-27T22:59:00Z")), "2026-11-27");
    assert.equal(todayInParis(new Date("2026-11-27T23:00:00Z")), "2026-11-28");
  });

  it("count over months, years and the changes of the hour", () => {
    assert.equal(daysAfter("2026-12-31", 1), "2027-01-01");
    assert.equal(daysAfter("2028-02-28", 1), "2028-02-29");
    assert.equal(daysAfter("2026-10-25", 1), "2026-10-26");
    assert.equal(daysAfter("2026-03-01", -1), "2026-02-28");
  });

  it("Monday is the next one, never today", () => {
    const week = ["2026-11-23", "2026-11-24", "2026-11-27", "2026-11-28", "2026-11-29"];
    assert.deepEqual(
      week.map(mondayAfter),
      week.map(() => "2026-11-30"),
    );
    assert.equal(mondayAfter("2026-11-30"), "2026-12-07");
  });

  it("the next day of work is never a Saturday or a Sunday", () => {
    const week = ["2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"];
    assert.deepEqual(week.map(workdayAfter), [
      "2026-11-27",
      "2026-11-30",
      "2026-11-30",
      "2026-11-30",
      "2026-12-01",
    ]);
  });

  it("a late task is moved from today, not from the day it was missed", () => {
    assert.equal(postponed("2026-11-02", "tomorrow", "2026-11-27"), "2026-11-28");
    assert.equal(postponed("2026-12-10", "tomorrow", "2026-11-27"), "2026-12-11");
    assert.equal(postponed("2026-11-02", "monday", "2026-11-27"), "2026-11-30");
    assert.equal(postponed("2026-12-10", "monday", "2026-11-27"), "2026-12-14");
  });

  it("is late from the day after, or once its hour has passed", () => {
    const open = { dueOn: "2026-11-27", dueTime: null, doneAt: null };
    assert.equal(standingOf(open, "2026-11-27T23:59"), "today");
    assert.equal(standingOf(open, "2026-11-28T00:00"), "late");
    assert.equal(standingOf(open, "2026-11-26T23:59"), "coming");
    assert.equal(standingOf({ ...open, dueTime: "14:00" }, "2026-11-27T14:00"), "today");
    assert.equal(standingOf({ ...open, dueTime: "14:00" }, "2026-11-27T14:01"), "late");
    assert.equal(standingOf({ ...open, dueTime: "14:00" }, "2026-11-26T15:00"), "coming");
    assert.equal(standingOf({ ...open, doneAt: new Date() }, "2026-12-27T14:01"), "done");
  });
});
