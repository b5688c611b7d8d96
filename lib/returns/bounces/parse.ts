// From a split mail to what a report says: one notice per recipient, the words around it,
// and the header of the message that came back.

import { first, type Headers, type Mail, readFields, readMail } from "#lib/machine/mime/mail";
import { withOriginals } from "#lib/returns/bounces/aliases";
import { cleanAddress, statusNotices } from "#lib/returns/bounces/fields";
import { isRejection, marksOf } from "#lib/returns/bounces/marks";
import { readNotification } from "#lib/returns/bounces/notification";
import { recipientsInText } from "#lib/returns/bounces/recipients";
import { originalHeaders, reporterText } from "#lib/returns/bounces/returned";

/** What a report says of one recipient, in the words of RFC 3464 when it has them. */
export type Notice = {
  recipient: string | null;
  /** The address written by the sender, when the report tells it apart (forwards, aliases). */
  originalRecipient: string | null;
  action: string;
  status: string;
  text: string;
};

/** A mail read as a report; nothing is decided yet. */
export type Report = {
  mail: Mail;
  /** Words of the reporter, without the message that came back. */
  text: string;
  notices: Notice[];
  /** How the notices were found. */
  source: "fields" | "notification" | "text";
  feedback: Headers | null;
  /** Header fields of the returned message. */
  original: Headers;
  /** The Message-ID that the fields of a report (Gmail) or of a receipt give, or empty. */
  perMessageId: string;
};

/** Reads a raw mail as a report. Never throws on any bytes. */
export function readReport(raw: Buffer): Report {
  const report = understand(readMail(raw), 0);
  return { ...report, notices: withOriginals(report.notices, report.text) };
}

function understand(mail: Mail, depth: number): Report {
  const { text, tail } = reporterText(mail);
  const original = originalHeaders(mail, tail);
  const part = mail.parts.find((one) => one.type === "message/feedback-report");
  const feedback = part ? readFields(part.text.trim()) : null;
  const base = { mail, text, original, feedback, perMessageId: perMessageId(mail) };
  if (feedback) return { ...base, notices: feedbackNotices(feedback, original), source: "fields" };
  const fields = statusNotices(mail, [text, tail]);
  if (fields.length === 1 && fields[0]?.recipient === null)
    fields[0].recipient = textNotices(mail.headers, text, original)[0]?.recipient ?? null;
  if (fields.length > 0) return { ...base, notices: fields, source: "fields" };
  const refused = receiptNotices(mail);
  if (refused.length > 0) return { ...base, notices: refused, source: "text" };
  const told = readNotification(text);
  if (told.length > 0) return { ...base, notices: told, source: "notification" };
  // A gateway may wrap the report of another: the inner one knows more.
  const inner =
    depth === 0
      ? mail.parts.find(
          (one) => one.returned && /^content-type:\s{0,9}multipart\/report/im.test(one.text.slice(0, 8_000)),
        )
      : undefined;
  if (inner && speaksAsMachine(mail)) return understand(readMail(Buffer.from(inner.text)), depth + 1);
  return { ...base, notices: textNotices(mail.headers, text, original), source: "text" };
}

const MAX_NOTICES = 500;

/** Addresses a complaint names (RFC 5965), else the one the abused mail went to. */
function feedbackNotices(feedback: Headers, original: Headers): Notice[] {
  const named = [...(feedback.get("original-rcpt-to") ?? []), ...(feedback.get("removal-recipient") ?? [])];
  const list = named.map(cleanAddress).filter((one) => one !== null);
  return list.length > 0
    ? list.slice(0, MAX_NOTICES).map((one) => notice(one, ""))
    : [notice(addressee(original), "")];
}

/** A report in plain words: X-Failed-Recipients, else addresses standing where reports put them. */
function textNotices(headers: Headers, text: string, original: Headers): Notice[] {
  const ours = cleanAddress(first(headers, "to")) ?? "";
  const found = recipientsInText(text, ours, headers.has("x-mlserver"));
  const values = headers.get("x-failed-recipients") ?? [];
  const named = values
    .flatMap((value) => value.split(",", MAX_NOTICES))
    .map(cleanAddress)
    .filter((one) => one !== null);
  const list =
    named.length > 0 ? named.map((recipient) => ({ recipient, text: said(found, recipient) })) : found;
  if (list.length > 0) return list.map((one) => notice(one.recipient, one.text));
  return [notice(addressee(original), "")];
}

/** A filter that refuses for its owner answers by a receipt (RFC 8098): its fields name whom we wrote to. */
function receiptNotices(mail: Mail): Notice[] {
  const part = isRejection(mail) && mail.parts.find((one) => one.type === "message/disposition-notification");
  if (!part) return [];
  const fields = readFields(part.text);
  const original = cleanAddress(first(fields, "original-recipient"));
  const recipient = cleanAddress(first(fields, "final-recipient")) ?? original;
  return [{ ...notice(recipient, ""), originalRecipient: original, action: "refused" }];
}

function said(found: { recipient: string; text: string }[], recipient: string): string {
  const match = found.find((one) => one.recipient.toLowerCase() === recipient.toLowerCase());
  return match?.text ?? (found.length === 1 ? (found[0]?.text ?? "") : "");
}

/** The only addressee of the returned mail; null when it had several or none is left. */
function addressee(original: Headers): string | null {
  const to =
    first(original, "x-hmxmroriginalrecipient") ||
    first(original, "x-apparently-to") ||
    first(original, "to");
  return to.includes(",") ? null : cleanAddress(to);
}

function perMessageId(mail: Mail): string {
  const part = mail.parts.find((one) =>
    /^message\/(?:delivery-status|disposition-notification)$/.test(one.type),
  );
  if (!part || !/^(?:x-)?original-message-id/im.test(part.text)) return "";
  const fields = readFields(part.text);
  return first(fields, "x-original-message-id") || first(fields, "original-message-id");
}

function notice(recipient: string | null, text: string): Notice {
  return { recipient, originalRecipient: null, action: "", status: "", text };
}

/** Whoever forwards a report is a person; a gateway that wraps one bears marks of its own. */
function speaksAsMachine(mail: Mail): boolean {
  const { daemon, reporter, nullPath, nobody, automatic } = marksOf(mail);
  return daemon || reporter || nullPath || nobody || automatic;
}
