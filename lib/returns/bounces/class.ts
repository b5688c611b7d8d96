import { judgeReply } from "#lib/letters/verdicts/rules";
import { first, type Mail } from "#lib/machine/mime/mail";
import { fold } from "#lib/machine/text";
import { asksProof } from "#lib/returns/bounces/answers";
import { leavingOf } from "#lib/returns/bounces/leaving";
import { isRejection, type Marks, marksOf } from "#lib/returns/bounces/marks";
import type { Report } from "#lib/returns/bounces/parse";
import {
  FAILED,
  head,
  opensAsAbsence,
  opensAsReport,
  saysReply,
  unquoted,
} from "#lib/returns/bounces/phrases";

/** What a mail that comes back to us is. */
export type MailClass = "bounce" | "complaint" | "auto-reply" | "reply" | "report" | "other";

/**
 * Decides the class of a mail read as a report. Marks first: a word alone condemns nobody, since people write of
 * « remise », « échec » and « absence » too.
 */
export function classOf(report: Report): MailClass {
  const { mail } = report;
  const marks = marksOf(mail);
  const complaint = feedbackClass(report);
  if (complaint) return complaint;
  if (isRejection(mail)) return "bounce";
  if (isStatistics(report)) return "report";
  if (isCalendarAnswer(mail)) return "auto-reply";
  if (!marks.daemon && leavingOf(report) === "bare") return "complaint";
  if (report.source !== "text" && !isForward(marks)) return deliveryClass(report);
  if (isBounce(report, marks)) return "bounce";
  if (isAnsweringMachine(report, marks) || (marks.nobody && asksProof(report))) return "auto-reply";
  return marks.answers || marks.prefixed ? "reply" : "other";
}

/** A person forwards a report, or writes above it: theirs is the mail. */
const isForward = (marks: Marks) => marks.prefixed && !marks.reporter && !marks.daemon && !marks.nullPath;

/** ARF (RFC 5965): abuse and its kin are complaints, authentication reports (RFC 6591) are not. */
function feedbackClass({ feedback, mail, notices }: Report): MailClass | null {
  if (feedback)
    return /^(?:auth-failure|not-spam|dkim)/i.test(first(feedback, "feedback-type")) ? "report" : "complaint";
  if (notices.some((one) => one.action === "complaint")) return "complaint";
  // Hotmail's loop predates ARF: the abused mail is attached, the subject says it all.
  const isLoop = /^complaint about message from/i.test(first(mail.headers, "subject"));
  return isLoop && mail.parts.some((part) => part.returned) ? "complaint" : null;
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

/** « Accepté : réunion » (RFC 5546): a click in an agenda, not a letter. */
function isCalendarAnswer({ type, parts }: Mail): boolean {
  const types = [type, ...parts.map((part) => first(part.headers, "content-type").toLowerCase())];
  if (types.some((one) => /^text\/calendar\b.{0,200}method="?(?:reply|counter)/.test(one))) return true;
  return parts.some(
    (part) => part.type === "text/calendar" && /^METHOD:(?:REPLY|COUNTER)/im.test(part.text.slice(0, 2_000)),
  );
}

function deliveryClass({ notices }: Report): MailClass {
  return notices.every((one) => /^(?:delivered|deliverable|relayed|expanded)$/.test(one.action))
    ? "report"
    : "bounce";
}

/** In plain words: a mail system speaks of a failure, or a mail opens as its reports do and gives the proof. */
function isBounce(report: Report, marks: Marks): boolean {
  if (marks.reporter) return true;
  if (isForward(marks)) return false;
  const { mail, original } = report;
  const subject = fold(first(mail.headers, "subject"));
  const words = head(unquoted(report.text));
  const failed = FAILED.test(subject) || FAILED.test(words);
  const proven = saysReply(words) || original.size > 2;
  if (marks.manager) return /not (?:a )?member|loop alert/.test(subject) || (failed && proven);
  if (marks.daemon) return marks.person && !marks.nullPath ? failed && proven : failed || condemns(report);
  if (opensAsAbsence(subject, words)) return false;
  // An absence has no return path either: somebody's name needs more than words.
  if (marks.nullPath) return !marks.automatic && failed && (proven || FAILED.test(subject));
  if (marks.answers || marks.prefixed || marks.list) return false;
  if (marks.nobody) return failed && proven;
  return proven && opensAsReport(words);
}

/** In a language that we do not read, a mail system still names whom it missed, and gives a reply or our mail back. */
function condemns({ notices, text, mail }: Report): boolean {
  if (!notices.some((one) => one.recipient !== null)) return false;
  if (/\b[45]\d\d[ -]/.test(text) || mail.parts.some((part) => part.returned)) return true;
  return judgeReply({ text }).blame === "recipient";
}

/** RFC 3834, the marks in use before it, or the whole phrase of an answering machine; lists bear marks of their own. */
function isAnsweringMachine(report: Report, marks: Marks): boolean {
  if (marks.list) return false;
  if (marks.automatic || (marks.nullPath && marks.bulk)) return true;
  const words = head(unquoted(report.text), 900);
  return opensAsAbsence(first(report.mail.headers, "subject"), words);
}
