import assert from "node:assert/strict";
import test from "node:test";
import { wrap } from "./plain-text.ts";

test("lines break at ordinary spaces only", () => {
  assert.equal(wrap("un deux trois", 8), "un deux\ntrois");
  assert.equal(wrap("dix\u00a0mille euros", 10), "dix\u00a0mille\neuros");
});

test("an address and a very long word are never cut", () => {
  const url = `https://a.fr/${"x".repeat(100)}`;
  assert.equal(wrap(`voir ${url} ici`, 72), `voir\n${url}\nici`);
});

test("list items hang under their mark", () => {
  assert.equal(wrap("- un deux trois", 9), "- un deux\n  trois");
  assert.equal(wrap("12. un deux", 8), "12. un\n    deux");
});
