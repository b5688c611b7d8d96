import assert from "node:assert/strict";
import { test } from "node:test";
import { ownTarget } from "#lib/machine/web/target";

const origin = "https://src.example";

test("a place of ours keeps its path, query and fragment", () => {
  assert.equal(ownTarget("/contacts?q=%C3%A9lodie&page=2#top"), "/contacts?q=%C3%A9lodie&page=2#top");
  assert.equal(ownTarget(`${origin}/contacts?q=1`, origin), "/contacts?q=1");
  assert.equal(ownTarget("/a%0d%0ab", origin), "/a%0d%0ab", "still encoded: no header is split");
  for (const nothing of [undefined, null, "", "/"]) assert.equal(ownTarget(nothing, origin), "/");
});

const elsewhere = [
  "https://evil.example/",
  "//evil.example",
  "///evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "https:evil.example",
  "https:/evil.example",
  "javascript:alert(1)",
  "data:text/html,hello",
  "https://src.example@evil.example/",
  "https://src.example.evil.example/",
  "http://src.example/",
  "https://src.example:8443/",
  "https://src.example//evil.example/",
  "https://src.example/\\evil.example",
  "blob:https://src.example/x",
  "https://[",
];

for (const asked of elsewhere)
  test(`${JSON.stringify(asked)} does not leave the site`, () => {
    for (const base of [undefined, origin]) {
      const target = ownTarget(asked, base);
      assert.equal(new URL(target, origin).origin, origin, target);
      assert.match(target, /^\/(?![/\\])/);
    }
  });
