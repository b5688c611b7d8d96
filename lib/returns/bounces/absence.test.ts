import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";

const file = (name: string) => readFileSync(join(import.meta.dirname, "../../../testing/absences", name));

test("a person who answers about an absence is a reply, a machine's notice is not", async () => {
  assert.equal((await judgeMail(file("17-human-absence.eml"))).class, "reply");
  assert.equal((await judgeMail(file("17-machine-absence.eml"))).class, "auto-reply");
});

const mail = (subject: string) =>
  Buffer.from(
    `From: Léa <lea@example.org>\nTo: newsletter@src.example\nIn-Reply-To: <a@src.example>\nSubject: =?utf-8?b?${Buffer.from(subject).toString("base64")}?=\nContent-Type: text/plain; charset=utf-8\n\nBonjour, à bientôt.\n`,
  );

test("what follows « RE: » is the sender's own sentence, unless only a machine writes it", async () => {
  const expected: Record<string, string[]> = {
    reply: [
      "RE: Absent le 3",
      "Re : Absence de Paul mardi",
      "RE: en congé à partir de lundi ?",
      "Re: Vacation plans",
      "RE: On leave tomorrow",
      "TR: Absence",
    ],
    "auto-reply": [
      "Absence du bureau",
      "Message d’absence",
      "MESSAGE D'ABSENCE : votre lettre",
      "Réponse automatique : 4média",
      "Réponse automatique\u00a0: 4média",
      "RE: Réponse automatique",
      "Re: Out of office",
      "Out‑of‑office",
      "ＯＵＴ ＯＦ ＯＦＦＩＣＥ",
      "Automatic reply: 4média",
      "Auto‐Reply",
    ],
  };
  for (const [kind, subjects] of Object.entries(expected))
    for (const subject of subjects) assert.equal((await judgeMail(mail(subject))).class, kind, subject);
});
