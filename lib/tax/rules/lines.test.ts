import assert from "node:assert/strict";
import { it } from "node:test";
import { lineOf } from "./lines.ts";

const text = `[
  {"a": {"b": [1,
    2, "a \\"]}[{",
    3]},
   "c": true},
  {
   "a": null }
]`;

it("finds the line of a value, or of the nearest that holds it", () => {
  JSON.parse(text);
  const paths: [PropertyKey[], number][] = [
    [[], 1],
    [[0], 2],
    [[0, "a", "b", 0], 2],
    [[0, "a", "b", 1], 3],
    [[0, "a", "b", 3], 4],
    [[0, "c"], 5],
    [[1], 6],
    [[1, "a"], 7],
    [[1, "missing", "deeper"], 6],
    [[1, "b"], 6],
  ];
  for (const [path, line] of paths) assert.equal(lineOf(text, path), line, path.join("."));
});
