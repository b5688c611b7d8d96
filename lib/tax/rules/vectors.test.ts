/** Every worked example of the study (A5), and what A13 settles to the cent. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compute } from "./compute.ts";
import { ratesWith } from "./rates.ts";
import { employerInput } from "./schema.ts";

const rates = ratesWith();

/** Amounts in euros, as the study prints them. */
function euros(told: Record<string, unknown>): Record<string, number> {
  const one = compute(employerInput.parse({ year: 2025, status: "company", ...told }), rates);
  assert.ok("amounts" in one, "computed");
  return Object.fromEntries(
    Object.entries(one.amounts).map(([name, cents]) => [name.replace("Cents", ""), Number(cents) / 100]),
  );
}
const at = (department: string, base: number) => ({ siret: "", department, base });
const here = (base: number) => ({ establishments: [at("33", base)] });
const today = (main: number, soldeGross: number, deduction: number, solde: number, csa: number) => ({
  main,
  soldeGross,
  deduction,
  solde,
  csa,
});
/** Months told one after the other, from December of the year before. */
function months(year: number, bases: number[], apprentices = 1) {
  const names = [
    `${year - 1}-12`,
    ...Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, "0")}`),
  ];
  return {
    establishments: [{ siret: "", department: "33" }],
    months: bases.map((base, i) => ({ month: names[i], base, apprentices })),
  };
}

describe("pay of 2025 and 2026", () => {
  const cases: [string, Record<string, unknown>, Record<string, number>][] = [
    ["1 · eight staff", { headcount: 8, ...here(249_600) }, today(1472.64, 224.64, 0, 224.64, 0)],
    ["2 · apprentice left out", { headcount: 9, ...here(250_000) }, today(1475, 225, 0, 225, 0)],
    ["3 · exempt all year", months(2025, Array(13).fill(9000)), today(0, 0, 0, 0, 0)],
    [
      "4 · exempt until July",
      months(2025, [...Array(7).fill(10_000), ...Array(6).fill(12_000)]),
      today(354, 54, 0, 54, 0),
    ],
    [
      "5 · CSA at 0.2 %",
      { headcount: 600, workStudyPercent: 1.5, ...here(24e6) },
      today(141_600, 21_600, 0, 21_600, 48_000),
    ],
    [
      "6 · CSA at 0.6 %",
      { headcount: 2400, workStudyPercent: 0.8, ...here(100e6) },
      today(590_000, 90_000, 0, 90_000, 600_000),
    ],
    [
      "7 · credit and gift",
      { headcount: 1000, workStudyPercent: 6.4, cfaGifts: 3000, ...here(42e6) },
      today(247_800, 37_800, 8600, 29_200, 0),
    ],
    [
      "8 · credit capped",
      { headcount: 300, workStudyPercent: 9, ...here(10.5e6) },
      today(61_950, 9450, 2400, 7050, 0),
    ],
    [
      "9 · more deducted than due",
      { headcount: 260, workStudyPercent: 8, cfaGifts: 12_000, ...here(9.1e6) },
      today(53_690, 8190, 14_080, 0, 0),
    ],
    ["10 · Strasbourg", { headcount: 40, establishments: [at("67", 1.3e6)] }, today(5720, 0, 0, 0, 0)],
    [
      "11 · Metz, CSA × 0.52",
      { headcount: 500, workStudyPercent: 0.5, establishments: [at("57", 18e6)] },
      today(79_200, 0, 0, 0, 37_440),
    ],
    [
      "12 · two places",
      { headcount: 90, establishments: [at("33", 6e6), at("67", 2e6)] },
      today(44_200, 5400, 0, 5400, 0),
    ],
    [
      "13 · grown by 13.3 %",
      { headcount: 400, workStudyPercent: 3.4, workStudyPercentBefore: 3, ...here(16e6) },
      today(94_400, 14_400, 0, 14_400, 0),
    ],
    [
      "13 · else",
      { headcount: 400, workStudyPercent: 3.4, ...here(16e6) },
      today(94_400, 14_400, 0, 14_400, 8000),
    ],
    [
      "14 · association since March",
      { year: 2026, status: "association", ...months(2026, Array(13).fill(100_000), 0) },
      today(5900, 900, 0, 900, 0),
    ],
  ];
  for (const [name, told, expected] of cases) it(name, () => assert.deepEqual(euros(told), expected));

  it("says why an exempt employer owes nothing", () => {
    const one = compute(
      employerInput.parse({ year: 2025, status: "company", ...months(2025, Array(13).fill(9000)) }),
      rates,
    );
    assert.ok("reason" in one);
    assert.deepEqual([one.liable, one.reason], [false, "exempt"]);
    assert.equal(one.steps.filter(({ key }) => key === "exemptMonth").length, 12);
  });
});

describe("pay of 2008", () => {
  const names = ["tax", "quota", "treasury", "cfa", "bareme", "categoryA", "categoryB", "categoryC", "cda"];
  const old = (told: Record<string, unknown>, ...expected: number[]) =>
    assert.deepEqual(
      euros({ year: 2008, ...told }),
      Object.fromEntries(names.map((name, i) => [name, expected[i]])),
    );

  it("H1 · fifty staff", () =>
    old({ headcount: 50, ...here(1.6e6) }, 8000, 4160, 1760, 2400, 3840, 1536, 1536, 768, 2880));
  it("H2 · raised", () =>
    old(
      { headcount: 300, workStudyPercent: 2, ...here(9e6) },
      ...[54_000, 28_080, 11_880, 16_200, 25_920, 10_368, 10_368, 5184, 16_200],
    ));
  it("H3 · Alsace-Moselle", () =>
    old({ establishments: [at("68", 1e6)] }, 2600, 2600, 0, 2600, 0, 0, 0, 0, 1800));
  it("H4 · small tax", () => old(here(60_000), 300, 156, 66, 90, 144, 0, 0, 0, 108));
  it("H5 · exempt", () => old(months(2008, [0, ...Array(8).fill(10_000)]), ...Array(9).fill(0)));
  it("the threshold of work-study contracts is rounded down", () => {
    assert.equal(
      euros({ year: 2008, headcount: 350, workStudyPercent: 2.9, ...here(1e6) }).tax,
      5000,
      "10.15 ≥ 10",
    );
    assert.equal(
      euros({ year: 2008, headcount: 350, workStudyPercent: 2.8, ...here(1e6) }).tax,
      6000,
      "9.8 < 10",
    );
    assert.equal(euros({ year: 2008, headcount: 249.9, workStudyPercent: 0, ...here(1e6) }).tax, 5000);
    assert.equal(
      euros({ year: 2007, headcount: 250, workStudyPercent: 2, ...here(1e6) }).tax,
      5000,
      "2 % in 2007",
    );
    assert.equal(
      euros({ year: 2006, headcount: 250, workStudyPercent: 0.7, ...here(1e6) }).tax,
      6000,
      "1 % in 2006",
    );
    assert.equal(
      euros({ year: 2005, headcount: 250, workStudyPercent: 0, ...here(1e6) }).tax,
      5000,
      "none before",
    );
  });
  it("overseas, the Treasury takes 12 %", () => {
    const mixed = euros({ year: 2008, establishments: [at("974", 1e6), at("33", 1e6)] });
    assert.deepEqual([mixed.quota, mixed.treasury, mixed.cfa], [5200, 600 + 1100, 3500]);
  });
  it("a place in Alsace-Moselle keeps its tax out of the barème", () => {
    const mixed = euros({ year: 2008, establishments: [at("67", 1e6), at("33", 1e6)] });
    assert.deepEqual([mixed.tax, mixed.quota, mixed.treasury, mixed.bareme], [7600, 2600 + 2600, 1100, 2400]);
  });
  it("the raise is lower in Alsace-Moselle", () =>
    assert.equal(
      euros({ year: 2008, headcount: 300, workStudyPercent: 0, establishments: [at("57", 1e6)] }).tax,
      3120,
    ));
  it("the waiver ends above 305 €, and looks at the whole tax", () => {
    assert.equal(euros({ year: 2008, ...here(61_000) }).categoryA, 0, "305.00 €");
    assert.equal(euros({ year: 2008, ...here(61_002) }).categoryB, 58.56);
    assert.notEqual(euros({ year: 2008, establishments: [at("33", 60_000), at("67", 10_000)] }).categoryA, 0);
  });
});

describe("the other years", () => {
  const year = (told: number, more: Record<string, unknown> = {}) =>
    euros({ year: told, ...here(1e6), ...more });
  const large = (percent: number, headcount = 300) => ({ headcount, workStudyPercent: percent });

  it("2004 has a quota of 40 % and no categories", () => {
    const told = year(2004);
    assert.deepEqual(
      [told.tax, told.quota, told.treasury, told.cfa, told.bareme, told.categoryA, told.cda],
      [5000, 2000, 500, 1500, 3000, 0, 600],
    );
    assert.equal(year(2004, { establishments: [at("67", 1e6)] }).tax, 2000);
  });
  it("the CDA grew", () =>
    assert.deepEqual(
      [2004, 2005, 2006, 2013, 2014].map((one) => year(one).cda),
      [600, 1200, 1800, 1800, 0],
    ));
  it("the tax became one of 0.68 %", () => {
    assert.deepEqual(
      [2013, 2014, 2018].map((one) => year(one).tax),
      [5000, 6800, 6800],
    );
    const there = { establishments: [at("67", 1e6)] };
    assert.deepEqual(
      [2013, 2014].map((one) => year(one, there).tax),
      [2600, 4400],
    );
  });
  it("the quota grew", () =>
    assert.deepEqual(
      [2010, 2011, 2012, 2013].map((one) => year(one).quota),
      [2600, 2650, 2750, 2850],
    ));
  it("CSA by year and share", () => {
    const csa = (one: number, share: number, heads?: number) => year(one, large(share, heads)).csa;
    assert.deepEqual([csa(2009, 2.9), csa(2010, 3), csa(2010, 0, 2001)], [1000, 0, 1000]);
    assert.deepEqual(
      [csa(2011, 0.9), csa(2011, 0, 2001), csa(2011, 1), csa(2011, 3), csa(2011, 4)],
      [2000, 3000, 1000, 500, 0],
    );
    assert.deepEqual(
      [csa(2012, 0), csa(2012, 0, 2001), csa(2013, 0), csa(2013, 0, 2001)],
      [2500, 4000, 3000, 5000],
    );
    assert.deepEqual(
      [csa(2014, 0), csa(2014, 0, 2001), csa(2014, 2), csa(2014, 3.9), csa(2014, 4)],
      [4000, 6000, 1000, 500, 0],
    );
    assert.deepEqual(
      [csa(2015, 0), csa(2016, 1), csa(2017, 2), csa(2018, 3), csa(2018, 5)],
      [4000, 2000, 1000, 500, 0],
    );
    assert.equal(euros({ year: 2012, ...large(0), establishments: [at("57", 1e6)] }).csa, 1300);
  });
  it("growth exempts since 2015 only", () => {
    const grown = { ...large(3.3), workStudyPercentBefore: 3 };
    assert.deepEqual([year(2014, grown).csa, year(2015, grown).csa], [500, 0]);
  });
  it("2019 has the solde alone", () => {
    assert.deepEqual(year(2019), today(0, 884, 0, 884, 0));
    assert.deepEqual(year(2019, { establishments: [at("67", 1e6)] }), today(0, 0, 0, 0, 0));
  });
  it("2020 and 2021 cut 0.68 % in 87 and 13", () => {
    assert.deepEqual(year(2020), today(5916, 884, 0, 884, 0));
    assert.deepEqual(year(2021, { establishments: [at("67", 1e6)] }), today(4400, 0, 0, 0, 0));
  });
  it("2022 has today’s rates", () => assert.deepEqual(year(2022), today(5900, 900, 0, 900, 0)));
});
