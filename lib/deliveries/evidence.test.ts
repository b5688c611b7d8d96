import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAbsence, nextLook, ordinaryWaits, type Reading } from "#lib/deliveries/evidence";

/** Minutes after a message was given up. */
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 12) + minutes * 60_000);
const lost = { unknownAt: at(0) };

const nothing: Reading = {
  at: at(1),
  firstControl: null,
  lastControl: null,
  lastCopy: null,
  firstFiled: null,
  lastFiled: null,
  lastSent: null,
};
const verdict = (reading: Partial<Reading>) => judgeAbsence(lost, { ...nothing, ...reading });
const copies = (first: number, last: number) => ({
  firstControl: at(first),
  lastControl: at(last),
  lastCopy: at(last),
});

test("a message accepted a minute later has its copy there: this one was never accepted", () => {
  assert.equal(verdict({ at: at(2), ...copies(-5, 1), lastSent: at(1.2) }), "notInSent");
  assert.equal(verdict({ at: at(2), ...copies(-5, 0.9), lastSent: at(1.2) }), "tooEarly");
});

test("copies of before say nothing while later messages are awaited in the folder", () => {
  const before = copies(-5, -1);
  assert.equal(verdict({ at: at(20), ...before, lastSent: at(3) }), "noControl");
  assert.equal(verdict({ at: at(20), ...before, lastSent: at(3), lastFiled: at(3) }), "tooEarly");
  assert.equal(verdict({ at: at(61), ...before, lastSent: at(3), lastFiled: at(3) }), "noCopies");
});

test("when nothing was sent any more, a copy of before will do after a quarter of an hour", () => {
  const before = { ...copies(-5, -1), lastSent: at(-0.5) };
  assert.equal(verdict({ at: at(14), ...before }), "tooEarly");
  assert.equal(verdict({ at: at(15), ...before }), "notInSent");
  assert.equal(verdict({ at: at(90), ...before }), "notInSent");
});

test("the copy of one announced within the minute is no later one, and will do once it is quiet", () => {
  const close = { ...copies(0.2, 0.5), lastSent: at(0.5) };
  assert.equal(verdict({ at: at(14), ...close }), "tooEarly");
  assert.equal(verdict({ at: at(16), ...close }), "notInSent");
});

test("an empty folder means that it files nothing only if something was accepted long enough ago", () => {
  assert.equal(verdict({ at: at(16) }), "noControl");
  assert.equal(verdict({ at: at(16), lastSent: at(15), lastFiled: null }), "noControl");
  assert.equal(
    verdict({ at: at(16), firstFiled: at(-30), lastFiled: at(-30), lastSent: at(-30) }),
    "noCopies",
  );
  assert.equal(
    verdict({ at: at(10), firstFiled: at(-30), lastFiled: at(-30), lastSent: at(-30) }),
    "tooEarly",
  );
});

test("a copy of a message tried twice may be the first try's: it proves that copies are filed and no more", () => {
  const twice = { lastCopy: at(5), lastSent: at(5), lastFiled: at(5), firstFiled: at(5) };
  assert.equal(verdict({ at: at(61), ...twice }), "noControl");
  assert.equal(
    verdict({ at: at(61), ...twice, lastCopy: at(-5), lastSent: at(-5), lastFiled: at(-5) }),
    "noControl",
  );
});

test("looks grow rarer and never end", () => {
  const delays = [1, 2, 3, 8, 9, 10, 1000].map((looks) => nextLook(looks));
  assert.deepEqual(delays, [60, 120, 240, 10_800, 21_600, 21_600, 21_600]);
  assert.deepEqual(
    [...ordinaryWaits.again].sort((a, b) => a - b),
    ordinaryWaits.again,
  );
});
