import assert from "node:assert/strict";
import { it } from "node:test";
import { strFromU8, unzipSync } from "fflate";
import { readTable } from "./read.ts";
import { workbookResponse, writeWorkbook } from "./write.ts";

const headings = ["Entreprise", "Montant", "Jour", "Nombre"];

it("what is written is read again: texts as texts, amounts as numbers, days as days", async () => {
  const nasty = [
    "=1+1",
    "+33 5",
    "-2",
    "@x",
    "0012",
    'a & b < c > "d"',
    "é ’ 𝒜 \u202f€",
    "deux\nlignes",
    "\t=x",
  ];
  const rows = nasty.map((text, at) => [text, { cents: 8_640 + at }, { day: "2026-07-11" }, 12]);
  const table = await readTable(writeWorkbook({ name: "Comptabilité", headings, rows }));
  assert.ok("rows" in table);
  assert.deepEqual(table.rows[0], headings);
  assert.deepEqual(
    table.rows.slice(1),
    nasty.map((text, at) => [text, (8_640 + at) / 100, "2026-07-11", 12]),
  );
  const sheet = strFromU8(
    unzipSync(writeWorkbook({ name: "x", headings, rows }))["xl/worksheets/sheet1.xml"] ?? new Uint8Array(),
  );
  assert.doesNotMatch(sheet, /<f[ >]/, "no formula");
});

it("amounts are exact, empty cells are none, and a broken letter breaks no file", async () => {
  const rows = [
    [null, { cents: 1n }, { day: null }],
    ["\ud800a\u0001b", { cents: -100_000_000_001n }, { day: "2024-02-29" }],
    ["", { cents: 0 }, null, 0],
  ];
  const bytes = writeWorkbook({ name: "A/B: [c]?*\\ beaucoup trop long pour une feuille", headings, rows });
  const table = await readTable(bytes);
  assert.ok("rows" in table);
  assert.deepEqual(table.rows.slice(1), [
    [null, 0.01],
    ["\ufffdab", -1_000_000_000.01, "2024-02-29"],
    [null, 0, null, 0],
  ]);
  const [, name] =
    /sheet name="([^"]*)"/.exec(strFromU8(unzipSync(bytes)["xl/workbook.xml"] ?? new Uint8Array())) ?? [];
  assert.equal(name, "A B   c     beaucoup trop long ");
});

it("a table that cannot be read is no file, and is written down", async () => {
  const told: string[] = [];
  const download = {
    filename: "t.xlsx",
    failure: "non",
    journal: async (what: string) => void told.push(what),
  };
  const failed = await workbookResponse(() => Promise.reject(new Error("no")), download);
  assert.deepEqual([failed.status, failed.headers.get("content-disposition")], [500, null]);
  const made = await workbookResponse(async () => ({ name: "x", headings, rows: [] }), download);
  assert.equal(made.headers.get("content-disposition"), 'attachment; filename="t.xlsx"');
  assert.deepEqual(told, ["exportFailed", "exported"]);
});
