/** What readers answered to the letters of the past, as mails. */
import type { Chance } from "#demo/random";

const answers = [
  "Merci pour ces nouvelles ! Je transmets à mes anciens camarades de promotion.",
  "Bonjour, je serai à Bordeaux à cette date : comptez-moi parmi vous.",
  "Bonjour, j’ai changé de poste cet été. Je vous envoie mes nouvelles coordonnées la semaine prochaine.",
  "Très belle lettre. Le lien vers l’annuaire m’a été utile.",
  "Bonjour, nous cherchons une ou un stagiaire pour avril. À qui envoyer l’offre ?",
  "Nous avons transmis à notre comptabilité. Qui peut nous envoyer le mode d’emploi ?",
  "Je garde un excellent souvenir du plateau. Bravo aux équipes !",
  "Bonjour, est-il possible de venir avec une collègue ? Merci d’avance.",
];

/** One plain mail in answer to another (RFC 5322). */
export function composeAnswer(
  dice: Chance,
  mail: { from: string; to: string; subject: string; at: number; inReplyTo: string },
): Buffer {
  const lines = [
    `From: <${mail.from}>`,
    `To: <${mail.to}>`,
    `Subject: =?utf-8?B?${Buffer.from(`Re: ${mail.subject}`).toString("base64")}?=`,
    `Date: ${new Date(mail.at).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${mail.at.toString(36)}.${dice.whole(1, 1e9).toString(36)}@${mail.from.split("@")[1]}>`,
    `In-Reply-To: ${mail.inReplyTo}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    dice.pick(answers),
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}
