import assert from "node:assert/strict";
import test from "node:test";
import { Parser } from "htmlparser2";
import { exampleBlocks, exampleBrand, exampleCampaign } from "#testing/examples";
import type { Block } from "./blocks.ts";
import { compileCampaign } from "./compile.ts";
import { footerWords } from "./footer.ts";
import { lintEmail } from "./lint.ts";
import { renderFor, splice, splitSlots } from "./personalise.ts";
import { variants } from "./variants.ts";
import type { ModelKey } from "./words.ts";

const models: ModelKey[] = ["src", "4media", "taxe"];
const variables = {
  contact: { firstName: "Zoé" },
  words: footerWords(
    { basis: "consent", newsletter: "La lettre SRC", house: "l’IUT" },
    { locale: "fr", via: "page", source: null, typed: true },
  ),
  links: {
    unsubscribe: "https://c.example/d",
    preferences: "https://c.example/p",
    online: "https://c.example/o",
  },
};

for (const model of models) {
  test(`${model}: every kind of block and eight articles, under 90 kB, without a finding`, async () => {
    const { html, findings } = await compileCampaign(exampleCampaign(model));
    assert.deepEqual(findings, []);
    assert.ok(Buffer.byteLength(html) < 60_000, String(Buffer.byteLength(html)));
    assert.deepEqual(lintEmail(renderFor(html, variables)), []);
  });

  test(`${model}: the hostile variants keep the text, the alternatives and the way out`, async () => {
    const { html } = await compileCampaign(exampleCampaign(model));
    for (const [name, variant] of Object.entries(variants(renderFor(html, variables)))) {
      assert.match(variant, /148 anciens/, name);
      assert.match(variant, /href="https:\/\/c\.example\/d"[^>]*>Se désabonner</, name);
      assert.match(variant, /alt="Trois étudiants/, name);
    }
  });

  test(`${model}: hidden preheader, night colours, one column, language and title`, async () => {
    const { html } = await compileCampaign(exampleCampaign(model));
    assert.match(html, /<html lang="fr" dir="ltr"/);
    assert.match(html, /<title>Onze projets, une soirée, et vous<\/title>/);
    assert.match(html, /display:none[^>]*>La soirée des projets/);
    assert.match(html, /<meta name="color-scheme" content="light dark">/);
    assert.match(html, /prefers-color-scheme: dark/);
    // MJML lays its own div of the page's colour under the column, without a class: light gutters at night.
    assert.match(html, /<body\s+class="page"[^>]*>\s*<div[^>]*>[^<]*<\/div>\s*<div\s[^>]*background-color/);
    assert.match(html, /\.page > div, \.page > table \{ background: #121317 !important/);
    assert.doesNotMatch(html, /mj-column-per-(?!100)/);
    assert.doesNotMatch(html, /fonts\.googleapis|rgba\(|\.svg|data:image/);
    assert.match(html, /1 rue Jacques-Ellul/);
    // Nothing a teacher typed is dropped by a model's own drawing of a block.
    for (const typed of ["La cour de l’IUT, en mai.", "Samia, promotion 2014", "86 %", "épisode 8"]) {
      assert.ok(html.includes(typed), typed);
    }
    for (const link of ["unsubscribe", "preferences", "online"]) {
      assert.ok(html.includes(`href="{{ links.${link} }}"`), link);
    }
  });

  test(`${model}: hostile text stays text`, async () => {
    const { html, text, findings } = await compileCampaign(exampleCampaign(model, hostileBlocks));
    assert.deepEqual(dangers(html), []);
    assert.match(html, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.ok(findings.some((f) => f.code === "unclosed" && f.where?.blockId === "h2"));
    assert.ok(!findings.some((f) => f.code === "mjml"), JSON.stringify(findings));
    // Liquid can still read what is left, and shows the braces as they were typed.
    assert.match(renderFor(html, variables), /&#123;&#123; oups/);
    assert.match(renderFor(text, variables, "text"), /\{\{ oups/);
    assert.equal(splice(splitSlots(html), variables), renderFor(html, variables));
    assert.ok(html.includes("שלום") && html.includes("👩🏽‍🎓"));
  });
}

/** What a browser would really see: scripts, handlers, and addresses that are not the web's or a person's. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (/^(script|svg|iframe|b|mj-.*)$/.test(tag)) found.push(tag);
      found.push(...Object.keys(attributes).filter((name) => name.startsWith("on")));
      const target = attributes.href ?? attributes.src ?? "";
      if (!/^(https:|mailto:|tel:|\{\{ links\.|$)/.test(target)) found.push(target);
    },
  });
  parser.end(html);
  return found;
}

const nasty = `<script>alert(1)</script> </td></tr> <b>& " ' 👩🏽‍🎓 שלום`;
const hostileBlocks: Block[] = [
  { id: "h1", type: "heading", text: `${nasty} <svg onload=x>` },
  {
    id: "h2",
    type: "text",
    markdown: `${nasty}\n\n{{ oups \n\n{% raw %} {{{ x }}} \ue000\u202e7\ue001\u0000`,
  },
  { id: "h3", type: "text", markdown: `${"x".repeat(10_000)} [clic](javascript:alert(1)) **non fermé` },
  {
    id: "h4",
    type: "article",
    title: `</mj-text></mj-column><mj-raw>${nasty}`,
    image: { src: 'https://a.fr/a.png?"><script>', alt: `" onerror="alert(1) ${nasty}`, decorative: false },
    markdown: nasty,
    link: { label: nasty, url: 'https://a.fr/"><script>{{' },
  },
  { id: "h5", type: "quote", markdown: nasty, author: nasty },
  { id: "h6", type: "figures", items: [{ value: "<script>", label: nasty }] },
  { id: "h7", type: "button", label: nasty, url: "javascript:alert(1)" },
  {
    id: "h8",
    type: "image",
    image: { src: "https://a.fr/b.png", alt: "", decorative: true },
    caption: nasty,
  },
];

test("the text alternative is written from the blocks and wrapped at 72", async () => {
  const { text } = await compileCampaign(exampleCampaign("src"));
  const lines = renderFor(text, variables, "text").split("\n");
  assert.deepEqual(
    lines.filter((line) => [...line].length > 72 && !/https?:/.test(line)),
    [],
  );
  assert.ok(lines.includes("Bonjour Zoé,"));
  assert.ok(lines.includes("→ Proposer une intervention"));
  assert.ok(lines.includes("  https://iut.example/intervenir"));
  assert.ok(lines.includes("  https://c.example/d"));
  assert.ok(!lines.some((line) => /<[a-z]|&[a-z]+;|\*\*/.test(line)));
});

test("the subject is a template of its own, without line breaks", async () => {
  const content = {
    ...exampleCampaign("src"),
    subject: '{{ contact.firstName | default: "Vous" }},\r\nBcc: x',
  };
  const { subject, html } = await compileCampaign(content);
  assert.equal(renderFor(subject, { contact: { firstName: "Zoé\r\nX" } }, "header"), "Zoé  X, Bcc: x");
  assert.match(html, /<title>Vous, Bcc: x<\/title>/, "a title is not personal");
});

test("findings say which block and which field", async () => {
  const blocks: Block[] = [{ id: "b", type: "text", markdown: "Bonjour\n{{ contact.prenom }}" }];
  const { findings } = await compileCampaign(exampleCampaign("taxe", blocks));
  assert.deepEqual(findings[0]?.where, { blockId: "b", field: "markdown", line: 2, column: 1 });
});

test("whatever the colours of the brand, the contrast holds", async () => {
  for (const [primary, accent] of [
    ["#ffff00", "#ffffff"],
    ["#000000", "#777777"],
    ["#00e5ff", "#ff00aa"],
    ["#808080", "#111214"],
  ]) {
    const brand = { ...exampleBrand, primary: primary ?? "", accent: accent ?? "", logo: null };
    for (const model of models) {
      const { findings } = await compileCampaign({ ...exampleCampaign(model), brand });
      assert.deepEqual(findings, [], `${model} ${primary} ${accent}`);
    }
  }
});

test("a letter is in its own language, its footer in the reader’s, each saying so", async () => {
  const read = (template: string, locale: "fr" | "en", format: "html" | "text") => {
    const words = footerWords(
      { basis: "public_task", newsletter: "4média", house: "l’IUT" },
      { locale, via: null, source: "bordeauxelab", typed: false },
    );
    return renderFor(template, { ...variables, words }, format);
  };
  const french = await compileCampaign(exampleCampaign("4media"));
  const html = read(french.html, "en", "html");
  assert.match(html, /<html lang="fr"/);
  assert.match(html, /<p lang="en"[^>]*>You receive “<span lang="fr">4média<\/span>” as part/);
  assert.match(html, />Unsubscribe</);
  assert.match(html, />Au sommaire</, "the letter’s own words stay");
  const text = read(french.text, "en", "text");
  assert.match(text, /Manage my preferences:\n {2}https:\/\/c\.example\/p/);
  assert.ok(text.split("\n").every((line) => [...line].length <= 72 || /https:/.test(line)));
  const english = await compileCampaign({ ...exampleCampaign("4media"), locale: "en" });
  assert.match(
    read(english.html, "fr", "html"),
    /<html lang="en"[\s\S]*<p lang="fr"[^>]*>Vous recevez «\u00a0<span lang="fr">4média</,
  );
  assert.match(read(english.text, "fr", "text"), /Se désabonner\u00a0:\n/);
});

test("nobody may write the words of the footer", async () => {
  const blocks: Block[] = [{ id: "b", type: "text", markdown: "{{ words.reason }}" }];
  const { html, findings } = await compileCampaign(exampleCampaign("src", blocks));
  assert.ok(findings.some(({ code }) => code === "unknownVariable"));
  assert.match(html, /&#123;&#123; words.reason/);
});

test("forty blocks still compile in a moment", async () => {
  const blocks = Array.from({ length: 40 }, (_, i): Block => {
    const block = exampleBlocks[1 + (i % 8)] as Block;
    return { ...block, id: `b${i}` };
  });
  const start = performance.now();
  const { findings } = await compileCampaign(exampleCampaign("4media", blocks));
  assert.ok(performance.now() - start < 2000);
  assert.ok(!findings.some((f) => f.code === "mjml"));
});
