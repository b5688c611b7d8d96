import assert from "node:assert/strict";
import test from "node:test";
import { exampleCampaign } from "#testing/examples";
import { compileCampaign } from "./compile.ts";
import { rewriteLinks } from "./links.ts";

test("each address is handed over once, decoded, and replaced everywhere", () => {
  const html =
    '<a href="https://a.fr/?x=1&amp;y=2">1</a><a style="x" href="http://b.fr/" target="_blank">2</a><a href="https://a.fr/?x=1&amp;y=2">3</a>';
  const seen: string[] = [];
  const result = rewriteLinks(html, (url, index) => {
    seen.push(url);
    return `https://crm.fr/l?c=7&l=${index}`;
  });
  assert.deepEqual(seen, ["https://a.fr/?x=1&y=2", "http://b.fr/"]);
  assert.deepEqual(result.links, seen);
  assert.equal(result.html.match(/c=7&amp;l=0"/g)?.length, 2);
  assert.equal(result.html.match(/c=7&amp;l=1"/g)?.length, 1);
});

test("Liquid, mailto, tel, pictures and style sheets are left alone", () => {
  const html =
    '<link href="https://a.fr/x.css"><a href="{{ links.unsubscribe }}">d</a><a href="https://a.fr/{{ contact.id }}">c</a><a href="mailto:a@b.fr">m</a><a href="tel:+33">t</a><img src="https://a.fr/i.png">';
  const result = rewriteLinks(html, () => assert.fail("nothing to replace"));
  assert.equal(result.html, html);
  assert.deepEqual(result.links, []);
});

test("a replacement cannot leave its attribute", () => {
  const { html } = rewriteLinks('<a href="https://a.fr/">x</a>', () => 'https://b.fr/"><script>');
  assert.equal(html, '<a href="https://b.fr/&quot;&gt;&lt;script&gt;">x</a>');
});

test("in a compiled campaign, every web link is counted and every way out is not", async () => {
  const { html } = await compileCampaign(exampleCampaign("4media"));
  const result = rewriteLinks(html, (_, index) => `https://crm.example/c/1/${index}`);
  assert.equal(result.links.length, 8 + 1 + 1 + 1);
  for (const link of ["unsubscribe", "preferences", "online"]) {
    assert.ok(result.html.includes(`href="{{ links.${link} }}"`), link);
  }
  assert.doesNotMatch(result.html, /<a [^>]*href="https:\/\/iut\.example/);
});
