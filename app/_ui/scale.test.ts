import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { barsOf, sharesOf, ticksFor } from "./scale.ts";

describe("a chart’s scale", () => {
  it("goes by round steps to just above the highest", () => {
    assert.deepEqual(ticksFor(978), [0, 500, 1000]);
    assert.deepEqual(ticksFor(31), [0, 10, 20, 30, 40]);
    assert.deepEqual(ticksFor(4), [0, 1, 2, 3, 4]);
    assert.deepEqual(ticksFor(20), [0, 5, 10, 15, 20]);
  });

  it("counts whole things, even when there are none", () => {
    assert.deepEqual(ticksFor(0), [0, 1]);
    assert.deepEqual(ticksFor(1), [0, 1]);
    assert.deepEqual(ticksFor(2), [0, 1, 2]);
  });
});

describe("bars", () => {
  const data = [
    { label: "a", sent: 8, refused: 2 },
    { label: "b", sent: 4, refused: 0 },
  ];

  it("stand side by side, or on each other", () => {
    const beside = barsOf(data, ["sent", "refused"], false);
    assert.deepEqual(
      beside.map(({ from, size }) => [from, size]),
      [
        [0, 8],
        [0, 2],
        [0, 4],
        [0, 0],
      ],
    );
    assert.equal(beside[1]?.left, (beside[0]?.left ?? 0) + (beside[0]?.width ?? 0));
    const stacked = barsOf(data, ["sent", "refused"], true);
    assert.deepEqual(
      stacked.map(({ from }) => from),
      [0, 8, 0, 4],
    );
    assert.equal(stacked[1]?.left, stacked[0]?.left);
  });

  it("are in the middle of their room", () => {
    const [one] = barsOf([{ n: 1 }], ["n"], false);
    assert.equal((one?.left ?? 0) + (one?.width ?? 0) / 2, 50);
  });
});

it("shares follow each other and make the whole", () => {
  assert.deepEqual(sharesOf([1, 3]), [
    { from: 0, size: 25 },
    { from: 25, size: 75 },
  ]);
  assert.deepEqual(sharesOf([0]), [{ from: 0, size: 0 }]);
});
