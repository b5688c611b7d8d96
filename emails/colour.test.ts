import assert from "node:assert/strict";
import test from "node:test";
import { contrast, inkOn, invertLightness, legible, mix } from "./colour.ts";

test("contrast is WCAG's", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#ffffff", "#ffffff"), 1);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

test("a readable colour is kept, another is moved just enough", () => {
  assert.equal(legible("#1f3a8a", "#ffffff"), "#1f3a8a");
  for (const background of ["#ffffff", "#111214", "#808080", "#f4a11d"]) {
    for (const colour of ["#ffff00", "#f4a11d", "#808080", "#0000ff"]) {
      assert.ok(contrast(legible(colour, background), background) >= 4.5, `${colour} on ${background}`);
    }
    assert.ok(contrast(inkOn(background), background) >= 4.5, background);
  }
});

test("mixing and inverting stay in range", () => {
  assert.equal(mix("#000000", "#ffffff", 0.5), "#808080");
  assert.equal(invertLightness("#000000"), "#ffffff");
  assert.equal(invertLightness(invertLightness("#1f3a8a")), "#1f3a8a");
});
