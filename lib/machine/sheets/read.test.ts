import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { strToU8 } from "fflate";
import { bomb, lyingBomb, workbook, workbookOf } from "#testing/workbooks";
import { readTable } from "./read.ts";
import { readSeparated, textOf } from "./separated.ts";

const rowsOf = async (bytes: Uint8Array) => {
  const answer = await readTable(bytes);
  return "rows" in answer ? answer.rows : answer.fault;
};

describe("separated values", () => {
  it("are cut by what the first lines have most of, quotes apart", () => {
    assert.deepEqual(readSeparated('a;"b;c";"d ""e"""\r\n1;2\n', 9), [
      ["a", "b;c", 'd "e"'],
      ["1", "2"],
    ]);
    assert.deepEqual(readSeparated("a,b\n1,2", 9), [
      ["a", "b"],
      ["1", "2"],
    ]);
    assert.deepEqual(readSeparated("a\tb,c\n1\t2", 9), [
      ["a", "b,c"],
      ["1", "2"],
    ]);
    assert.deepEqual(readSeparated('"a\nb";c', 9), [["a\nb", "c"]]);
    assert.deepEqual(readSeparated("a;b\n1;2\n3;4", 2).length, 2);
  });
  it("are UTF-8, Windows-1252 or UTF-16", () => {
    assert.equal(textOf(Buffer.from("é€")), "é€");
    assert.equal(textOf(Buffer.from("\ufeffé")), "é");
    assert.equal(textOf(Buffer.from([0xe9, 0x80])), "é€");
    assert.equal(textOf(Buffer.from("\ufeffé", "utf16le")), "é");
  });
});

describe("a workbook", () => {
  it("gives texts, numbers and empty cells as they are", async () => {
    assert.deepEqual(
      await rowsOf(
        workbook([
          ["SIRET", "Montant"],
          ["00012345600012", 1234.56],
          [73282932000074, null],
        ]),
      ),
      [["SIRET", "Montant"], ["00012345600012", 1234.56], [73282932000074]],
    );
  });
  it("that is none, or empty, says so", async () => {
    assert.equal(await rowsOf(Buffer.from("PK\u0003\u0004 not a zip")), "notASheet");
    assert.equal(await rowsOf(Buffer.alloc(0)), "empty");
    assert.equal(await rowsOf(Buffer.from(";;\n;;\n")), "empty");
    assert.equal(await rowsOf(Buffer.from("%PDF-1.4\0")), "notASheet");
    assert.equal(await rowsOf(workbookOf("")), "empty");
  });

  it("tells days from numbers by their style, texts by their number", async () => {
    const file = workbookOf(
      '<row r="2"><c r="B2" s="1"><v>46214</v></c><c r="C2" s="2"><v>46214</v></c><c r="D2"><v>46214</v></c><c r="E2" t="s"><v>1</v></c><c r="F2" t="e"><v>#N/A</v></c></row>',
      {
        "xl/styles.xml": strToU8(
          '<x:styleSheet xmlns:x="a"><x:numFmts><x:numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></x:numFmts><x:cellStyleXfs><x:xf numFmtId="14"/></x:cellStyleXfs><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="165"/></x:cellXfs></x:styleSheet>',
        ),
        "xl/sharedStrings.xml": strToU8(
          '<sst xmlns="a"><si><t>un</t></si><si><r><t>de</t></r><r><t>ux</t></r><rPh><t>non</t></rPh></si></sst>',
        ),
      },
    );
    assert.deepEqual(await rowsOf(file), [[], [null, "2026-07-11", "2026-07-11", 46214, "deux", null]]);
  });
  it("has no entities of its own", async () => {
    const file = workbookOf("", {
      "xl/sharedStrings.xml": strToU8('<!DOCTYPE x [<!ENTITY a "aa">]><sst><si><t>&a;</t></si></sst>'),
    });
    assert.equal(await rowsOf(file), "notASheet");
  });
});

describe("a bomb", () => {
  const heap = () => process.memoryUsage().rss / 1048576;
  for (const [name, bytes] of [
    ["that tells its size", () => bomb(60)],
    [
      "of a thousand parts",
      () =>
        workbookOf(
          "",
          Object.fromEntries(
            Array.from({ length: 1000 }, (_, at) => [`xl/worksheets/s${at}.xml`, new Uint8Array(1)]),
          ),
        ),
    ],
  ] as const)
    it(`${name} is refused before it is opened`, async () => {
      const file = bytes();
      const before = heap();
      const start = performance.now();
      assert.equal(await rowsOf(file), "tooBig");
      assert.ok(performance.now() - start < 5_000);
      assert.ok(heap() - before < 200, `${heap() - before} MB`);
    });
  it("that lies about its size is not unpacked past what it told", async () => {
    const file = lyingBomb(60);
    const before = heap();
    assert.equal(await rowsOf(file), "notASheet");
    assert.ok(heap() - before < 200, `${heap() - before} MB`);
  });
  it("of rows and columns far away is refused", async () => {
    const far = workbookOf('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>');
    assert.equal(await rowsOf(far), "tooBig");
    assert.equal(await rowsOf(workbookOf('<row r="1"><c r="XFD1"><v>1</v></c></row>')), "tooBig");
  });
  it("of one text named by a thousand cells is refused before it is told", async () => {
    const cells = Array.from({ length: 1000 }, (_, at) => `<row r="${at + 1}"><c t="s"><v>0</v></c></row>`);
    const text = "a".repeat(1024 * 1024);
    const strings = strToU8(`<sst xmlns="a"><si><t>${text}</t></si></sst>`);
    const file = workbookOf(cells.join(""), { "xl/sharedStrings.xml": strings });
    const before = heap();
    assert.equal(await rowsOf(file), "tooBig");
    assert.ok(heap() - before < 300, `${heap() - before} MB`);
  });
  it("of nothing but separators is refused", async () => {
    assert.equal(await rowsOf(Buffer.from(`SIRET;Montant${";".repeat(200)}\n1;2\n`)), "tooBig");
    const before = heap();
    assert.equal(await rowsOf(Buffer.from(`SIRET;Montant${";".repeat(5_000_000)}x\n`)), "tooBig");
    assert.ok(heap() - before < 300, `${heap() - before} MB`);
  });
  it("that takes its time is stopped", async () => {
    const answer = await readTable(workbook([["a"]]), { milliseconds: 1 });
    assert.deepEqual(answer, { fault: "tooSlow" });
  });
});
