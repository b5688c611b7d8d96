import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ratesWith } from "#lib/tax/rules/rates";
import { acceptShare, expectedOf, type Move, moveFault, movesFrom, pledgeStates } from "./rules.ts";

/** A move that has everything it could be asked for, long after the campaign. */
const ready: Omit<Move, "from" | "to"> = {
  unsolicited: null,
  covers: "siret",
  share: 4000,
  expected: true,
  why: "Donne ailleurs",
  today: "2025-12-15",
  period2Closes: "2025-10-24",
  transfer2: "2025-11-07",
  campaignYear: 2025,
};
/** One letter a target, in the order of the states: o allowed, t only by transfers, = unchanged, . never. */
const table: Record<(typeof pledgeStates)[number], string> = {
  //            to_solicit solicited pledged allocated received thanked refused lapsed unallocated
  to_solicit: "=ooot.o..",
  solicited: "o=oot.o.o",
  pledged: ".o=ot.ooo",
  allocated: "..o=t.ooo",
  received: "tttt=ottt",
  thanked: "ttttt=ttt",
  refused: "oooot.=..",
  lapsed: ".ooot..=.",
  unallocated: ".ooot...=",
};

describe("where a pledge may go", () => {
  const letters = { o: null, t: "onlyTransfers", "=": "unchanged", ".": "notFrom" } as const;
  for (const from of pledgeStates)
    it(`from ${from}`, () => {
      const told = pledgeStates.map((to) => moveFault({ ...ready, from, to }));
      assert.deepEqual(
        told,
        [...table[from]].map((letter) => letters[letter as keyof typeof letters]),
      );
      assert.deepEqual(
        movesFrom(from),
        pledgeStates.filter((_, at) => table[from][at] === "o"),
      );
    });
  it("never to received, whatever is known", () => {
    for (const from of pledgeStates)
      for (const unsolicited of [null, "alsaceMoselle", "asked"] as const)
        assert.ok(moveFault({ ...ready, from, to: "received", unsolicited }), from);
  });
});

describe("what a move must say", () => {
  const fault = (move: Partial<Move> & Pick<Move, "from" | "to">) => moveFault({ ...ready, ...move });
  it("who must not be solicited is not, but may promise by itself", () => {
    const unsolicited = "undisclosed";
    assert.equal(fault({ from: "to_solicit", to: "solicited", unsolicited }), "unsolicited");
    assert.equal(fault({ from: "refused", to: "to_solicit", unsolicited }), "unsolicited");
    assert.equal(fault({ from: "to_solicit", to: "pledged", unsolicited }), null);
    assert.equal(fault({ from: "to_solicit", to: "refused", unsolicited }), null);
  });
  it("an establishment of Alsace-Moselle has no solde; its company may have some elsewhere", () => {
    const unsolicited = "alsaceMoselle";
    for (const to of ["pledged", "allocated"] as const) {
      assert.equal(fault({ from: "to_solicit", to, unsolicited }), "noSolde");
      assert.equal(fault({ from: "to_solicit", to, unsolicited, covers: "siren" }), null);
    }
  });
  it("a promise says a share or a sum", () => {
    for (const to of ["pledged", "allocated"] as const) {
      assert.equal(fault({ from: "solicited", to, share: null, expected: false }), "needsShare");
      assert.equal(fault({ from: "solicited", to, share: null, expected: true }), null);
      assert.equal(fault({ from: "solicited", to, share: 1, expected: false }), null);
    }
    assert.equal(fault({ from: "to_solicit", to: "solicited", share: null, expected: false }), null);
  });
  it("a refusal says why", () => {
    assert.equal(fault({ from: "solicited", to: "refused", why: "" }), "needsWhy");
    assert.equal(fault({ from: "solicited", to: "unallocated", why: "" }), null);
  });
  it("nothing lapses before the second transfer, nor is unallocated before period 2 closes", () => {
    const lapse = { from: "allocated", to: "lapsed" } as const;
    assert.equal(fault({ ...lapse, today: "2025-11-07" }), "tooEarly");
    assert.equal(fault({ ...lapse, today: "2025-11-08" }), null);
    const late = { from: "pledged", to: "unallocated" } as const;
    assert.equal(fault({ ...late, today: "2025-10-24" }), "tooEarly");
    assert.equal(fault({ ...late, today: "2025-10-25" }), null);
    // Without a calendar, the end of the year.
    assert.equal(fault({ ...lapse, transfer2: null, today: "2025-12-31" }), "tooEarly");
    assert.equal(fault({ ...late, period2Closes: null, today: "2026-01-01" }), null);
  });
});

describe("what a share brings", () => {
  const rates = ratesWith();
  it("is the share of 0.09 % of the base, to the cent, at both ends", () => {
    // Vector 7 of the law: 42 000 000 gives 37 800, of which 40 %.
    assert.deepEqual(expectedOf(4000, { low: 4_200_000_000n, high: 8_400_000_000n }, 2026, rates), {
      low: 1_512_000n,
      high: 3_024_000n,
    });
    assert.deepEqual(expectedOf(3333, { low: 24_960_000n, high: 24_960_000n }, 2026, rates)?.low, 7_487n);
    assert.deepEqual(expectedOf(1, { low: 0n, high: 0n }, 2026, rates), { low: 0n, high: 0n });
  });
  it("follows the rate of the year of pay", () => {
    const doubled = ratesWith({
      rows: [{ key: "solde", from: "2026-01", value: "0.18", source: "test", recordedAt: "2027-01-01" }],
    });
    const base = { low: 100_000_000n, high: 100_000_000n };
    assert.equal(expectedOf(10_000, base, 2026, doubled)?.low, 90_000n);
    assert.equal(expectedOf(10_000, base, 2027, doubled)?.low, 180_000n);
  });
  it("a share as people write it", () =>
    assert.deepEqual(
      ["40", "33,3 %", "100", "0,01", "0", "100,01", "101", "x", "", "12,345"].map(acceptShare),
      [4000, 3330, 10_000, 1, null, null, null, null, null, null],
    ));
});
