import assert from "node:assert/strict";
import { test } from "node:test";
import { csvLine, csvResponse } from "#lib/machine/csv";

test("a line is what a French spreadsheet reads", () => {
  const at = new Date("2026-11-23T08:00:00Z");
  assert.equal(
    csvLine(["Zoé", null, -3, at, 'dit "oui"; non']),
    '"Zoé";;-3;2026-11-23T08:00:00.000Z;"dit ""oui""; non"\r\n',
  );
});

test("a text that a spreadsheet would run stays a text, spaces before it or not", () => {
  for (const text of ["=1+1", "+33", "-1", "@sum", "\tx", " =1+1", "\u00a0 =1+1", "\n=1+1", "\t=1+1"])
    assert.match(csvLine([text]), /^"?'/, JSON.stringify(text));
  assert.equal(csvLine(["a=1", " b", ""]), '"a=1";" b";""\r\n');
});

test("whatever separator a spreadsheet cuts at, what follows it is no formula", () => {
  assert.equal(csvLine(['x;=cmd|" /C calc"!A0']), `"x;'=cmd|"" /C calc""!A0"\r\n`);
  for (const separator of [";", ",", "\t", "|", "\n", "; "])
    for (const sign of ["=", "+", "-", "@", "＝", "＋", "－", "＠"]) {
      const line = csvLine([`Dupont${separator}${sign}1+1`]);
      assert.ok(line.includes(`${separator}'${sign}1`), JSON.stringify(line));
    }
  assert.equal(csvLine(["Saint-Rémy, a@b.example, +33"]), `"Saint-Rémy, a@b.example, '+33"\r\n`);
});

async function* breaking(after: number) {
  for (let n = 0; n < after; n++) yield `line ${n}\r\n`;
  throw new Error("the database went away");
}

test("a file that cannot start is an error, and one that breaks midway does not look complete", async () => {
  const said: string[] = [];
  const journal = async (what: string) => void said.push(what);
  const download = { filename: "x.csv", failure: "rien n’a été exporté", journal };
  const none = await csvResponse(breaking(0), download);
  assert.equal(none.status, 500);
  assert.match(await none.text(), /^rien/);
  assert.equal(none.headers.get("content-disposition"), null);
  assert.deepEqual(said.splice(0), ["exportFailed"]);

  const half = await csvResponse(breaking(3), download);
  assert.deepEqual(said, ["exported"], "said before the first byte");
  await assert.rejects(half.text());
  assert.deepEqual(said, ["exported", "exportFailed"]);

  // Nothing leaves that is not written down.
  await assert.rejects(
    csvResponse(breaking(3), { ...download, journal: () => Promise.reject(new Error("no")) }),
  );
});
