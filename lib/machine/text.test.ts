import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "#lib/machine/db";
import { fold, foldLines, plainCharacters, tidy, tidyLines } from "#lib/machine/text";

test("a line keeps what is seen and nothing else", () => {
  const lines: [string, string][] = [
    ["  Jean\u00a0\n Marie\u0007 ", "Jean Marie"],
    ["\u200bnadia\u00ad.per\u2060rin\u200e", "nadia.perrin"],
    ["\u202eDurand\u202c \u2066Zoé\u2069\ufeff", "Durand Zoé"],
    ["L\u0092Hermitte, C\u009cur, 3\u0080, rien\u0081", "L’Hermitte, Cœur, 3€, rien"],
    ["Dupr&eacute; &amp;amp; Fils &#146; &#x9C;&#39;&shy;x", "Dupré & Fils ’ œ'x"],
    ["AT&T R&D; &inconnu; &constructor; &#9999999;", "AT&T R&D; &inconnu; &constructor; \ufffd"],
    ["e\u0301 NUL\0 \ud800 \ufffe fin", "é NUL fin"],
    ["ｎａｄｉａ", "ｎａｄｉａ"],
  ];
  for (const [given, kept] of lines) assert.equal(tidy(given), kept, JSON.stringify(given));
});

test("joiners and selectors that shape what is seen are kept", () => {
  const visible = [
    "👩‍💻 Léa", // woman, joiner, computer
    "❤️", // a selector makes it red
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", // the flag of England
    "👩🏽‍🚀", // a skin tone before the joiner
    "1️⃣", // a keycap
    "می‌خواهم", // Persian parts a verb by U+200C
    "അവന്‍", // an old spelling of a final letter of Malayalam
    "ශ්‍රී", // a conjunct of Sinhala
    "葛󠄀城", // a variant of a Japanese name
  ];
  for (const text of visible) assert.equal(tidy(text), text.normalize("NFC"));
  assert.equal(tidy("Jean\u200d-\u200cPierre\ufe0f"), "Jean-Pierre");
});

test("a name that cannot be seen is no name", () => {
  for (const nothing of [
    "\u200b",
    "\u3164",
    "\u2800 \u2800",
    "\u00ad\u2060",
    "\u0301",
    "&shy;",
    "&#8203;",
    "\u115f",
    "\u{e0041}",
    " \u00a0\u202f",
  ])
    assert.equal(tidy(nothing), "", JSON.stringify(nothing));
});

test("several lines keep their ends, and what a person wrote with an ampersand", () => {
  assert.equal(
    tidyLines(" Appelée\r\nlundi\u200b &amp; mardi\u0007\tmidi "),
    "Appelée\nlundi &amp; mardi \tmidi",
  );
});

test("rules on words see plain characters", () =>
  assert.equal(plainCharacters("Message d’absence ‐ ＯＯＯ\u00ad"), "Message d'absence - OOO"));

test("lines are folded one by one, in ASCII or beyond", () => {
  for (const text of [" A-b  C'd \n\n\tE\r\u0000f ", "Échec’ \u2028 de\u00a0la\n  Remise \n\u0301x"])
    assert.equal(foldLines(text), text.split("\n").map(fold).join("\n"));
  assert.equal(plainCharacters("a\0b"), "ab");
});

const alike: string[][] = [
  ["L’Hermitte", "L'Hermitte", "l hermitte", "LʼHERMITTE"],
  ["Anne-Marie Saint‑Exubert", "anne marie saint exubert", "Anne–Marie  SAINT EXUBERT"],
  ["ＤＵＰＯＮＴ", "Dupont", "DU\u00adPONT", "Du\u200bpont"],
  ["Œuvre", "oeuvre", "ŒUVRE"],
  ["Straße", "STRASSE"],
  ["Łódź", "lodz"],
];

test("what people take for the same is the same, in both languages", async () => {
  for (const forms of alike) {
    assert.equal(new Set(forms.map(fold)).size, 1, forms.join());
    const [row] = await sql<{
      n: number;
    }>`select count(distinct fold(t))::int as n from unnest(${forms}::text[]) t`;
    assert.equal(row?.n, 1, forms.join());
  }
  assert.equal(fold("％％％"), "%%%");
  assert.notEqual(fold("Dupont"), fold("Du Pont"));
});

test("SQL folds every character as we do", async () => {
  const characters: string[] = [];
  for (let code = 1; code < 0x2fa20; code++)
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\p{Cc}\p{Cf}]/u.test(String.fromCodePoint(code)))
      characters.push(String.fromCodePoint(code));
  const samples = [
    ...characters,
    ...characters.map((one) => `a${one}${one} b-${one}`),
    "ΟΔΥΣΣΕΥΣ",
    "Saint - Étienne",
  ];
  const rows = await sql<{ t: string; folded: string }>`
    select t, fold(t) as folded from unnest(${samples}::text[]) t where unicode_assigned(t)`;
  assert.ok(rows.length > 280_000);
  const differing = rows.filter(({ t, folded }) => folded !== fold(t));
  assert.deepEqual(
    differing.slice(0, 20).map(({ t, folded }) => [t, t.codePointAt(0)?.toString(16), folded, fold(t)]),
    [],
  );
});

test("a town is one under its spellings, and not another", async () => {
  const key = async (city: string) => (await sql<{ k: string }>`select fold_city(${city}) as k`)[0]?.k;
  const towns: [string, string[]][] = [
    [
      "Saint-Étienne",
      [
        "SAINT ETIENNE",
        "Saint Étienne",
        "St-Étienne",
        "ST ETIENNE CEDEX 1",
        "St. Etienne Cedex",
        "saint etienne (cedex 2)",
      ],
    ],
    ["Sainte-Foy-la-Grande", ["STE FOY LA GRANDE", "Ste-Foy-la-Grande"]],
    ["Chalon-sur-Saône", ["CHALON S/ SAONE", "Chalon s/Saône", "CHALON S SAONE CEDEX"]],
    ["L’Isle-d’Abeau", ["L ISLE D ABEAU", "L'Isle d'Abeau"]],
    ["Paris", ["PARIS 15", "Paris 8e", "Paris 1er arrondissement", "PARIS CEDEX 05", "Paris 15ème"]],
  ];
  for (const [town, spellings] of towns)
    for (const spelling of spellings) assert.equal(await key(spelling), await key(town), spelling);
  for (const [one, other] of [
    ["Saint-Étienne", "Sainte-Étienne"],
    ["Stains", "Saintains"],
    ["Nice", "Nîmes"],
    ["Sète", "Sées"],
  ] as const)
    assert.notEqual(await key(one), await key(other));
});
