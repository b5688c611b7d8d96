/** Requests to leave by mail. Only our own token, or the bare word, may act by itself: see lib/returns/received. */
import { first } from "#lib/machine/mime/mail";
import { fold } from "#lib/machine/text";
import { tokenShape } from "#lib/machine/tokens";
import type { Report } from "#lib/returns/bounces/parse";
import { head, unquoted } from "#lib/returns/bounces/phrases";

/** bare: the word and nothing else, or the mail our List-Unsubscribe makes; said: a sentence for somebody to read. */
export type Leaving = "bare" | "said" | null;

const WORD =
  "(?:unsubscribe|unsuscribe|opt ?out|stop|remove|(?:je )?(?:me |se )?d.?sabonner?|d.?sabonnement|d.?sinscription|(?:me |se )?d.?sinscrire|d.?sinscrivez moi|d.?sabonnez moi|arret(?:er)?)(?: svp| s il vous plait| merci| please| me)?";
const BARE = new RegExp(`^${WORD}\\W{0,5}$`);
/** RFC 2369: the subject that our own List-Unsubscribe makes, the word and a signed token. */
const TOKEN = new RegExp(`^unsubscribe \\s*${tokenShape}\\s*$`, "i");
const SAID =
  /\b(?:unsubscribe|opt ?out|d.{0,2}sabonn(?:e|er|ez|ement)|d.{0,2}sinscri(?:re|ption|vez)|me (?:retirer|supprimer|enlever|rayer|sortir) de (?:votre|vos|la|cette) (?:liste|base|mailing|fichier|newsletter|diffusion)|(?:retirez|supprimez|enlevez|rayez|effacez) (?:moi|mon (?:adresse|mail|nom|e ?mail))|ne plus (?:recevoir|etre (?:contacte|destinataire|inscrit))|ne souhaite plus (?:recevoir|etre)|remove me from|stop (?:sending|emailing)|take me off)/;

/** What a mail asks in its own words: quoted lines and a phone's signature are not the sender's. */
export function leavingOf({ mail, text }: Report): Leaving {
  const subject = first(mail.headers, "subject").trim();
  if (TOKEN.test(subject)) return "bare";
  const words = head(unquoted(text), 1_500).replace(SIGNED, "").trim();
  const apple = /^true$/i.test(first(mail.headers, "x-apple-unsubscribe"));
  const title = fold(subject);
  if (BARE.test(title) && (apple || words === "" || BARE.test(words))) return "bare";
  const asked = BARE.test(title) || SAID.test(title) || SAID.test(words);
  return asked || BARE.test(words.split("\n", 1)[0] ?? "") ? "said" : null;
}

const SIGNED =
  /^(?:-{1,3}\s*$|envoy.{0,2} (?:de|depuis|a partir)|sent from|obtenez outlook|get outlook|telecharge[rz])[^\n]*/gm;
