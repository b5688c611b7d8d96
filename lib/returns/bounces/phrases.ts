/**
 * Sentences, folded (small letters without accents; a lost accent may be any one character or none). Under a machine's
 * mark words suffice; without one only whole sentences that mail systems write, at the head of the mail.
 */
import { fold, foldLines } from "#lib/machine/text";

/** Characters of the reporter's words that are looked at. */
const HEAD = 3_000;

/** Small letters without accents; bytes that lost their charset stay as they are. */
export const head = (text: string, length = HEAD): string => foldLines(text.slice(0, length));

/** What a mail system says of a failure: read only in a mail that bears a machine's mark. */
export const FAILED =
  /undeliver|delivery attempts? failed|failed (?:mail|message)|(?:no such|unknown) (?:user|mailbox|address|recipient)|(?:user|mailbox|recipient|address) (?:unknown|not found)|n a (?:pas )?pu .{0,2}tre (?:remis|distribu|deliv|d.?livr|transmis|achemin|envoy|livr)|n a pas .{0,2}t.{1,2} (?:remis|distribu|deliv|d.?livr|transmis|achemin|livr)|pas .{0,2}t.{1,2} possible d(?:e (?:remettre|distribuer|d.?livrer|transmettre)| acheminer)|(?:utilisateur|compte|bo.?te) (?:inconnue?|inexistante?|introuvable)|un ?delivered|not delivered|non (?:remis|distribu|deliv)|failure notice|deliver(?:y|ing)? (?:status )?(?:notification|failure|failed|report|problem|has failed|error|status)|delivery .{0,20}(?:fail|delay|incomplete)|returned (?:e ?mail|mail|to sender)|returning message|mail (?:delivery )?(?:fail|system error|error|could not|delivery)|(?:could not|couldn t|cannot|unable to|can t|wasn t able to) (?:be )?(?:deliver|send)|error (?:sending|occurred while (?:trying|attempting|sending))|failed (?:to deliver|recipient)|.{0,2}chec (?:de (?:la )?(?:remise|distribution|livraison|transmission)|d (?:envoi|acheminement)|de l (?:envoi|acheminement))|impossible (?:d envoyer|d acheminer|de (?:remettre|distribuer|d.?livrer|transmettre))|notification d .{0,2}tat de (?:la )?remise|adresse introuvable|destinataire (?:inconnu|introuvable|invalide)|(?:courrier|message) (?:non|retourn|rejet)|retour (?:de|du) (?:courrier|message)|unzustellbar|nicht zugestellt|no se (?:ha )?(?:podido|pudo) entregar|mancata consegna|mailer error|mail warning|warning: (?:message|could not)|not (?:reach|been delivered)|did not reach|malformed recipient|rejected (?:message|mail)|message you sent (?:was |has been )?(?:blocked|rejected)|エラー|配信|不達|未達|недостав/;

/** Whole sentences by which mail systems open their reports, in the words of each. */
const OPENING =
  /^failed recipients?$|this is the (?:qmail send program|mail system at host|postfix program)|created automatically by (?:the )?mail (?:delivery|transfer) (?:software|system)|delivery has failed to these recipients|did not reach (?:some or all of the intended|the following) recipient|the following address(?:es|\(es\))? (?:had|failed|has) (?:permanent|delivery|failed)|had permanent (?:fatal|delivery) errors|sorry to have to inform you that your (?:message|mail)|your message (?:was not delivered|could not be delivered|cannot be delivered|wasn t delivered) to|(?:was|were) undeliverable to the following|delivery to the following recipients? (?:failed|has been)|transcript of session follows|.{0,2}chec de la remise (?:pour|a|.) (?:ces|ce|certains|les|le) destinataire|(?:votre )?message n a pas atteint certains|le regret de vous informer que votre (?:courrier|message) n a pas pu|(?:votre )?message n est pas parvenu .{1,3} \S{1,80}@|.{0,2}chec de la (?:remise|distribution) .{0,40}@|impossible de (?:remettre|distribuer|transmettre) (?:ce|votre|le) (?:message|courrier|mail) .{0,80}@|not (?:a )?members? (?:of|\()/;

const GREETING =
  /^\s{0,20}(?:bonjour|bonsoir|madame|monsieur|messieurs|mesdames|chere?s?\b|salut|coucou|hello|dear|hi (?!this is)|merci|voici|je |j ai recu|nous )/;

/** An SMTP reply as servers write it: a code with its words, or an enhanced status. */
const REPLY =
  /\b(?:error (?:code )?[45]\d\d\b)|\b[45]\d\d(?:[ -][45]\.\d\.\d{1,3}|[ -](?=[a-z<]))|(?:^|[\s#(])[45]\.[0-7]\.\d{1,3}\b/;

/** Lines of the reporter: what is quoted is another's. */
export const unquoted = (text: string): string => text.replace(/^ {0,3}[>|][^\n]*$/gm, "");

export const saysReply = (text: string): boolean => REPLY.test(text);

/** The first sentence of the mail is one of a mail system's: a person who quotes one says so first. */
export function opensAsReport(words: string): boolean {
  return OPENING.test(words.trimStart().split("\n\n", 1)[0]?.slice(0, 300) ?? "") && !GREETING.test(words);
}

/** What only a program writes in a subject: the whole of it, or before a colon. */
const NOTICE =
  /^(?:re ?: ?)?(?:auto(?:matic|matische|mated|matique)?[ -]?(?:reply|response|answer|antwort|repl[yi])|out of (?:the )?office(?: reply| autoreply| auto reply| message)?|r.{0,2}ponse automatique(?: d absence)?|(?:message|avis|notification) d absence|absence du bureau|abwesenheitsnotiz|respuesta automatica|risposta automatica|autoreply|repondeur automatique)\s{0,3}(?:$|:|\(|\[)|^auto ?: .{1,80} (?:is out of the office|est absente? du bureau|est absent\(e\))/;

/** Subjects of absences that people write too: read only under a machine's mark. */
const ANNOUNCED =
  /^(?:this is an? automat(?:ic|ed) (?:reply|response|answer)|(?:ceci|il s agit)(?: est)? (?:d )?une? (?:r.{0,2}ponse|message) (?:automatique|g.{0,2}n.{0,2}r.{0,2} automatiquement)|(?:r.{0,2}ponse|message) automatique\b)/m;

/** A complete phrase of an answering machine, in the subject or opening a line of its words. */
export function opensAsAbsence(subject: string, words: string): boolean {
  return NOTICE.test(fold(subject)) || ANNOUNCED.test(words.slice(0, 600));
}
