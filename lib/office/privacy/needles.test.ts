import assert from "node:assert/strict";
import { it } from "node:test";
import { base64Needles } from "./needles.ts";

it("an address is found in base64 wherever it falls, and whatever surrounds it", () => {
  const address = "marie.dupont@exemple.example";
  for (let before = 0; before < 7; before++)
    for (let after = 0; after < 4; after++) {
      const text = `${"é".repeat(before)}${"x".repeat(before % 3)}${address}${"ÿ".repeat(after)}`;
      const body = Buffer.from(text).toString("base64");
      assert.ok(
        base64Needles(address).some((needle) => body.includes(needle)),
        `${before} ${after}`,
      );
    }
  const other = Buffer.from("marie.durand@exemple.example et d’autres").toString("base64");
  assert.ok(!base64Needles(address).some((needle) => other.includes(needle)));
});
