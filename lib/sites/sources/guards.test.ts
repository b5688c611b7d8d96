/** Each guard holds a run just above its limit, and not at it; a small source is never held for a share. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Facts, heldFor } from "#lib/sites/sources/guards";

const set = {
  applies: "auto",
  holdUpdated: 20,
  holdEmptied: 5,
  holdRejected: 5,
  holdFewer: 10,
  holdCreated: 200,
};
const quiet: Facts = {
  known: 1000,
  read: 1000,
  before: 1000,
  created: 0,
  updated: 0,
  emptied: 0,
  rejected: 0,
};
const held = (facts: Partial<Facts>, origin = "pull", more = {}) =>
  heldFor(origin, { ...quiet, ...facts }, { ...set, ...more }).map(({ guard, count, limit }) => [
    guard,
    count,
    limit,
  ]);

test("a usual run is held by nothing", () => assert.deepEqual(held({}), []));

for (const [facts, guard, limit] of [
  [{ created: 200 }, "created", 200],
  [{ known: 5000, created: 500 }, "created", 500],
  [{ updated: 200 }, "updated", 200],
  [{ emptied: 50 }, "emptied", 50],
  [{ rejected: 50 }, "rejected", 50],
] as const)
  test(`${guard}: ${limit} pass, one more is held`, () => {
    assert.deepEqual(held(facts), []);
    const key = guard as "created";
    assert.deepEqual(held({ ...facts, [key]: limit + 1 }), [[guard, limit + 1, limit]]);
  });

test("twenty people are never a mass, twenty-one of a small source are", () => {
  const small = { known: 30, read: 30, before: 30 };
  assert.deepEqual(held({ ...small, updated: 20, emptied: 20, rejected: 20 }), []);
  assert.deepEqual(
    held({ ...small, updated: 21, emptied: 21, rejected: 21 }).map(([guard]) => guard),
    ["updated", "emptied", "rejected"],
  );
});

test("a site that gives fewer people is held; a small one only when it gives nobody; a first run never", () => {
  assert.deepEqual(held({ read: 900 }), []);
  assert.deepEqual(held({ read: 899 }), [["fewer", 899, 1000]]);
  assert.deepEqual(held({ known: 20, before: 20, read: 1 }), []);
  assert.deepEqual(held({ known: 20, before: 20, read: 0 }), [["fewer", 0, 20]]);
  assert.deepEqual(held({ known: 100, before: 100, read: 80 }), []);
  assert.deepEqual(held({ known: 100, before: 100, read: 79 }), [["fewer", 79, 100]]);
  assert.deepEqual(held({ known: 0, before: null, read: 0 }), []);
  assert.deepEqual(held({ read: 1 }, "upload"), []);
});

test("a source that asks, and a replay, always wait", () => {
  assert.deepEqual(held({ created: 1 }, "pull", { applies: "ask" }), [["ask", 1, 0]]);
  assert.deepEqual(held({ updated: 2 }, "replay"), [["replay", 2, 0]]);
});
