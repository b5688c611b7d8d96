/** What A13 settles: thresholds, exempt months, first years, rounding. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, cents, computed, keys, months } from "#testing/employers";

describe("thresholds", () => {
  const large = (workStudyPercent: number, headcount = 300) => ({ workStudyPercent, headcount });
  it("250 staff owe the additional contribution, 249.99 do not", () => {
    assert.equal(cents(large(0, 250), "csaCents"), 400_000);
    assert.equal(cents(large(0, 249.99), "csaCents"), 0);
  });
  it("0.6 % is above 2 000 staff, not at 2 000", () => {
    assert.equal(cents(large(0.5, 2000), "csaCents"), 400_000);
    assert.equal(cents(large(0.5, 2000.01), "csaCents"), 600_000);
    assert.equal(cents(large(1, 2001), "csaCents"), 200_000, "one rate from 1 % on");
  });
  it("1, 2, 3 and 5 % are in the band above", () => {
    const at = (share: number) => cents(large(share), "csaCents");
    assert.deepEqual(
      [0.99, 1, 1.99, 2, 2.99, 3, 4.99, 5].map(at),
      [400_000, 200_000, 200_000, 100_000, 100_000, 50_000, 50_000, 0],
    );
  });
  it("at exactly 5 % there is neither contribution nor credit", () => {
    assert.equal(cents(large(5), "deductionCents"), 0);
    assert.equal(cents(large(5.5), "deductionCents"), 60_000, "0.5 × 300 × 4 €");
    assert.equal(cents(large(7, 312.47), "deductionCents"), 249_976, "decimals of the headcount are kept");
    assert.equal(cents(large(9, 249), "deductionCents"), 0);
  });
  it("growth counts from 3 % and from a tenth more, exactly", () => {
    const at = (share: number, before?: number) =>
      cents({ ...large(share), workStudyPercentBefore: before }, "csaCents");
    assert.deepEqual([at(3.3, 3), at(3.29, 3), at(2.9, 1), at(3.3)], [0, 50_000, 100_000, 50_000]);
    assert.equal(at(3, 0), 0, "from nothing");
  });
  it("Alsace-Moselle owes 52 % of the contribution, beside the rest", () => {
    const both = [
      { department: "57", base: 1e6 },
      { department: "54", base: 1e6 },
    ];
    assert.equal(cents({ ...large(2.5), establishments: both }, "csaCents"), 52_000 + 100_000);
  });
  it("a deduction that no solde can bear is said to be lost", () => {
    const there = { ...large(7), cfaGifts: 10, establishments: [{ department: "68", base: 1e6 }] };
    assert.deepEqual([cents(there, "deductionCents"), cents(there, "soldeCents")], [241_000, 0]);
    assert.ok(keys(there).includes("deductionLost"));
    assert.ok(!keys({ cfaGifts: 900 }).includes("deductionLost"), "as much as the solde");
    assert.ok(keys({ cfaGifts: 900.01 }).includes("deductionLost"));
  });
  it("a headcount that is not told is said to be counted as small", () => {
    assert.ok(keys({}).includes("csaNoHeadcount"));
    assert.ok(keys({ year: 2008 }).includes("raiseNoHeadcount"));
    assert.ok(keys({ headcount: 20 }).includes("csaSmall"));
  });
  it("a large employer whose share is not told is refused", () => {
    assert.deepEqual(ask({ headcount: 250 }), { refused: "noShare", values: { year: "2025" } });
    assert.equal(
      cents({ headcount: 250, year: 2005 }, "taxCents"),
      500_000,
      "it decided nothing before 2006",
    );
    assert.equal(cents({ headcount: 250, status: "public" }, "mainCents"), 0);
  });
});

describe("exempt months", () => {
  it("equality exempts, a cent more does not", () => {
    const january = (december: number) =>
      cents(
        months([
          ["2024-12", december, 1],
          ["2025-01", 100_000],
        ]),
        "mainCents",
      );
    assert.deepEqual([january(10_810.8), january(10_810.81)], [0, 59_000]);
  });
  it("needs an apprentice the month before, not the month itself", () => {
    assert.equal(
      cents(
        months([
          ["2024-12", 1],
          ["2025-01", 1000, 1],
        ]),
        "mainCents",
      ),
      590,
    );
    assert.equal(cents(months([["2025-01", 1000, 1]]), "mainCents"), 590, "the month before is not told");
  });
  it("goes by the minimum wage of the month before", () => {
    const june = (may: number) =>
      cents(
        months(
          [
            ["2026-05", may, 1],
            ["2026-06", 1e6],
          ],
          "33",
        ),
        "mainCents",
      );
    const at = (base: number) => {
      const told = {
        year: 2026,
        ...months([
          ["2026-05", base, 1],
          ["2026-06", 1e6],
        ]),
      };
      return keys(told).filter((key) => key === "exemptMonth").length;
    };
    assert.throws(() => june(0), "2026 is not 2025");
    assert.deepEqual([at(10_938.18), at(10_938.19)], [1, 0]);
    const july = {
      year: 2026,
      ...months([
        ["2026-06", 11_202.12, 1],
        ["2026-07", 1e6],
      ]),
    };
    assert.ok(keys(july).includes("exemptMonth"));
    const january = {
      year: 2022,
      ...months([
        ["2021-12", 9536.82, 1],
        ["2022-01", 1e6],
      ]),
    };
    assert.deepEqual(computed(january).reason, "exempt", "the wage of December 2021");
  });
  it("leave the base of the additional contribution too", () => {
    const told = months([
      ["2024-12", 10_000, 1],
      ["2025-01", 50_000],
      ["2025-02", 1e6],
    ]);
    assert.equal(cents({ ...told, headcount: 300, workStudyPercent: 0 }, "csaCents"), 400_000);
  });
  it("nothing is deductible for who is exempt", () => {
    const told = {
      ...months([
        ["2024-12", 1, 1],
        ["2025-01", 1],
      ]),
      cfaGifts: 100,
    };
    assert.deepEqual([computed(told).reason, cents(told, "deductionCents")], ["exempt", 0]);
  });
  it("were a whole year until 2021", () => {
    const year = (one: number, base: number, apprentices = 1) =>
      computed({
        year: one,
        ...months([
          [`${one - 1}-12`, 1e6, 9],
          [`${one}-03`, base, apprentices],
        ]),
      }).reason;
    assert.deepEqual(
      [year(2008, 95_113), year(2008, 95_114), year(2008, 95_113, 0)],
      ["exempt", "liable", "liable"],
    );
    assert.deepEqual([year(2006, 90_308), year(2006, 90_309)], ["exempt", "liable"]);
    assert.deepEqual([year(2018, 107_889.6), year(2018, 107_889.61)], ["exempt", "liable"]);
    assert.deepEqual([year(2021, 111_930), year(2021, 111_931)], ["exempt", "liable"]);
  });
});

describe("who is liable", () => {
  it("teaching, public and professions outside corporate tax never are", () => {
    for (const status of ["teaching", "public", "bnc"])
      for (const year of [2004, 2008, 2013, 2018, 2019, 2025, 2026]) {
        const one = computed({ status, year, cfaGifts: 5 });
        assert.deepEqual([one.liable, one.reason, one.steps.length], [false, status, 1]);
        assert.ok(Object.values(one.amounts).every((amount) => amount === 0n));
      }
  });
  it("mutuals since March 2025, associations since March 2026", () => {
    const reasons = (status: string) => [2024, 2025, 2026].map((year) => computed({ status, year }).reason);
    assert.deepEqual(reasons("mutual"), ["mutual", "liable", "liable"]);
    assert.deepEqual(reasons("association"), ["association", "association", "liable"]);
    const told = months([
      ["2025-02", 7e6],
      ["2025-03", 1e6],
    ]);
    assert.equal(cents({ ...told, status: "mutual" }, "mainCents"), 590_000);
    assert.equal(computed({ ...months([["2025-02", 7e6]]), status: "mutual" }).reason, "mutual");
    assert.ok(keys({ status: "mutual" }).includes("firstYear"));
    assert.ok(!keys({ status: "mutual", year: 2026 }).includes("firstYear"));
  });
  it("the month before is read even if it was not liable yet", () => {
    const told = months([
      ["2026-02", 5000, 1],
      ["2026-03", 5000],
      ["2026-04", 7000],
    ]);
    assert.equal(cents({ ...told, status: "association", year: 2026 }, "mainCents"), 4130);
  });
  it("a company that tells no month of the year owes nothing", () =>
    assert.deepEqual(computed(months([["2024-12", 5000]])).liable, false));
});

describe("rounding", () => {
  it("the base to the euro, half up, by establishment; amounts to the cent, then added", () => {
    assert.equal(
      cents({ establishments: [{ department: "33", base: 1000.5 }] }, "mainCents"),
      591,
      "1 001 × 0.59 %",
    );
    assert.equal(cents({ establishments: [{ department: "33", base: 1000.49 }] }, "mainCents"), 590);
    const two = Array(2).fill({ department: "33", base: 149.5 });
    assert.equal(cents({ establishments: two }, "mainCents"), 89 + 89);
    assert.equal(
      cents(
        months([
          ["2025-01", 149.25],
          ["2025-02", 149.25],
        ]),
        "mainCents",
      ),
      176,
      "299 € in all",
    );
    assert.equal(cents({ establishments: [{ department: "33", base: 50 }] }, "mainCents"), 30, "29.5 cents");
  });
  it("the last step gives each amount to the euro", () => {
    const last = computed({ establishments: [{ department: "33", base: 249_600 }] }).steps.at(-1);
    assert.deepEqual([last?.key, last?.cents], ["due", 147_300n + 22_500n]);
    assert.equal(computed({ year: 2021 }).steps.at(-1)?.key, "csaNoHeadcount");
  });
});
