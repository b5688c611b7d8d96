import assert from "node:assert/strict";
import { it } from "node:test";
import { negotiate } from "./negotiate.ts";

it("a browser gets the language it likes best, French by default", () => {
  for (const [header, expected] of [
    [null, "fr"],
    ["", "fr"],
    ["*", "fr"],
    ["de-DE,de;q=0.9", "fr"],
    ["de-DE,de;q=0.9,en;q=0.8,fr;q=0.7", "en"],
    ["fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr"],
    ["en-GB, en;q=0.9, fr;q=0.8", "en"],
    ["en;q=0.5,fr;q=0.5", "fr"],
    ["en;q=0", "fr"],
    ["EN", "en"],
    ["french,enough", "fr"],
    ["en;q=boom,fr;q=0.1", "fr"],
  ] as const)
    assert.equal(negotiate(header), expected, String(header));
});
