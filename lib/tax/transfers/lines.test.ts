import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { giveSiret } from "#testing/sirets";
import { findHeaders, fingerprintOf, guessColumns } from "./columns.ts";
import { readLines, readStatement } from "./lines.ts";

const [a, b] = [giveSiret(12_345_678), giveSiret(5_520_135)];

describe("columns", () => {
  it("are guessed by their headers, and no header serves twice", () => {
    assert.deepEqual(
      guessColumns(
        [
          "N° SIRET employeur",
          "Raison sociale",
          "Ville",
          "Montant affecté (€)",
          "Formation",
          "Date de valeur",
          "N° virement",
        ],
        "list",
      ),
      {
        siret: 0,
        name: 1,
        place: 2,
        amount: 3,
        formation: 4,
        day: 5,
        number: 6,
      },
    );
    assert.deepEqual(
      guessColumns(["Date", "Libellé de l’opération", "Débit euros", "Crédit euros"], "statement"),
      { day: 0, label: 1, amount: 3 },
    );
    assert.deepEqual(guessColumns(["x", "y"], "list"), {});
  });
  it("stand below what a bank writes first", () => {
    const rows = [
      ["Relevé du compte 0001"],
      ["Solde au 11/07/2026", 12],
      [],
      ["Date", "Libellé", "Montant"],
      ["11/07/2026", "x", 1],
    ];
    assert.equal(findHeaders(rows, "statement"), 3);
    assert.equal(findHeaders([["rien"], ["col1", "col2"], ["1", "2"]], "list"), 1);
    assert.equal(findHeaders([], "list"), 0);
  });
  it("are remembered whatever the case, accents and spaces of their headers, and apart for each kind", () => {
    assert.equal(
      fingerprintOf(["Montant affecté", "SIRET"], "list"),
      fingerprintOf(["MONTANT  AFFECTE", "Siret "], "list"),
    );
    assert.notEqual(fingerprintOf(["a"], "list"), fingerprintOf(["a"], "statement"));
    assert.notEqual(fingerprintOf(["a", "b"], "list"), fingerprintOf(["b", "a"], "list"));
  });
});

const mapping = { siret: 0, amount: 1, name: 2, formation: 3, number: 4, day: 5 };
describe("a list", () => {
  it("gives its lines, without empty rows and totals", () => {
    const { lines, faults } = readLines(
      [
        ["SIRET"],
        [a, "1 000,50", "Café & Co", "BUT MMI", "1", "11/07/2026"],
        [],
        [Number(b), 12],
        ["", "", "Total", "", ""],
        ["TOTAL", 1012.5],
      ],
      1,
      mapping,
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(
      lines.map(({ row, siret, cents, name, number, day, reliquat }) => [
        row,
        siret,
        cents,
        name,
        number,
        day,
        reliquat,
      ]),
      [
        [2, a, 100_050, "Café & Co", 1, "2026-07-11", false],
        [4, b, 1_200, "", null, null, false],
      ],
    );
  });
  it("names row, column and reason of what cannot be used, and keeps the rest", () => {
    const { lines, faults } = readLines(
      [
        ["7,3E+13", "dix", "", "", "le deuxième", "31/02/2026"],
        [a, 1],
        [a, "-5"],
        ["", 5, "Réliquats SA"],
      ],
      0,
      mapping,
    );
    assert.deepEqual(
      faults.map(({ row, column, fault }) => [row, column, fault]),
      [
        [1, "siret", "siretScientific"],
        [1, "amount", "amountUnreadable"],
        [1, "number", "transferUnreadable"],
        [1, "day", "dayUnreadable"],
        [3, "amount", "amountNegative"],
      ],
    );
    assert.equal(lines.length, 2);
  });
  it("has reliquat lines, which have no donor, and only without a SIRET", () => {
    const { lines } = readLines(
      [
        ["", 5, "Reliquat régional"],
        [a, 5, "Reliquat SARL"],
      ],
      0,
      mapping,
    );
    assert.deepEqual(
      lines.map(({ siret, reliquat }) => [siret, reliquat]),
      [
        ["", true],
        [a, false],
      ],
    );
  });
  it("tells two equal rows apart, and knows them again in another file", () => {
    const rows = [
      [a, 5, "X"],
      [a, 5, "X"],
      [a, 6, "X"],
    ];
    const prints = (list: (string | number)[][]) =>
      readLines(list, 0, mapping).lines.map(({ fingerprint }) => fingerprint);
    assert.equal(new Set(prints(rows)).size, 3);
    assert.deepEqual(
      prints(rows).sort(),
      prints([
        [a, "6,00", "x"],
        [a, "5,00 €", "x"],
        [a, "5", "X "],
      ]).sort(),
    );
  });
});

it("a statement gives SOLTéA's credits, counts the other rows and keeps nothing of them", () => {
  const label = "VIR CDC TAXE- APPRENTISSAGE - 19331766600017 - 2026 - 1";
  const { transfers, faults, others } = readStatement(
    [
      ["VIR LOYER", "500", "01/07/2026"],
      [label, "1 012,50", "11/07/2026"],
      [label, "", "11/07/2026"],
      [label.slice(0, -4), 7, null],
    ],
    0,
    { label: 0, amount: 1, day: 2 },
  );
  assert.equal(others, 1);
  assert.deepEqual(faults, [{ row: 3, column: "amount", value: "", fault: "amountMissing" }]);
  assert.deepEqual(
    transfers.map(({ row, campaignYear, number, cents, day }) => [row, campaignYear, number, cents, day]),
    [
      [2, 2026, 1, 101_250, "2026-07-11"],
      [4, 2026, null, 700, null],
    ],
  );
});
