/** What an answering machine tells besides: until when, who left, where to write now, or a riddle to solve. */

import { first } from "#lib/machine/mime/mail";
import { fold } from "#lib/machine/text";
import { awayUntil } from "#lib/returns/bounces/absence-dates";
import { cleanAddress } from "#lib/returns/bounces/fields";
import type { Report } from "#lib/returns/bounces/parse";
import { head, unquoted } from "#lib/returns/bounces/phrases";

export type Answer = {
  kind: "absence" | "departed" | "moved" | "challenge";
  /** Another address the mail gives: the person's new one, or a successor's. */
  address: string | null;
  /** Of a riddle, which is set in a machine's name: the address it guards. */
  about: string | null;
  /** YYYY-MM-DD: the last day away, or the day back. */
  backOn: string | null;
};

const CHALLENGE =
  /(?:demande|besoin) d authentification|authentification (?:est )?(?:requise|necessaire|demandee)|authentifi(?:er|ez)(?: vous| votre)|mailinblack|message (?:est )?(?:retenu|bloque)|(?:add|added to) .{0,40}(?:allowed|approved) (?:senders?|list)|(?:pour que|afin que) votre (?:message|mail|courriel) .{0,60}(?:remis|distribue|delivre)|(?:confirm|prov|verify)\w{0,3} (?:that )?you(?:r are| are|r) (?:human|not a robot|e ?mail|address|identity)|en attente (?:de|d) (?:validation|authentification)/;
const DEPARTED =
  /(?:pris|parti\w{0,2}|part|depart|suis|est) (?:\w{1,6} ){0,2}(?:ma |sa |a la |en )?retraite|\ba quitte\b|j ai quitte|quitte (?:definitivement|mes fonctions|l (?:entreprise|etablissement|iut|universite))|definitivement|remplacee? par|(?:me|lui) succede|succede a|plus en poste|n(?:e suis| est) plus (?:en poste|en fonction|employe|salarie|dans|a l|au|chez|parmi)|ne (?:travaille|fais|fait) plus (?:partie|pour|chez|a|au|dans|ici)|no longer (?:with|work|employed|at)|has left (?:the )?(?:company|university|organi)|have left|retired/;
const MOVED =
  /nouvelle adresse|changement d adresse|adresse (?:\S{1,20} ){0,3}a change|(?:change|changee) d adresse|adresse n est plus (?:lue|utilisee|relevee|valide|active)|ecri(?:re|vez)(?: moi)? (?:desormais|dorenavant|maintenant)|(?:new|changed) (?:my )?(?:e ?mail )?address|my new (?:e ?mail )?address|no longer (?:monitored|in use|read)/;

/** Reads the words of a mail already judged an answering machine's. */
export function answerOf(report: Report): Answer {
  const { mail } = report;
  const { own, words } = saidBy(report);
  const kind = asksProof(report)
    ? "challenge"
    : DEPARTED.test(words)
      ? "departed"
      : MOVED.test(words)
        ? "moved"
        : "absence";
  const other = kind === "absence" ? null : otherAddress(own, mail.headers);
  const date = Date.parse(first(mail.headers, "date"));
  const today = new Date(Number.isFinite(date) ? date : Date.now());
  return {
    kind,
    address: kind === "challenge" ? null : other,
    about: kind === "challenge" ? other : null,
    // Whoever left for good is not back.
    backOn: kind === "absence" ? awayUntil(words.replace(/\n/g, " "), today) : null,
  };
}

/** Somebody must follow a link before the mail goes on. */
export function asksProof(report: Report): boolean {
  const { own, words } = saidBy(report);
  return CHALLENGE.test(words) && /https?:\/\//.test(own);
}

function saidBy({ mail, text }: Report): { own: string; words: string } {
  const own = unquoted(text).slice(0, 3_000);
  return { own, words: `${fold(first(mail.headers, "subject"))}\n${head(own)}` };
}

/** The first address in the words that is neither the sender's nor ours. */
function otherAddress(own: string, headers: Report["mail"]["headers"]): string | null {
  const known = [first(headers, "from"), first(headers, "to")].map((value) =>
    cleanAddress(value)?.toLowerCase(),
  );
  for (const [word] of own.matchAll(/[^\s<>()",;:[\]]{1,100}@[\w.-]{3,253}/g)) {
    const address = cleanAddress(word.replace(/^mailto:/i, ""));
    if (address && !known.includes(address.toLowerCase())) return address.toLowerCase();
  }
  return null;
}
