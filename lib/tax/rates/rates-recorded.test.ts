import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { figureAt } from "#lib/tax/rules/rates";
import { ask, cents, months } from "#testing/employers";
import { recordRate, verifyYear } from "./mutations.ts";
import { findRates, listRates } from "./queries.ts";
import { readBands, writeBands } from "./rules.ts";
import { bandsInput, rateInput, verifiedInput } from "./schema.ts";

const record = (month: string, value: string, key = "solde") =>
  recordRate(rateInput.parse({ key, month, value, source: `Décret de ${month}` }), null);
const verify = (payYear: number, verified: "yes" | "no") =>
  verifyYear(verifiedInput.parse({ payYear, verified, source: "urssaf.fr" }), null);
const inYear = (year: number) => ({ year });

describe("a figure recorded on the screen", () => {
  it("holds from its month, the former before it, and the last correction of a month counts", async () => {
    assert.deepEqual(await record("2028-01", "0,10 %"), { ok: true });
    assert.deepEqual(await record("2028-01", "0,10 %"), { ok: false, reason: "rateThere" });
    assert.deepEqual(await record("2028-01", "0.11"), { ok: true });
    const rates = await findRates();
    assert.equal(figureAt(rates, "solde", "2027-12")?.value, "0.09");
    assert.equal(figureAt(rates, "solde", "2028-01")?.value, "0.11");
    assert.equal(figureAt(rates, "solde", "2028-01")?.source, "Décret de 2028-01");
    assert.deepEqual(
      listRates(rates)
        .filter(({ key, from }) => key === "solde" && from >= "2022-01")
        .map(({ from, value, replaced }) => [from, value, replaced]),
      [
        ["2028-01", "0.11", false],
        ["2028-01", "0.10", true],
        ["2022-01", "0.09", false],
      ],
    );
  });

  it("of a year nobody verified is refused with a sentence, until somebody does, and again after", async () => {
    assert.deepEqual(ask(inYear(2028), await findRates()), {
      refused: "unverified",
      values: { year: "2028" },
    });
    await verify(2028, "yes");
    assert.equal(cents(inYear(2028), "soldeCents", await findRates()), 110_000);
    await verify(2028, "no");
    assert.ok("refused" in ask(inYear(2028), await findRates()));
    await verify(2028, "yes");
  });

  it("that changes in mid-year is taken month by month, and refuses one yearly base", async () => {
    await record("2028-07", "0.2");
    await record("2028-01", "4", "fees");
    assert.deepEqual(
      await record("2028-01", "0.11"),
      { ok: false, reason: "rateThere" },
      "whatever came since",
    );
    const rates = await findRates();
    assert.deepEqual(ask(inYear(2028), rates), {
      refused: "midYear",
      values: { year: "2028", month: { month: "2028-07" } },
    });
    const told = {
      year: 2028,
      ...months([
        ["2028-06", 100_000],
        ["2028-07", 100_000],
      ]),
    };
    assert.equal(cents(told, "soldeCents", rates), 11_000 + 20_000);
  });

  it("is a number, from a month, with its source", () => {
    const good = { key: "solde", month: "2028-01", value: "0,09", source: "Loi" };
    assert.equal(rateInput.parse(good).value, "0.09");
    for (const wrong of [
      { key: "regime" },
      { month: "2028-13" },
      { month: "" },
      { value: "" },
      { value: "-1" },
      { value: "beaucoup" },
      { source: " " },
    ])
      assert.equal(rateInput.safeParse({ ...good, ...wrong }).success, false, JSON.stringify(wrong));
    assert.equal(verifiedInput.safeParse({ payYear: 2019, verified: "yes", source: "x" }).success, false);
  });
});

describe("the bands of the CSA", () => {
  const typed = {
    ...{ month: "2029-01", source: "Loi de finances pour 2029" },
    ...{ below0: "1 %", rate0: "0,5", large0: "0,7", below1: "3", rate1: "0,3", below2: "5", rate2: "0,1" },
  };
  it("are recorded together, read by the rules from their month on, and shown", async () => {
    await verify(2029, "yes");
    const big = { ...inYear(2029), headcount: 600, workStudyPercent: 1.5 };
    const before = cents(big, "csaCents", await findRates());
    assert.deepEqual(await recordRate(bandsInput.parse(typed), null), { ok: true });
    assert.deepEqual(await recordRate(bandsInput.parse(typed), null), { ok: false, reason: "rateThere" });
    const rates = await findRates();
    assert.equal(Number(cents(big, "csaCents", rates)), (Number(before) * 3) / 2, "0.2 % became 0.3 %");
    const largest = { ...big, headcount: 2_001, workStudyPercent: 0.5 };
    assert.equal(Number(cents(largest, "csaCents", rates)), (Number(before) * 7) / 2);
    const shown = listRates(rates).filter(({ key }) => key === "csa");
    assert.deepEqual(
      shown.slice(0, 2).map(({ from, value }) => [from, value]),
      [
        ["2029-01", "1=0.5/0.7 3=0.3 5=0.1"],
        ["2020-01", "1=0.4/0.6 2=0.2 3=0.1 5=0.05"],
      ],
    );
  });
  it("rise, and each has its rate", () => {
    const faults = (more: object) =>
      bandsInput
        .safeParse({ ...typed, ...more })
        .error?.issues.map(({ path, message }) => [path[0], message]);
    assert.deepEqual(faults({ below1: "1" }), [["below1", "tax.errors.bandOrder"]]);
    assert.deepEqual(faults({ rate2: "" }), [["rate2", "required"]]);
    assert.deepEqual(faults({ below1: "" }), [["below1", "required"]]);
    assert.deepEqual(faults({ below0: "beaucoup" }), [["below0", "tax.errors.figure"]]);
    const none = Object.fromEntries(
      Object.keys(typed)
        .filter((key) => /\d$/.test(key))
        .map((key) => [key, ""]),
    );
    assert.deepEqual(faults(none), [["below0", "required"]]);
  });
  it("are written in one cell as they are read", () => {
    const bands = [
      { below: "1", rate: "0.4", large: "0.6" },
      { below: "5", rate: "0.05" },
    ];
    assert.deepEqual(readBands(writeBands(bands)), bands);
  });
});
