import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { beginningOf, splitQuoted } from "#lib/letters/threads/quoted";
import { answerSubject, bareSubject, isMessageId, referencesOf } from "#lib/letters/threads/rules";

describe("a subject", () => {
  it("is bare without its prefixes, in French and English", () => {
    for (const subject of [
      "Votre stage",
      "Re: Votre stage",
      "RE : Votre stage",
      "Rép : Re: Votre  stage",
      "TR: RE: votre stage",
      "Re[2]: Votre stage",
      "Fwd: Votre stage",
    ])
      assert.equal(bareSubject(subject), "votre stage", subject);
    assert.equal(bareSubject("Retour de stage"), "retour de stage");
    assert.equal(bareSubject("Re: ".repeat(10_000)).length < 500, true);
  });
  it("of an answer bears one Re:", () => {
    assert.equal(answerSubject("Stage"), "Re: Stage");
    assert.equal(answerSubject("RE : Stage"), "RE : Stage");
    assert.equal(answerSubject(""), "Re:");
  });
});

describe("references", () => {
  it("grow by the answered mail, each once, and nothing else gets in", () => {
    assert.equal(referencesOf(["<a@x>", "<b@x>", "<a@x>"], "<c@x>"), "<a@x> <b@x> <c@x>");
    assert.equal(referencesOf(["<a@x>\r\nBcc: <evil@x>", "garbage"], "<c@x>"), "<c@x>");
  });
  it("keep the first and the last when they are many", () => {
    const all = Array.from({ length: 500 }, (_, i) => `<${i}@x.example>`);
    const kept = referencesOf(all, "<last@x.example>").split(" ");
    assert.equal(kept[0], "<0@x.example>");
    assert.equal(kept.at(-1), "<last@x.example>");
    assert.ok(kept.join(" ").length <= 4_020 && kept.length > 100);
  });
  it("are identifiers, not headers", () => {
    for (const bad of ["", "<>", "<a b>", "<a@x>\nB: c", "a@x", `<${"a".repeat(1_000)}>`, "<a<b@x>"])
      assert.equal(isMessageId(bad), false, bad);
    assert.equal(isMessageId("<CAF+x=1@mail.gmail.com>"), true);
  });
});

describe("quoted text", () => {
  const cases: [string, string, string][] = [
    [
      "Gmail",
      "Merci !\n\nLe jeu. 26 nov. 2026 à 10:12, Lettre SRC <l@iut.example> a écrit :\n\n> Bonjour",
      "Merci !",
    ],
    [
      "Gmail, broken",
      "Merci !\n\nLe jeu. 26 nov. 2026 à 10:12, Lettre SRC <lettre-longue@iut.example>\na écrit :\n> Bonjour",
      "Merci !",
    ],
    [
      "Outlook",
      "D’accord.\n\nDe : Lettre SRC <l@iut.example>\nEnvoyé : jeudi 26 novembre\nÀ : Zoé\nObjet : Stage\n\nBonjour",
      "D’accord.",
    ],
    ["Thunderbird", "Oui\n\nOn 26/11/2026 10:12, SRC wrote:\n> a\n> b", "Oui"],
    ["original", "Oui\n-----Message d’origine-----\nDe : x", "Oui"],
    ["only marks", "Oui\n\n> a\n> b\n", "Oui"],
  ];
  for (const [name, text, own] of cases)
    it(name, () => {
      const split = splitQuoted(text);
      assert.equal(split.own, own);
      assert.ok(split.quoted.length > 0);
    });
  it("is not cut where people answer between the lines, write « Le … a écrit » in a sentence, or quote only", () => {
    for (const text of [
      "Le 3, a écrit :\n> première question\noui\nnon\npeut-être\n",
      "Le directeur, qui a écrit : ce livre, viendra.",
      "De : quoi parle-t-on ?",
      "> tout est cité",
    ])
      assert.equal(splitQuoted(text).own, text);
  });
  it("is quick", () => {
    const start = process.cpuUsage();
    splitQuoted("Le ".repeat(20_000));
    splitQuoted("De : a\n".repeat(20_000));
    splitQuoted(`${">\n".repeat(20_000)}x`);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
  });
});

describe("how a message begins", () => {
  it("is its own words on one line, without what it quotes", () => {
    const quoted = "Le lun. 24 nov. 2026 à 10:00, Ada <ada@iut.example> a écrit :\n> Venez-vous ?";
    assert.equal(beginningOf(`Bonjour,\r\n\n  oui, volontiers.\n\n${quoted}`), "Bonjour, oui, volontiers.");
    assert.equal(beginningOf(" \n\u200b\u0000\t"), "");
    assert.equal(beginningOf("\u202egnp.exe"), "gnp.exe", "nothing turns the line around");
  });
  it("is cut between two words, and in the middle of none that would be a broken character", () => {
    const exact = "a".repeat(140);
    assert.equal(beginningOf(exact), exact);
    assert.equal(beginningOf(`${"mots ".repeat(40)}`), `${"mots ".repeat(28).trim()}…`);
    assert.equal(beginningOf(`${"a".repeat(139)}😀b`), `${"a".repeat(139)}…`);
  });
});
