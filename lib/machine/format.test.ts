import assert from "node:assert/strict";
import { it } from "node:test";
import { formatCents, formatDay, formatEuros, formatMonth, formatNumber } from "./format.ts";

it("writes what is below zero with the minus sign, in both languages", () => {
  assert.equal(formatCents(-147_264n), "\u22121\u202f472,64\u00a0€");
  assert.equal(formatEuros("-147264"), "\u22121\u202f473\u00a0€");
  assert.equal(formatNumber(-0.5), "\u22120,5");
  assert.equal(formatCents(-100, "en"), "\u2212€1.00");
  assert.equal(formatCents(147_264), "1\u202f472,64\u00a0€");
});

it("writes a rate as a percentage, with as many decimals as it has", () => {
  const rate = { style: "percent", maximumFractionDigits: 6 } as const;
  assert.equal(formatNumber(0.0059, "fr", rate), "0,59\u00a0%");
  assert.equal(formatNumber(0.0059, "en", rate), "0.59%");
});

it("says a month and a day of any year in words", () => {
  assert.deepEqual([formatMonth("2026-06"), formatMonth("2026-12", "en")], ["juin 2026", "December 2026"]);
  assert.deepEqual([formatDay("2026-01-01"), formatDay("2026-01-01", "en")], ["1 janvier", "1 January"]);
});
