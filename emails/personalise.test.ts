import assert from "node:assert/strict";
import test from "node:test";
import { exampleCampaign } from "#testing/examples";
import { compileCampaign } from "./compile.ts";
import { type Format, renderFor, splice, splitSlots } from "./personalise.ts";
import type { Variables } from "./variables.ts";

const values = [
  "Élodie",
  "N’Guyen",
  "O'Brien & fils",
  '<script>alert("x")</script>',
  "",
  null,
  undefined,
  0,
  2014,
  -1.5,
  "{{ contact.lastName }}",
  "{% raw %}",
  "👩🏽‍🎓 emoji",
  "\u202bעברית\u202c",
  "a\r\nBcc: x@y.fr",
  "  ",
  "&amp;",
  "\ud800",
  "x".repeat(10_000),
];
const fallbacks = ["", "à vous", "d'ici & d’ailleurs", "<b>", "👋", "}} {{ {%"];
const literals = ["Bonjour ", "<p>", "}}", "{", " & ", "\n", "é", "", "%}"];

/** Reproducible pseudo-random numbers (mulberry32), so that a failure can be replayed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function anyTemplate(next: () => number): string {
  const pick = <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T;
  const name = () =>
    pick(["contact.firstName", "contact.lastName", "organisation.name", "nobody.here", "contact.size"]);
  const outputs = [
    () => `{{ ${name()} }}`,
    () => `{{${name()}|default:"${pick(fallbacks)}"}}`,
    () => `{{ ${name()} | default: "${pick(fallbacks)}" }}`,
    () => `{{- ${name()} -}}`,
    () => `{{ ${name()} | upcase | default: 'X' }}`,
    () => `{{ ${name()} | default: organisation.name }}`,
    () => `{{ "{" }}`,
    () => `{{ ${name()} | default: "a\\"b" }}`,
    () => `{% if contact.firstName %}oui{% else %}non{% endif %}`,
  ];
  return Array.from({ length: Math.floor(next() * 6) }, () => {
    const literal = pick(literals);
    return (literal.endsWith("{") ? `${literal} ` : literal) + pick(outputs)();
  }).join("");
}

test("splicing gives exactly what LiquidJS gives, over thousands of templates and values", () => {
  for (let seed = 1; seed <= 4000; seed++) {
    const next = random(seed);
    const pick = () => values[Math.floor(next() * values.length)];
    const template = anyTemplate(next);
    const variables: Variables = {
      contact: { firstName: pick(), lastName: pick() },
      ...(next() < 0.8 ? { organisation: { name: pick() } } : {}),
    };
    for (const format of ["html", "text", "header"] satisfies Format[]) {
      const spliced = splice(splitSlots(template, format), variables);
      assert.equal(spliced, renderFor(template, variables, format), `seed ${seed}: ${template}`);
    }
  }
});

test("values are escaped in HTML, not in text, and cannot break a header", () => {
  const variables = { contact: { firstName: `<b>"L'&"</b>\r\nBcc: x@y.fr` } };
  const template = "{{ contact.firstName }}";
  assert.equal(renderFor(template, variables), "&lt;b&gt;&#34;L&#39;&amp;&#34;&lt;/b&gt;\r\nBcc: x@y.fr");
  assert.ok(renderFor(template, variables, "text").startsWith(`<b>"L'&"</b>`));
  assert.doesNotMatch(renderFor(template, variables, "header"), /[\r\n]/);
});

test("a value that looks like Liquid stays a value", () => {
  const variables = { contact: { firstName: "{{ contact.lastName }}", lastName: "secret" } };
  assert.equal(splice(splitSlots("{{ contact.firstName }}"), variables), "{{ contact.lastName }}");
});

test("inherited names are not values", () => {
  const split = splitSlots('{{ contact.constructor | default: "rien" }}');
  assert.equal(
    splice(split, { contact: {} }),
    renderFor('{{ contact.constructor | default: "rien" }}', { contact: {} }),
  );
});

test("a whole campaign spliced is the campaign rendered, and a broken template throws at once", async () => {
  const { html, text } = await compileCampaign(exampleCampaign("src"));
  const variables = {
    contact: { firstName: "Zoé & co" },
    links: { unsubscribe: "https://x.fr/d?a=1&b=2", preferences: "https://x.fr/p", online: "https://x.fr/o" },
  };
  assert.equal(splice(splitSlots(html), variables), renderFor(html, variables));
  assert.equal(splice(splitSlots(text, "text"), variables), renderFor(text, variables, "text"));
  assert.ok(renderFor(html, variables).includes('href="https://x.fr/d?a=1&amp;b=2"'));
  assert.throws(() => splitSlots("{{ contact.firstName"));
});

test("what was frozen before ranges were refused ends at once, by Liquid’s own limits", () => {
  assert.throws(() => renderFor("{{ a | default: (1..10000001) }}", {}), /memory alloc limit/);
  assert.throws(() => splitSlots("x".repeat(10_000_001)), /parse length limit/);
});
