import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { giveSiret } from "#testing/sirets";
import { readCents, readDay, readLabel, readSiret } from "./cells.ts";

const siren = "732829320";
describe("a SIRET", () => {
  for (const [cell, wanted] of [
    ["73282932000074", "73282932000074"],
    [73282932000074, "73282932000074"],
    ["732 829 320 00074", "73282932000074"],
    ["732 829 320 00074", "73282932000074"],
    ["'73282932000074", "73282932000074"],
    ["SIRET : 73282932000074", "73282932000074"],
    ["73282932000074.0", "73282932000074"],
    ["73282932000074,00", "73282932000074"],
    ["35600000049837", "35600000049837"],
    ["7,32829E+13", { fault: "siretScientific" }],
    ["7.32829320000740e13", { fault: "siretScientific" }],
    ["", { fault: "siretMissing" }],
    [null, { fault: "siretMissing" }],
    [undefined, { fault: "siretMissing" }],
    [siren, { fault: "siretSiren" }],
    ["73282932000075", { fault: "siretKey" }],
    ["7328293200007", { fault: "siretKey" }],
    ["7328293200", { fault: "siretLength" }],
    ["732829320000745", { fault: "siretLength" }],
    ["inconnu", { fault: "siretLength" }],
    ["00000000000000", { fault: "siretKey" }],
  ] as const)
    it(`${JSON.stringify(cell)} is ${JSON.stringify(wanted)}`, () =>
      assert.deepEqual(readSiret(cell), typeof wanted === "string" ? { value: wanted } : wanted));

  it("gets back the zeros that a spreadsheet dropped, where the key agrees", () => {
    const siret = giveSiret(520_135);
    assert.match(siret, /^0/);
    assert.deepEqual(readSiret(Number(siret)), { value: siret });
    assert.deepEqual(readSiret(String(Number(siret))), { value: siret });
    assert.deepEqual(readSiret(Number(siret) + 1), { fault: "siretKey" });
  });
});

describe("an amount", () => {
  for (const [cell, wanted] of [
    ["1 234,56 €", 123_456],
    ["1 234,56", 123_456],
    ["1.234,56", 123_456],
    ["1,234.56", 123_456],
    ["1.234", 123_400],
    ["12.345.678", 1_234_567_800],
    ["1234.5", 123_450],
    ["1234", 123_400],
    [1234.56, 123_456],
    [0.1 + 0.2, 30],
    ["-12,00", -1_200],
    ["(12,00)", -1_200],
    ["12,00-", -1_200],
    [-3.5, -350],
    ["0,00", 0],
    ["+12 EUR", 1_200],
    ["", "amountMissing"],
    [null, "amountMissing"],
    ["1234,567", "amountDecimals"],
    [12.345, "amountDecimals"],
    ["douze", "amountUnreadable"],
    ["1,23,45", "amountUnreadable"],
    [1e12, "amountUnreadable"],
  ] as const)
    it(`${JSON.stringify(cell)} is ${wanted}`, () =>
      assert.deepEqual(readCents(cell), typeof wanted === "number" ? { value: wanted } : { fault: wanted }));
});

it("a day is French, ISO or a spreadsheet's", () => {
  for (const text of [
    "11/07/2026",
    "11/7/26",
    "2026-07-11",
    "2026-07-11T10:00:00Z",
    "11.07.2026",
    "11-07-2026",
  ])
    assert.deepEqual(readDay(text), { value: "2026-07-11" }, text);
  assert.deepEqual(readDay(null), { value: null });
  for (const text of ["31/02/2026", "demain", "2026"])
    assert.deepEqual(readDay(text), { fault: "dayUnreadable" }, text);
});

describe("the label of a transfer", () => {
  const ours = { siret: "19331766600017", campaignYear: 2026, number: 1 };
  for (const text of [
    "TAXE- APPRENTISSAGE - 19331766600017 - 2026 - 1",
    "VIR SEPA CDC TAXE- APPRENTIS SAGE - 193317666 00017 - 20 26 - 1 REF 88",
    "taxe-apprentissage-19331766600017-2026-1",
    "Taxe d’apprentissage 19331766600017 2026 01",
    "TAXE- APPRENTISSAGE -\n19331766600017 - 2026 - 1",
  ])
    it(text, () => assert.deepEqual(readLabel(text), ours));
  it("may end before its number", () =>
    assert.deepEqual(readLabel("TAXE- APPRENTISSAGE - 19331766600017 - 2026"), { ...ours, number: null }));
  it("is nothing else", () => {
    for (const text of [
      "VIR LOYER",
      "TAXE FONCIERE 2026",
      "TAXE- APPRENTISSAGE",
      "TAXE- APPRENTISSAGE - 123 - 2026 - 1",
    ])
      assert.equal(readLabel(text), null, text);
  });
});
