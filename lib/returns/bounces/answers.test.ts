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
    assert.deepEqual(await answer(words), { kind: "absence", address: null, backOn: wanted });
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
    assert.deepEqual(await answer(words), { kind, address, backOn: null });
  });

test("a person's mail tells nothing of the kind", async () => {
  const mail =
    "From: Claire <claire@univ.example>\nSubject: Re: La lettre\nIn-Reply-To: <a@b>\n\nJe pars en retraite, de retour jamais.";
  assert.equal((await judgeMail(Buffer.from(mail))).answer, null);
});
