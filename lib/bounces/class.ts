import { first, type Mail } from "#lib/bounces/mime";
import type { Report } from "#lib/bounces/parse";
import { straighten } from "#lib/text";

/** What a mail that comes back to us is. */
export type MailClass = "bounce" | "complaint" | "auto-reply" | "reply" | "report" | "other";

const MAILER =
  /mailer[-_. ]?d(?:a|ae)mon|post[-_.]?master@|mail[-_. ]?deliver(?:y|er)?[-_. ](?:sub)?system|mail\.delivery\.system|system administrator|delivery (?:status|notification)|(?:bounce|mta)-?(?:notification)?s?@|microsoft(?:exchange)|complaints@|mail delivery/i;

const FAILED =
  /undeliver|un ?delivered|not delivered|non[- ](?:remis|distribu|deliver)|failure notice|deliver(?:y|ing)? (?:status )?(?:notification|failure|failed|report|problem|has failed|error|status)|delivery .{0,20}(?:fail|delay|incomplete)|returned (?:e-?mail|mail|to sender)|returning message|mail (?:delivery )?(?:fail|system error|error|could not|delivery)|(?:could not|couldn't|cannot|unable to|can't|wasn't able to) (?:be )?(?:deliver|send)|error (?:sending|occurred while (?:trying|attempting|sending))|failed (?:to deliver|recipient)|échec|remise|n'a pas pu être|retour de courrier|message non|non (?:re|dis)|unzustellbar|nicht zugestellt|no se (?:ha )?(?:podido|pudo) entregar|mancata consegna|mailer error|mail warning|warning: (?:message|could not)|not (?:reach|been delivered)|did not reach|malformed recipient|rejected (?:message|mail)|message you sent (?:was |has been )?(?:blocked|rejected)|エラー|配信|不達|未達|недостав/i;

/** What only a machine writes, whatever stands before it. */
const NOTICE =
  /^(?:re ?: ?)?(?:auto(?:matic|matische|mated)?[ -]?(?:reply|response|answer|antwort|repl[yi])|out[ -]of[ -](?:the[ -])?office|réponse automatique|message d'absence|abwesenheitsnotiz|respuesta automática|risposta automatica|autoreply|auto:)/i;

/** What a machine and a person may both write: after « RE: » it is the person's own sentence. */
const ABSENCE =
  /^(?:vacation|away from|i am away|ooo\b|on (?:vacation|leave|holiday)|absen(?:ce|t)|en congé|abwesenheit|fuori ufficio)/i;

/** Decides the class of a mail read as a report; machines' marks first, words last. */
export function classOf(report: Report): MailClass {
  const complaint = feedbackClass(report);
  if (complaint) return complaint;
  if (isStatistics(report)) return "report";
  if (isUnsubscribe(report.mail)) return "complaint";
  if (report.source !== "text") return deliveryClass(report);
  if (isMailer(report) && saysFailed(report)) return "bounce";
  if (isAutomatic(report)) return "auto-reply";
  if (first(report.mail.headers, "x-failed-recipients") !== "") return "bounce";
  if (/not (?:a )?members? (?:of|\()/i.test(subject(report) + report.text.slice(0, 500))) return "bounce";
  const hasReturned = report.original.size > 2;
  if (
    FAILED.test(subject(report)) &&
    (hasReturned || FAILED.test(straighten(report.text.slice(0, 3_000)))) &&
    !isAnswer(report)
  )
    return "bounce";
  return isAnswer(report) ? "reply" : "other";
}

/** ARF (RFC 5965): abuse and its kin are complaints, authentication reports (RFC 6591) are not. */
function feedbackClass({ feedback, mail, notices }: Report): MailClass | null {
  if (feedback)
    return /^(?:auth-failure|not-spam|dkim)/i.test(first(feedback, "feedback-type")) ? "report" : "complaint";
  if (notices.some((one) => one.action === "complaint")) return "complaint";
  // Hotmail's loop predates ARF: the abused mail is attached, the subject says it all.
  return /^complaint about message from/i.test(first(mail.headers, "subject")) ? "complaint" : null;
}

/** The mail that a List-Unsubscribe mailto: produces (RFC 2369); some clients mark it automatic. */
export function isUnsubscribe(mail: Mail): boolean {
  return /^(?:unsubscribe|opt-?out|désabonnement|désinscription|se désabonner)\b.{0,40}$/i.test(
    first(mail.headers, "subject").trim(),
  );
}

/** Read receipts (RFC 8098), TLS reports (RFC 8460) and DMARC aggregates (RFC 7489). */
function isStatistics({ mail }: Report): boolean {
  if (/report-type="?(?:disposition-notification|tlsrpt)/.test(mail.type)) return true;
  if (mail.parts.some((part) => /disposition-notification|tlsrpt/.test(part.type))) return true;
  const archive = [mail.type, ...mail.parts.map((part) => part.type)].some((type) =>
    /(?:zip|gzip|tlsrpt)/.test(type),
  );
  return archive && /report domain:|dmarc|tls-?rpt/i.test(first(mail.headers, "subject"));
}

function deliveryClass({ notices }: Report): MailClass {
  return notices.every((one) => /^(?:delivered|deliverable|relayed|expanded)$/.test(one.action))
    ? "report"
    : "bounce";
}

function isMailer({ mail }: Report): boolean {
  const from = first(mail.headers, "from");
  if (MAILER.test(from) || /delivery-status/.test(mail.type)) return true;
  const path = first(mail.headers, "return-path");
  return (
    from === "" ||
    (/^<?(?:mailer-daemon[^>]*)?>?$/i.test(path) &&
      path !== "" &&
      !isAutoSubject(mail.headers.get("subject")?.[0] ?? ""))
  );
}

function saysFailed(report: Report): boolean {
  const named = report.notices.some((one) => one.recipient !== null);
  return (
    FAILED.test(subject(report)) ||
    FAILED.test(straighten(report.text.slice(0, 3_000))) ||
    (named && /\b[45]\d\d[ -]/.test(report.text)) ||
    /delivery-status/.test(report.mail.type)
  );
}

/** RFC 3834 and the marks in use before it. */
function isAutomatic({ mail }: Report): boolean {
  const { headers } = mail;
  if (/^auto-(?:replied|generated|notified)/i.test(first(headers, "auto-submitted"))) return true;
  if (
    ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "auto-reply"].some((name) =>
      headers.has(name),
    )
  )
    return true;
  if (/auto[_-]?reply/i.test(first(headers, "precedence"))) return true;
  return isAutoSubject(first(headers, "subject"));
}

function isAutoSubject(value: string): boolean {
  const words = straighten(value).trim();
  return NOTICE.test(words) || ABSENCE.test(words);
}

function isAnswer({ mail }: Report): boolean {
  const { headers } = mail;
  if (first(headers, "in-reply-to") !== "" || first(headers, "references") !== "") return true;
  return /^(?:re|ré|rép|aw|antw|rv|sv|tr|fwd?)(?:\[\d+\])? ?:/i.test(first(headers, "subject"));
}

function subject(report: Report): string {
  return straighten(first(report.mail.headers, "subject"));
}
