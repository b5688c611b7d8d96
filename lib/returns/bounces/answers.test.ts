import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";

const answer = async (body: string, subject = "Absence") => {
  const head = `From: Claire <claire@univ.example>\nTo: src@src.example\nDate: Tue, 24 Nov 2026 09:12:00 +0100\nSubject: ${subject}\nAuto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n\n`;
  return (await judgeMail(Buffer.from(head + body))).answer;
};

const dates: Record<string, string | null> = {
  "Je suis absente jusqu’au 30 novembre inclus.": "2026-11-30",
  "En congés du 23 au 30 novembre inclus": "2026-11-30",
  "En congés du 23 novembre 2026 au 4 janvier 2027": "2027-01-04",
  "Absent du 23/11 au 27/11/2026": "2026-11-27",
  "De retour le 4 janvier": "2027-01-04",
  "de retour le lundi 30 novembre": "2026-11-30",
  "Je serai de retour à partir du 1er décembre.": "2026-12-01",
  "De retour lundi": "2026-11-30",
  "Je reviens le 02/12/26": "2026-12-02",
  "Je reprendrai mes fonctions le 15 décembre 2026": "2026-12-15",
  "Retour prévu le 2027-02-01": "2027-02-01",
  "I am away until May 5th": "2027-05-05",
  "I will be back on 7 December 2026": "2026-12-07",
  "Out of the office until Monday": "2026-11-30",
  "Absente depuis le 3 novembre": null,
  "Je suis en déplacement": null,
  "jusqu’au 45 novembre": null,
  "jusqu’au 31 novembre": null,
  "jusqu’au 1er janvier 2099": null,
};
for (const [words, wanted] of Object.entries(dates))
  test(`« ${words} » ends ${wanted ?? "nobody knows when"}`, async () => {
    assert.deepEqual(await answer(words), { kind: "absence", address: null, about: null, backOn: wanted });
  });

const kinds: [string, string, string | null][] = [
  [
    "J’ai pris ma retraite. Mme Paule Roy me succède : paule.roy@univ.example.",
    "departed",
    "paule.roy@univ.example",
  ],
  ["Je ne travaille plus au lycée depuis le 1er septembre.", "departed", null],
  [
    "M. Petit a quitté l’établissement, il est remplacé par Mme Roy <roy@univ.example>",
    "departed",
    "roy@univ.example",
  ],
  [
    "Ma nouvelle adresse est claire.b@entreprise.example, l’ancienne claire@univ.example n’est plus lue",
    "moved",
    "claire.b@entreprise.example",
  ],
  ["Merci d’authentifier votre adresse : https://app.mailinblack.example/c", "challenge", null],
];
for (const [words, kind, address] of kinds)
  test(`« ${words.slice(0, 40)}… » is ${kind}`, async () => {
    assert.deepEqual(await answer(words), { kind, address, about: null, backOn: null });
  });

test("a person's mail tells nothing of the kind", async () => {
  const mail =
    "From: Claire <claire@univ.example>\nSubject: Re: La lettre\nIn-Reply-To: <a@b>\n\nJe pars en retraite, de retour jamais.";
  assert.equal((await judgeMail(Buffer.from(mail))).answer, null);
});

const guarded: [string, string, string | null][] = [
  [
    "From: Mailinblack <robot@mailinblack.example>\nSubject: Votre message à Jeanne Arrieu",
    "Jeanne Arrieu (jeanne@entreprise.example) utilise la solution Mailinblack. Pour que votre message lui soit remis : https://app.example/c",
    "jeanne@entreprise.example",
  ],
  [
    "From: noreply@entreprise.example\nSubject: Demande d’authentification",
    "Merci d’authentifier votre adresse pour écrire à jeanne@entreprise.example : https://app.example/c",
    "jeanne@entreprise.example",
  ],
  [
    "From: Guard <robot@guard.example>\nSubject: Re: La lettre",
    "Your message is waiting. Please verify your email address: https://app.example/c",
    null,
  ],
];
for (const [fields, words, about] of guarded)
  test(`a riddle without a mark names whom it guards: ${fields.slice(6, 40)}`, async () => {
    const mail = `${fields}\nTo: src@src.example\nContent-Type: text/plain; charset=utf-8\n\n${words}`;
    const judged = await judgeMail(Buffer.from(mail));
    assert.deepEqual(
      [judged.class, judged.answer],
      ["auto-reply", { kind: "challenge", address: null, about, backOn: null }],
    );
  });

const plain: [string, string, string][] = [
  [
    "From: Paul <paul@univ.example>\nSubject: ENT",
    "Il faut vous authentifier sur https://ent.example",
    "other",
  ],
  [
    "From: no-reply@shop.example\nSubject: Commande",
    "Votre commande est partie : https://shop.example",
    "other",
  ],
  [
    "Return-Path: <>\nPrecedence: bulk\nFrom: Jean <jean@x.example>\nSubject: Merci",
    "Je réponds dès que possible.",
    "auto-reply",
  ],
  [
    "From: Jean <jean@x.example>\nSubject: AUTO: Jean Petit est absent(e) du bureau. (retour 05/12/2026)",
    "Jusqu’au 5 décembre 2026.",
    "auto-reply",
  ],
  ["From: Jean <jean@x.example>\nSubject: Auto : Jean est absent", "Il manque une voiture.", "other"],
];
for (const [fields, words, wanted] of plain)
  test(`« ${words} » is ${wanted}`, async () => {
    const mail = `${fields}\nTo: src@src.example\nContent-Type: text/plain; charset=utf-8\n\n${words}`;
    assert.equal((await judgeMail(Buffer.from(mail))).class, wanted);
  });
