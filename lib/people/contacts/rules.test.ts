import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptAddress,
  acceptCountry,
  acceptPhone,
  acceptWebsite,
  addressFault,
  isGraduationYear,
} from "#lib/people/contacts/rules";

test("addresses are folded, and only deliverable shapes accepted", () => {
  assert.equal(acceptAddress("  Marie.Dupont@Exemple.FR "), "marie.dupont@exemple.fr");
  assert.equal(acceptAddress("elo@café.fr"), "elo@xn--caf-dma.fr");
  assert.equal(acceptAddress("mailto:marie\u00ad.dupont@exemple.fr\u200b"), "marie.dupont@exemple.fr");
  assert.equal(acceptAddress("ｍａｒｉｅ＠exemple.fr"), "marie@exemple.fr");
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

test("a letter before the @ that few servers take is refused by its name", () => {
  for (const address of ["jérôme@exemple.fr", "иван@exemple.fr", "marie’s@exemple.fr"]) {
    assert.equal(acceptAddress(address), null, address);
    assert.equal(addressFault(address), "emailNotAscii");
  }
  for (const address of ["jérôme", "marie@", "élise dupont@", ""])
    assert.equal(addressFault(address), "email");
});

test("overseas numbers get the code of their own plan, the postcode helping", () => {
  const numbers: [string, string, string?, string?][] = [
    ["0692 12 34 56", "+262 692 12 34 56"],
    ["0590 12 34 56", "+590 590 12 34 56"],
    ["0596 12 34 56", "+596 596 12 34 56"],
    ["0694 12 34 56", "+594 694 12 34 56"],
    ["0639 69 12 34", "+262 639 69 12 34"],
    ["+33 6 92 12 34 56", "+262 692 12 34 56"],
    ["0262 12 34 56", "+262 262 12 34 56", "FR", "97400"],
    ["27 12 34", "+687 27 12 34", "FR", "98800"],
    ["05 57 12 20 44", "+33 5 57 12 20 44", "FR", "97400"],
    ["05 57 12 20 44", "+33 5 57 12 20 44", "RE"],
    ["06 12 34 56 78", "+33 6 12 34 56 78", "FR", "33000"],
    ["0692 12 34 56", "+262 692 12 34 56", "FR", "33000"],
    ["0692 12 34 56", "+32 692123456", "BE"],
  ];
  for (const [typed, kept, country, postcode] of numbers)
    assert.equal(acceptPhone(typed, country, postcode), kept, `${typed} ${country} ${postcode}`);
});

test("a website is kept as typed", () => {
  for (const typed of [
    "https://example.org/?page=a/",
    "https://example.org/#/profil/",
    "HTTP://Example.org/",
    "https://éducation.example/é",
  ])
    assert.equal(acceptWebsite(typed), typed);
  assert.equal(acceptWebsite("example.org:8080/portfolio"), "https://example.org:8080/portfolio");
  assert.equal(acceptWebsite('http://exemple.fr/a b"<c'), "http://exemple.fr/a%20b%22%3Cc");
  for (const bad of ["javascript:1", "localhost:8080", "mailto:a@exemple.fr"])
    assert.equal(acceptWebsite(bad), null);
});
