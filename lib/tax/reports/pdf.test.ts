import assert from "node:assert/strict";
import { it } from "node:test";
import { inflateSync } from "node:zlib";
import { drawOnePager, type OnePager } from "./pdf.ts";

const page = (more: Partial<OnePager> = {}): OnePager => ({
  language: "fr",
  title: "Taxe d’apprentissage, campagne 2026",
  lead: "Pour le conseil de département, le 27 novembre 2026.",
  figures: [{ label: "Reçu", value: "12 345 €", note: "18 entreprises" }],
  table: {
    title: "Du courriel à l’euro",
    note: "Au 27 novembre de chaque année.",
    headings: ["Étape", "2026", "2025"],
    rows: [
      ["Promesses", "34", "28"],
      ["Euros reçus", "12 345 €", "9 800 €"],
    ],
  },
  sections: [{ title: "Prévision", lines: ["Entre 14 000 € et 19 000 €."] }],
  foot: "Ceci n’est pas un reçu libératoire.",
  ...more,
});
/** Everything in the file, its streams opened. */
const inside = (bytes: Buffer) =>
  bytes.toString("latin1") +
  [...bytes.toString("latin1").matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)]
    .map(([, stream = ""]) => {
      try {
        return inflateSync(Buffer.from(stream, "latin1")).toString("latin1");
      } catch {
        return "";
      }
    })
    .join("\n");
const pages = (text: string) => /\/Type \/Pages\n\/Count (\d+)/.exec(text)?.[1];

it("the council's page is one page, tagged, in its language, its typeface inside", async () => {
  const text = inside(await drawOnePager(page()));
  assert.match(text, /^%PDF-1\.7/);
  assert.equal(pages(text), "1");
  assert.match(text, /\/Lang \(fr\)/);
  assert.match(text, /\/MarkInfo/);
  for (const tag of ["H1", "H2", "Table", "TR", "TH", "TD", "P"])
    assert.match(text, new RegExp(`/S /${tag}\\b`), tag);
  assert.match(text, /\/FontFile[23]/);
});

it("stays one page whatever the names and however many", async () => {
  const lines = Array.from(
    { length: 400 },
    (_, n) => `Société « Łódź Şirket ${n} » 漢字, ${"très longue ".repeat(12)}`,
  );
  const rows = Array.from({ length: 9 }, () => [
    "Une étape dont le nom est bien long, sur deux lignes s’il le faut",
    "1",
    "2",
  ]);
  const told = page({
    sections: [
      { title: "Donateurs", lines },
      { title: "De trop", lines: ["x"] },
    ],
  });
  assert.equal(pages(inside(await drawOnePager({ ...told, table: { ...told.table, rows } }))), "1");
});
