import assert from "node:assert/strict";
import test from "node:test";
import { markdownToHtml, markdownToText } from "./markdown.ts";
import { createSlots } from "./slots.ts";

function html(source: string): string {
  const slots = createSlots();
  return slots.restore(markdownToHtml(slots.protect(source), { link: "#1f3a8a", gap: 16 }, slots), "html");
}

function text(source: string): string {
  const slots = createSlots();
  return slots.restore(markdownToText(slots.protect(source), slots), "text");
}

const bare = (source: string) => html(source).replace(/ (?:style|dir|target)="[^"]*"/g, "");

test("the subset: paragraphs, bold, italic, links, lists, line breaks", () => {
  assert.equal(
    bare("Un **gras** et *italique*\nsuite\n\nDeux"),
    "<p>Un <strong>gras</strong> et <em>italique</em><br>suite</p>\n<p>Deux</p>",
  );
  assert.equal(bare("- un\n- **deux**"), "<ul><li>un</li><li><strong>deux</strong></li></ul>");
  assert.equal(bare("3. trois\n4. quatre"), '<ol start="3"><li>trois</li><li>quatre</li></ol>');
  assert.equal(bare("[là](https://a.fr/?x=1&y=2)"), '<p><a href="https://a.fr/?x=1&amp;y=2">là</a></p>');
});

test("everything else is shown as typed", () => {
  assert.equal(bare("# Titre"), "<p># Titre</p>");
  assert.equal(bare("`code` ~~barré~~"), "<p>`code` ~~barré~~</p>");
  assert.equal(bare("![x](https://a.fr/x.png)").includes("<img"), false);
  assert.equal(bare("<b>x</b>"), "<p>&lt;b&gt;x&lt;/b&gt;</p>");
  assert.equal(bare("&nbsp;&lt;"), "<p>&amp;nbsp;&amp;lt;</p>");
});

test("no HTML, no attribute and no dangerous address gets through", () => {
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) [y](data:text/html,x) [z](JAVASCRIPT:a)",
    '[a](https://a.fr/" onclick="x) <https://a.fr/"onclick=x>',
    "</td></mj-text><mj-raw><script>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<!-- x --> <![endif]-->",
    "[lien](https://a.fr/{{ contact.firstName }})",
  ];
  for (const source of hostile) {
    const out = html(source);
    const tags = [...out.matchAll(/<(\/?[a-z-]+)/gi)].map((m) => m[1]?.replace("/", ""));
    assert.ok(
      tags.every((t) => /^(p|a|br|strong|em|ul|ol|li)$/.test(t ?? "")),
      out,
    );
    const attributes = [...out.matchAll(/<[a-z]+((?:\s[a-z]+="[^"]*")*)>/g)].map((m) => m[1] ?? "");
    assert.ok(!/\son\w+=|javascript:|data:/i.test(attributes.join(" ")), out);
    assert.equal(
      [...out.matchAll(/</g)].length,
      [...out.matchAll(/<\/?[a-z]+(?:\s[a-z]+="[^"<>]*")*>/g)].length,
      out,
    );
  }
});

test("variables survive Markdown untouched, in text and as an address", () => {
  const output = '{{ contact.firstName | default: "L_é_a *étoile*" }}';
  assert.ok(html(`**${output}**`).includes(`<strong>${output}</strong>`));
  assert.ok(html("[mes choix]({{ links.preferences }})").includes('href="{{ links.preferences }}"'));
});

test("braces that are no variable come out as braces", () => {
  assert.ok(html("{{ oups }} {% if %} {").includes("&#123;&#123; oups }} &#123;% if %} &#123;"));
  assert.equal(text("{{ oups"), '{{ "{" }}{{ "{" }} oups');
});

test("as text, links show their address and lists their marks", () => {
  assert.equal(text("Voir [le site](https://a.fr/x) **ici**"), "Voir le site (https://a.fr/x) ici");
  assert.equal(text("https://a.fr/x"), "https://a.fr/x");
  assert.equal(text("[05 57](tel:+33557)"), "05 57");
  assert.equal(text("- a\n- b\n\n1. c\n2. d"), "- a\n- b\n\n1. c\n2. d");
});
