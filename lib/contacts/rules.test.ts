import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptAddress,
  acceptCountry,
  acceptPhone,
  acceptWebsite,
  isGraduationYear,
  tidy,
} from "#lib/contacts/rules";

test("addresses are folded, and only deliverable shapes accepted", () => {
  assert.equal(acceptAddress("  Marie.Dupont@Exemple.FR "), "marie.dupont@exemple.fr");
  assert.equal(acceptAddress("élo@café.fr"), "élo@xn--caf-dma.fr");
  for (const bad of [
    "marie",
    "marie@",
    "@exemple.fr",
    "a b@exemple.fr",
    "a@exemple",
    "a..b@exemple.fr",
    ".a@exemple.fr",
    "a@-exemple.fr",
    "a@exemple.fr,b@exemple.fr",
    "<a@exemple.fr>",
    `${"a".repeat(65)}@exemple.fr`,
    "a@exemple.1",
  ])
    assert.equal(acceptAddress(bad), null, bad);
});

test("phones are read in their country and kept in international form", () => {
  assert.equal(acceptPhone("05 57 12 20 44"), "+33 5 57 12 20 44");
  assert.equal(acceptPhone("05.57.12.20.44", "FR"), "+33 5 57 12 20 44");
  assert.equal(acceptPhone("+44 20 7946 0958", "GB"), "+44 20 7946 0958");
  assert.equal(acceptPhone("demander à l’accueil"), null);
  assert.equal(acceptPhone("12"), null);
});

test("a website is http or https, never a script", () => {
  assert.equal(acceptWebsite("exemple.fr"), "https://exemple.fr");
  assert.equal(acceptWebsite("http://exemple.fr/a"), "http://exemple.fr/a");
  for (const bad of [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://exemple.fr",
    "https://a:b@exemple.fr",
    "rien",
  ])
    assert.equal(acceptWebsite(bad), null, bad);
});

test("countries are ISO codes", () => {
  assert.equal(acceptCountry("be"), "BE");
  assert.equal(acceptCountry("France"), "FR");
  assert.equal(acceptCountry("ZZZ"), null);
  assert.equal(acceptCountry("QX"), null);
});

test("years reach from 1950 to five years ahead", () => {
  const now = new Date("2026-11-23");
  assert.ok(isGraduationYear(1950, now) && isGraduationYear(2031, now));
  assert.ok(!isGraduationYear(1949, now) && !isGraduationYear(2032, now) && !isGraduationYear(2008.5, now));
});

test("text is one tidy line", () => assert.equal(tidy("  Jean\u00a0\n Marie\u0007 "), "Jean Marie"));
