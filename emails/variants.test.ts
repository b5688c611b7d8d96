import assert from "node:assert/strict";
import test from "node:test";
import { variants } from "./variants.ts";

const html =
  '<head><style>a{color:#111111} @media (x){ a{b:c} i{d:e} } u{f:g}</style><style media="screen and (y)">z{}</style></head><body style="color:#ffffff" bgcolor="#1f3a8a"><img alt="A" src="https://a.fr/a.png" width="9"></body>';

test("styles, media queries and pictures go; the rest stays", () => {
  const made = variants(html);
  assert.doesNotMatch(made.withoutStyle, /<style|@media/);
  assert.match(made.withoutMedia, /<style>a\{color:#111111\} {2}u\{f:g\}<\/style><\/head>/);
  assert.match(made.withoutImages, /<img alt="A" data-blocked="https:\/\/a\.fr\/a\.png" width="9">/);
});

test("night keeps hues and turns lightness over, inline only", () => {
  const { inverted } = variants(html);
  assert.match(inverted, /style="color:#000000"/);
  assert.match(inverted, /bgcolor="#7590e0"/);
  assert.match(inverted, /<style>a\{color:#111111\}/);
});
