import assert from "node:assert/strict";
import { test } from "node:test";
import { type Found, judge, silenceMinutes } from "#lib/machine/installation/rules";

const found: Found = {
  uuid: "c1",
  generation: 7,
  beat: 40,
  silence: 1,
  timeline: 1,
  currentTimeline: 1,
  heldWhy: null,
  due: true,
};
const witness = { generation: 7, beat: 40 };

test("a database that went on, with what is remembered of it", () => {
  assert.equal(judge(found, witness), "ok");
  assert.equal(judge(found, { generation: 7, beat: 39 }), "ok", "another machine's worker went further");
  assert.equal(judge(found, { generation: 6, beat: 900 }), "ok", "a life that was given up");
});

test("behind what is remembered, it was put back", () => {
  assert.deepEqual(judge(found, { generation: 7, beat: 41 }), { hold: "behind" });
  assert.deepEqual(judge(found, { generation: 8, beat: 1 }), { hold: "behind" });
});

test("nothing remembered of a database that lived: it came from elsewhere", () => {
  assert.deepEqual(judge(found, null), { hold: "absent" });
  assert.equal(judge({ ...found, uuid: null }, null), "first");
});

test("another timeline, a standby that took over: whatever the beat", () => {
  assert.deepEqual(judge({ ...found, currentTimeline: 2 }, witness), { hold: "timeline" });
  assert.deepEqual(judge({ ...found, currentTimeline: null }, witness), { hold: "timeline" }, "not promoted");
  assert.equal(judge({ ...found, timeline: null, currentTimeline: 2 }, witness), "ok", "not known before");
});

test("long silence holds when something is due, and else only renews", () => {
  assert.equal(judge({ ...found, silence: silenceMinutes }, witness), "ok");
  assert.deepEqual(judge({ ...found, silence: silenceMinutes + 0.1 }, witness), { hold: "silent" });
  assert.equal(judge({ ...found, silence: 9_999, due: false }, witness), "renew");
});

test("held stays held, whatever is found", () => {
  assert.equal(judge({ ...found, heldWhy: "restored", uuid: null }, null), "held");
});
