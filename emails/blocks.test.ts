import assert from "node:assert/strict";
import test from "node:test";
import { exampleBlocks } from "#testing/examples";
import { blockSchema, linkUrl } from "./blocks.ts";

const picture = { src: "https://images.example/a.png" };

test("the example holds every kind of block and is valid", () => {
  for (const block of exampleBlocks) assert.equal(blockSchema.safeParse(block).success, true, block.id);
  const kinds = new Set(exampleBlocks.map((b) => b.type));
  assert.equal(kinds.size, blockSchema.options.length);
});

test("a picture says what it shows or that it is decorative", () => {
  const block = (image: object) => blockSchema.safeParse({ id: "i", type: "image", image });
  assert.equal(block(picture).success, false);
  assert.equal(block({ ...picture, alt: "  " }).success, false);
  assert.equal(block({ ...picture, alt: "La cour" }).success, true);
  assert.equal(block({ ...picture, decorative: true }).success, true);
});

test("a picture is hosted, never in the mail or on this machine", () => {
  for (const src of ["data:image/png;base64,AAAA", "file:///etc/passwd", "/logo.png", "javascript:1"]) {
    const block = { id: "i", type: "image", image: { src, decorative: true } };
    assert.equal(blockSchema.safeParse(block).success, false, src);
  }
});

test("links lead to the web, a mailbox, a phone, or the recipient's own pages", () => {
  const good = ["https://a.fr/é?x=1", "mailto:a@b.fr", "tel:+33557122044", "{{ links.preferences }}"];
  const bad = [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "a.fr",
    "//a.fr",
    "",
    "{{ x }}",
  ];
  for (const url of good) assert.equal(linkUrl.safeParse(url).success, true, url);
  for (const url of bad) assert.equal(linkUrl.safeParse(url).success, false, url);
});
