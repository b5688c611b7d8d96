import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeAbsence, nextLook, ordinaryWaits, type Reading } from "#lib/letters/deliveries/evidence";
import { env } from "#lib/machine/env";

/** Minutes after a message was given up. */
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 12) + minutes * 60_000);
const lost = { announcedAt: at(-0.5), unknownAt: at(0) };

const nothing: Reading = {
  at: at(1),
  since: at(-1000),
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

test("copies of before, and of one announced later than any server holds a message: it was never accepted", () => {
  assert.equal(verdict({ at: at(12), ...copies(-5, 10), lastSent: at(10.2) }), "notInSent");
  assert.equal(verdict({ at: at(12), ...copies(-5, 9.9), lastSent: at(10.2) }), "tooEarly");
});

test("only copies of after, or of those beside it: nothing tells that this folder was the one then", () => {
  for (const first of [15, 0, -0.4]) {
    assert.equal(verdict({ at: at(19), ...copies(first, 15), lastSent: at(15) }), "tooEarly");
    assert.equal(verdict({ at: at(90), ...copies(first, 15), lastSent: at(15) }), "noControl");
    assert.equal(verdict({ at: at(90), ...copies(first, 0.1), lastSent: at(0.5) }), "noControl");
  }
});

test("a folder read only since it was announced is never the judge", () => {
  const whole = { at: at(90), ...copies(-5, 15), lastSent: at(15) };
  assert.equal(verdict({ ...whole, since: at(-0.5) }), "notInSent");
  assert.equal(verdict({ ...whole, since: at(-0.4) }), "newFolder");
  assert.equal(verdict({ ...whole, since: at(80) }), "newFolder");
});

test("never before the longest wait for an answer is over, however it is set", () => {
  assert.ok(ordinaryWaits.first >= env.replySeconds);
  assert.ok(ordinaryWaits.margin >= env.replySeconds);
  assert.ok(ordinaryWaits.quiet >= env.replySeconds + ordinaryWaits.filing);
});

test("copies of before say nothing while later messages are awaited in the folder", () => {
  const before = copies(-5, -1);
  assert.equal(verdict({ at: at(30), ...before, lastSent: at(13) }), "noControl");
  assert.equal(verdict({ at: at(30), ...before, lastSent: at(13), lastFiled: at(13) }), "tooEarly");
  assert.equal(verdict({ at: at(61), ...before, lastSent: at(13), lastFiled: at(13) }), "noCopies");
});

test("when nothing was sent any more, copies of before will do after twenty minutes", () => {
  const before = { ...copies(-5, -1), lastSent: at(-0.5) };
  assert.equal(verdict({ at: at(19), ...before }), "tooEarly");
  assert.equal(verdict({ at: at(20), ...before }), "notInSent");
  assert.equal(verdict({ at: at(90), ...before }), "notInSent");
});

test("the last ones sent within ten minutes of it must be filed, those beside it need not", () => {
  assert.equal(verdict({ at: at(30), ...copies(-5, -1), lastSent: at(0.9) }), "notInSent");
  assert.equal(verdict({ at: at(30), ...copies(-5, -1), lastSent: at(5) }), "noControl");
  assert.equal(verdict({ at: at(19), ...copies(-5, 5), lastSent: at(5) }), "tooEarly");
  assert.equal(verdict({ at: at(30), ...copies(-5, 5), lastSent: at(5) }), "notInSent");
});

test("an empty folder means that it files nothing only if something was accepted long enough ago", () => {
  assert.equal(verdict({ at: at(21) }), "noControl");
  assert.equal(verdict({ at: at(21), lastSent: at(15), lastFiled: null }), "noControl");
  const before = { firstFiled: at(-30), lastFiled: at(-30), lastSent: at(-30) };
  assert.equal(verdict({ at: at(21), ...before }), "noCopies");
  assert.equal(verdict({ at: at(10), ...before }), "tooEarly");
});

test("a copy of a message tried twice may be the first try's: it proves that copies are filed and no more", () => {
  const twice = { lastCopy: at(15), lastSent: at(15), lastFiled: at(15), firstFiled: at(15) };
  assert.equal(verdict({ at: at(61), ...twice }), "noControl");
  const before = { lastCopy: at(-5), lastSent: at(-5), lastFiled: at(-5) };
  assert.equal(verdict({ at: at(61), ...twice, ...before }), "noControl");
});

test("looks grow rarer and never end", () => {
  const delays = [1, 2, 3, 8, 9, 10, 1000].map((looks) => nextLook(looks));
  assert.deepEqual(delays, [60, 120, 240, 10_800, 21_600, 21_600, 21_600]);
  assert.deepEqual(
    [...ordinaryWaits.again].sort((a, b) => a - b),
    ordinaryWaits.again,
  );
});
