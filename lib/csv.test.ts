import assert from "node:assert/strict";
import { test } from "node:test";
import { csvLine } from "#lib/csv";

test("a line is what a French spreadsheet reads", () => {
  const at = new Date("2026-11-23T08:00:00Z");
  assert.equal(
    csvLine(["Zoé", null, -3, at, 'dit "oui"; non']),
    'Zoé;;-3;2026-11-23T08:00:00.000Z;"dit ""oui""; non"\r\n',
  );
});

test("a text that a spreadsheet would run stays a text, spaces before it or not", () => {
  for (const text of ["=1+1", "+33", "-1", "@sum", "\tx", " =1+1", "\u00a0 =1+1", "\n=1+1", "\t=1+1"])
    assert.match(csvLine([text]), /^"?'/, JSON.stringify(text));
  assert.equal(csvLine(["a=1", " b"]), "a=1; b\r\n");
});
