/** Rates that change, that are recorded again, or that nobody verified. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ask, cents, computed, months } from "#testing/employers";
import { type Row, ratesWith } from "./rates.ts";

describe("rates as data", () => {
  const row = (key: string, from: string, value: Row["value"], recordedAt = "2026-12-01") => ({
    key,
    from,
    value,
    recordedAt,
    source: "un essai",
  });
  it("years before 2004 and years nobody verified are refused", () => {
    assert.deepEqual(ask({ year: 2003 }), { refused: "tooOld", values: { year: "2003" } });
    assert.deepEqual(ask({ year: 2027, status: "public" }), {
      refused: "unverified",
      values: { year: "2027" },
    });
    const doubted = ratesWith({ years: [{ year: 2026, verified: false, source: "" }] });
    assert.deepEqual(ask({ year: 2026 }, doubted), { refused: "unverified", values: { year: "2026" } });
    const known = ratesWith({ years: [{ year: 2027, verified: true, source: "JO" }] });
    assert.equal(cents({ year: 2027 }, "mainCents", known), 590_000);
  });
  it("a rate changed in mid-year is taken month by month, never on one figure for the year", () => {
    const changed = ratesWith({ rows: [row("main", "2025-07", "0.70")] });
    const told = months([
      ["2025-06", 100_000],
      ["2025-07", 100_000],
      ["2025-12", 100_000],
    ]);
    assert.equal(cents(told, "mainCents", changed), 59_000 + 140_000);
    assert.deepEqual(ask({}, changed), {
      refused: "midYear",
      values: { year: "2025", month: { month: "2025-07" } },
    });
    assert.equal(cents({ year: 2026 }, "mainCents", changed), 700_000);
    assert.equal(cents({ year: 2024 }, "mainCents", changed), 590_000);
    assert.equal(
      cents({}, "mainCents", ratesWith({ rows: [row("main", "2025-07", "0.59")] })),
      590_000,
      "said again",
    );
  });
  it("a change before the first liable month changes nothing", () =>
    assert.equal(
      cents({ status: "mutual" }, "mainCents", ratesWith({ rows: [row("main", "2025-03", "0.70")] })),
      700_000,
    ));
  it("of two rows for one month the last recorded is read, and the first stays", () => {
    const twice = ratesWith({
      rows: [row("solde", "2025-01", "0.20", "2026-12-02"), row("solde", "2025-01", "0.10", "2026-12-01")],
    });
    assert.equal(cents({}, "soldeCents", twice), 200_000);
    assert.equal(twice.rows.get("solde")?.filter(({ from }) => from === "2025-01").length, 2);
    assert.equal(cents({}, "soldeCents"), 90_000, "what ships is not written over");
  });
  it("a rule that lost one of its two figures is no rule", () => {
    const large = {
      year: 2008,
      headcount: 300,
      workStudyPercent: 1,
      establishments: [{ department: "33", base: 1e6 }],
    };
    const without = (key: string) =>
      computed(large, ratesWith({ rows: [row(key, "2008-01", null)] })).steps.map((step) => step.key);
    assert.ok(computed(large).steps.some(({ key }) => key === "raised"));
    for (const key of ["raised.staff", "raised.below"]) assert.ok(!without(key).includes("raised"), key);
    for (const key of ["categoryA", "categoryB"]) assert.ok(without(key).includes("noCategories"), key);
  });
  it("what nobody could confirm says so", () => {
    const small = computed({ year: 2008, establishments: [{ department: "33", base: 1000 }] });
    assert.match(small.steps.find(({ key }) => key === "waived")?.unconfirmed ?? "", /mémoire/);
  });
});
