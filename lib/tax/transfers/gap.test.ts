import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainGap, type Promised } from "./gap.ts";

const promised = (more: Partial<Promised>): Promised => ({
  lowCents: 100_000,
  highCents: 100_000,
  share: 4_000,
  allocated: true,
  receivedCents: 0,
  fee: 400,
  correctionCents: 0,
  transfer1: true,
  transfer2: true,
  ...more,
});

describe("the difference between promised and received", () => {
  for (const [name, more, causes] of [
    ["is nothing when the promise came whole", { receivedCents: 100_000 }, []],
    ["is the fees", { receivedCents: 96_000 }, [["fees", -4_000]]],
    ["is the fees, lower than usual", { receivedCents: 98_000 }, [["fees", -2_000]]],
    ["is nothing inside an estimate", { lowCents: 50_000, receivedCents: 70_000 }, []],
    ["is fees just below an estimate", { lowCents: 50_000, receivedCents: 48_500 }, [["fees", -1_500]]],
    [
      "is a base smaller than the estimate",
      { lowCents: 50_000, receivedCents: 20_000 },
      [
        ["fees", -2_000],
        ["baseLower", -28_000],
      ],
    ],
    [
      "is a base bigger than told",
      { receivedCents: 131_000 },
      [
        ["fees", -4_000],
        ["baseHigher", 35_000],
      ],
    ],
    [
      "is another share, smaller",
      { receivedCents: 48_000 },
      [
        ["fees", -4_000],
        ["otherShare", -48_000, 2_000],
      ],
    ],
    [
      "is another share, bigger than the pledge",
      { receivedCents: 240_000 },
      [
        ["fees", -4_000],
        ["otherShare", 144_000, 10_000],
      ],
    ],
    [
      "is never more than a hundred per cent",
      { receivedCents: 252_000 },
      [
        ["fees", -4_000],
        ["baseHigher", 156_000],
      ],
    ],
    [
      "is the rest of period 1, before the second transfer",
      { receivedCents: 71_000, transfer2: false },
      [
        ["fees", -4_000],
        ["partialPeriod1", -25_000],
      ],
    ],
    [
      "is not known",
      { receivedCents: 71_000 },
      [
        ["fees", -4_000],
        ["unexplained", -25_000],
      ],
    ],
    [
      "is a few cents nobody explains",
      { receivedCents: 95_900 },
      [
        ["fees", -4_000],
        ["unexplained", -100],
      ],
    ],
    [
      "is a correction only when the company says so",
      { receivedCents: 71_000, correctionCents: -20_000 },
      [
        ["fees", -4_000],
        ["correction", -20_000],
        ["unexplained", -5_000],
      ],
    ],
    [
      "is no correction the other way",
      { receivedCents: 71_000, correctionCents: 20_000 },
      [
        ["fees", -4_000],
        ["unexplained", -25_000],
      ],
    ],
    [
      "is no more correction than is missing",
      { receivedCents: 90_000, correctionCents: -50_000 },
      [
        ["fees", -4_000],
        ["correction", -6_000],
      ],
    ],
    ["is awaited before the first transfer", { transfer1: false, transfer2: false }, [["waiting", -100_000]]],
    [
      "is awaited of whoever did not allocate yet",
      { allocated: false, transfer2: false },
      [["waiting", -100_000]],
    ],
    [
      "is a partial first period, between the transfers",
      { transfer2: false },
      [["partialPeriod1", -100_000]],
    ],
    ["is a choice that was not saved", {}, [["notSaved", -100_000]]],
    ["went to the reliquat", { allocated: false }, [["reliquat", -100_000]]],
    ["is not counted where nothing was expected", { lowCents: null, highCents: null, receivedCents: 9 }, []],
    ["is not counted where nothing could be expected", { lowCents: 0, highCents: 0, receivedCents: 9 }, []],
    [
      "has no other share of a base that was only estimated",
      { lowCents: 50_000, receivedCents: 24_000 },
      [
        ["fees", -2_000],
        ["baseLower", -24_000],
      ],
    ],
    [
      "has no other share without a share",
      { share: null, receivedCents: 48_000 },
      [
        ["fees", -4_000],
        ["unexplained", -48_000],
      ],
    ],
  ] as [string, Partial<Promised>, [string, number, number?][]][])
    it(name, () =>
      assert.deepEqual(
        explainGap(promised(more)).map(({ cause, cents, share }) =>
          share ? [cause, cents, share] : [cause, cents],
        ),
        causes,
      ),
    );

  it("adds up to the cent, whatever came", () => {
    for (let received = 0; received < 250_000; received += 1_237)
      for (const [lowCents, highCents] of [
        [100_000, 100_000],
        [40_001, 99_999],
      ])
        for (const transfer2 of [true, false]) {
          const one = promised({
            lowCents,
            highCents,
            receivedCents: received,
            transfer2,
            correctionCents: -7_777,
          });
          const causes = explainGap(one);
          const told = Math.min(Math.max(received, Number(lowCents)), Number(highCents));
          assert.equal(
            causes.reduce((sum, { cents }) => sum + cents, 0),
            received - told,
            `${received}`,
          );
          assert.ok(causes.every(({ cents }) => cents !== 0));
        }
  });
});
