import assert from "node:assert/strict";
import test from "node:test";
import { markdownToHtml, markdownToText, unreadLinks } from "./markdown.ts";
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

/** The addresses a reader could follow, and the links left as brackets. */
function linksOf(source: string) {
  const slots = createSlots();
  const protectedSource = slots.protect(source);
  const hrefs = [...html(source).matchAll(/href="([^"]*)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );
  return { hrefs, left: unreadLinks(protectedSource, slots) };
}

test("addresses copied with what stood around them lead where they should", () => {
  const right: [typed: string, href: string][] = [
    ["voir «https://example.org/guillemets»", "https://example.org/guillemets"],
    ["voir «https://example.org/point».", "https://example.org/point"],
    ["voir “https://example.org/anglais”, puis", "https://example.org/anglais"],
    ['voir "https://example.org/droits" puis', "https://example.org/droits"],
    ["dit ‘https://example.org/simple’", "https://example.org/simple"],
    ["et https://example.org/suite…", "https://example.org/suite"],
    ["voir www.example.org/sans»", "http://www.example.org/sans"],
    ["«contact@example.org»", "mailto:contact@example.org"],
    ["[d](https://example.org/a?x=1&amp;y=2)", "https://example.org/a?x=1&y=2"],
    ["https://example.org/a?x=1&amp;y=2", "https://example.org/a?x=1&y=2"],
    ["[e](https://example.org/a?x=1&y=2&copy=3)", "https://example.org/a?x=1&y=2&copy=3"],
    ["[f](https://example.org/wiki/Lille_(Nord))", "https://example.org/wiki/Lille_(Nord)"],
    ["[g](https://example.org/\u200bzero\u00ad)", "https://example.org/zero"],
    ["[h](<https://example.org/mon fichier.pdf>)", "https://example.org/mon%20fichier.pdf"],
    ["https://example.org/L’Équipe", "https://example.org/L%E2%80%99%C3%89quipe"],
  ];
  for (const [typed, href] of right)
    assert.deepEqual(linksOf(typed), { hrefs: [href], left: [] }, JSON.stringify(typed));
  assert.match(bare("«https://example.org/a»"), />https:\/\/example.org\/a<\/a>»</);
});

test("links that would show their brackets are told", () => {
  const wrong = [
    "[avec une espace](https://example.org/mon fichier.pdf)",
    "[sans schéma](example.org/page)",
    "[collé](https://example.org/x»)",
    "[séparé] (https://example.org/x)",
    "[vide]()",
    "[](https://example.org/x)",
    "[autre](javascript:void)",
    "[pas fermé](https://example.org/x",
  ];
  for (const typed of wrong) {
    for (const around of [typed, `Voir **${typed}** ici`, `- ${typed}`, `> ${typed}`, `# ${typed}`])
      assert.equal(linksOf(around).left.length, 1, around);
  }
  for (const typed of [
    "Il a dit [sic] (p. 3)",
    "\\[a](b)",
    "[texte]",
    "a[1] et b(2)",
    "[ok](https://a.fr/x)",
  ])
    assert.deepEqual(linksOf(typed).left, [], typed);
});
