import assert from "node:assert/strict";
import test from "node:test";
import { checkVariables } from "./variables.ts";

const codes = (text: string) => checkVariables(text).map((f) => f.code);

test("known variables with a fallback are silent", () => {
  assert.deepEqual(codes('Bonjour {{ contact.firstName | default: "à tous" }} {{links.online}}'), []);
  assert.deepEqual(codes("{{ contact.lastName | upcase | default: 'M' }}"), []);
  assert.deepEqual(codes("Sans variable, avec { une } accolade"), []);
});

test("a missing fallback is only a warning", () => {
  const [finding] = checkVariables("{{ contact.firstName }}");
  assert.equal(finding?.level, "warning");
  assert.equal(finding?.code, "missingFallback");
});

test("an unknown variable is named and placed", () => {
  const [finding] = checkVariables('Bonjour,\n  {{ contact.prenom | default: "" }}');
  assert.equal(finding?.code, "unknownVariable");
  assert.deepEqual(finding?.params, { variable: "contact.prenom" });
  assert.deepEqual([finding?.line, finding?.column, finding?.position], [2, 3, 11]);
});

test("what cannot be read is said in words of its own", () => {
  assert.deepEqual(codes("{{ contact.firstName | default: “ami” }}"), ["curlyQuotes"]);
  assert.deepEqual(codes("{{ contact.firstName "), ["unclosed"]);
  assert.deepEqual(codes("{% if contact.firstName %}x{% endif %}"), ["tagNotAllowed", "tagNotAllowed"]);
  assert.deepEqual(codes("{{ }}"), ["badLiquid"]);
  assert.deepEqual(codes('{{ "texte" }}'), ["badLiquid"]);
  assert.deepEqual(codes('{{ contact.firstName | | default: "x" }}').includes("badLiquid"), true);
});

test("filters that would switch escaping off are refused", () => {
  assert.ok(codes('{{ contact.firstName | default: "x" | raw }}').includes("filterNotAllowed"));
  assert.deepEqual(codes("{{ contact.firstName | default: organisation.secret }}"), ["literalOnly"]);
});

test("a second opening is checked after a broken first", () => {
  assert.deepEqual(codes("{{ contact.x {{ contact.y | default: '' }}"), ["unclosed", "unknownVariable"]);
});

test("arguments are literal: a range is a list of millions, another name a way around the list of names", () => {
  for (const argument of ["(1..30000000)", "(1..contact.lastName)", "contact.lastName", "true", "1..3"])
    assert.deepEqual(codes(`{{ contact.firstName | default: ${argument} }}`), ["literalOnly"], argument);
  assert.deepEqual(codes('{{ contact.firstName | truncate: 12, "…" | default: "x" }}'), []);
  // Liquid reads an escaped quote where we would see the end of the string.
  assert.deepEqual(codes('{{ contact.firstName | default: "a\\" }}'), ["badLiquid"]);
});

test("megabytes of openings, quotes and braces are read in a moment", () => {
  for (const piece of [
    "{{",
    "{{ contact.firstName |",
    '{{"',
    `{{'"`,
    '{{ x | default: "',
    "{% if %}",
    "{{ a }}",
  ]) {
    const start = performance.now();
    const found = checkVariables(piece.repeat(1_000_000 / piece.length));
    assert.ok(found.length <= 21, piece);
    assert.ok(performance.now() - start < 2_000, `${piece}: ${performance.now() - start} ms`);
  }
});
