// From a split mail to what a report says: one notice per recipient, the words around it,
// and the header of the message that came back.
import {
  first,
  type Headers,
  htmlToLines,
  type Mail,
  readFields,
  readMail,
  splitHead,
} from "#lib/bounces/mime";
import { readNotification } from "#lib/bounces/notification";
import { recipientsInText } from "#lib/bounces/recipients";

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
  /** X-Original-Message-ID among the per-message fields of the report (Gmail), or empty. */
  perMessageId: string;
};

/** Reads a raw mail as a report. Never throws on any bytes. */
export function readReport(raw: Buffer): Report {
  return understand(readMail(raw), 0);
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
  const told = readNotification(text);
  if (told.length > 0) return { ...base, notices: told, source: "notification" };
  // A gateway may wrap the report of another: the inner one knows more.
  const inner =
    depth === 0
      ? mail.parts.find(
          (one) => one.returned && /^content-type:\s{0,9}multipart\/report/im.test(one.text.slice(0, 8_000)),
        )
      : undefined;
  if (inner) return understand(readMail(Buffer.from(inner.text)), depth + 1);
  return { ...base, notices: textNotices(mail.headers, text, original), source: "text" };
}

/** Keeps an address only if it can be one; `rfc822;` prefixes, brackets and comments go. */
export function cleanAddress(value: string): string | null {
  const text = value.slice(0, 1_000).replace(/^\s*[\w-]{1,20}\s*;\s*/, "");
  const match =
    /<\s*"?([^\s<>"@]{1,200}"?@[^\s<>()",;]{1,255})\s*>|([^\s<>()",;:@]{1,200}@[^\s<>()",;@]{1,255})/.exec(
      text,
    );
  const address = (match?.[1] ?? match?.[2] ?? "").replace(/"/g, "").replace(/[.:]+$/, "");
  return address === "" ? null : address;
}

function reporterText(mail: Mail): { text: string; tail: string } {
  const bodies = mail.parts.filter((part) => !part.returned && part.type === "text/plain");
  let text = bodies.map((part) => part.text).join("\n");
  if (text.trim() === "") {
    const html = mail.parts.filter(
      (part) => !part.returned && part.type.startsWith("text/") && part.type !== "text/calendar",
    );
    text = html.map((part) => htmlToLines(part.text)).join("\n");
  }
  const cut = returnedFrom(text);
  return { text: text.slice(0, cut), tail: text.slice(cut) };
}

const RETURNED =
  /^(?:received|return-path|message-id|mime-version|from|to|subject|date|content-type|x-[\w-]{1,40}|delivered-to|dkim-signature|authentication-results|sender|reply-to) {0,2}:/i;

const SEPARATOR =
  /^[-*_=|> \t]{0,60}(?:(?:this|below|enclosed|included)(?: this line)? is a copy of|original (?:message|mail) ?(?:follows|info|-|\.|$)|unsent message|undelivered message|message headers? follow|the header of the original|(?:original )?message text follows|returned message|non-delivered message|message d'origine|copie du message|message original)/im;

/** Offset where the report ends: at the line that says so, else where the returned header begins. */
function returnedFrom(text: string): number {
  const said = SEPARATOR.exec(text);
  return Math.min(
    said && /^[\w-]{2,40}:/m.test(text.slice(said.index)) ? said.index : text.length,
    headerFrom(text),
  );
}

/** Three header lines in a row, of which one only a mail has. */
function headerFrom(text: string): number {
  let at = 0;
  let start = -1;
  let count = 0;
  let sure = false;
  for (const line of text.split("\n")) {
    if (RETURNED.test(line)) {
      if (start < 0) start = at;
      count += 1;
      sure ||= /^(?:received|return-path|message-id|mime-version) {0,2}:/i.test(line);
      if (count >= 3 && sure) return start;
    } else if (start < 0 || !/^[ \t]+\S/.test(line)) {
      start = -1;
      count = 0;
      sure = false;
    }
    at += line.length + 1;
  }
  return text.length;
}

/** The returned message: its own part, else a header block wherever the reporter left one. */
function originalHeaders(mail: Mail, tail: string): Headers {
  for (const part of mail.parts) {
    if (!part.returned) continue;
    const { headers } = splitHead(part.text);
    if (headers.size > 0) return headers;
  }
  const start = tail.split("\n", 40).findIndex((line) => RETURNED.test(line));
  if (start >= 0) return splitHead(tail.split("\n").slice(start).join("\n")).headers;
  for (const part of mail.parts.slice(1)) {
    // Attached without a type of its own, its header passes for that of the part.
    if (part.headers.has("received")) return part.headers;
    // Behind a damaged boundary, it follows the fields of the report.
    const { headers } = splitHead(part.text.slice(headerFrom(part.text)));
    if (headers.has("message-id") || headers.has("received")) return headers;
  }
  return new Map();
}

const MAX_NOTICES = 500;

/** Per-recipient groups of RFC 3464, wherever they stand: in their part or loose in the text. */
function statusNotices(mail: Mail, texts: string[]): Notice[] {
  const parts = mail.parts.filter(
    (part) => part.type === "message/delivery-status" || part.type === "message/global-delivery-status",
  );
  const forwarded = /^(?:fwd?|tr|wg) ?:/i.test(first(mail.headers, "subject"));
  const loose = texts.map((text) => (forwarded ? text.replace(/^> ?/gm, "") : text));
  const blocks =
    parts.length > 0
      ? parts.map((part) => part.text)
      : loose.filter((text) => /^final-recipient *:/im.test(text)).slice(0, 1);
  // Keyed by what they say: some gateways repeat a group word for word.
  const notices = new Map<string, Notice>();
  for (const group of blocks.flatMap(groups).slice(0, MAX_NOTICES)) {
    const notice = groupNotice(readFields(group));
    notices.set(JSON.stringify(notice), notice);
  }
  return [...notices.values()];
}

/** Groups are parted by blank lines; a second Final-Recipient parts them too. */
function groups(block: string): string[] {
  const out: string[] = [];
  let lines: string[] = [];
  let named = false;
  const close = () => {
    if (named) out.push(lines.join("\n"));
    lines = [];
    named = false;
  };
  for (const line of block.split("\n")) {
    const isFinal = /^final-recipient *:/i.test(line);
    if (isFinal && lines.some((other) => /^final-recipient *:/i.test(other))) close();
    if (line.trim() === "") {
      if (named) close();
      else lines = [];
      continue;
    }
    named ||= isFinal || /^original-recipient *:/i.test(line);
    if (lines.length < 200) lines.push(line);
    if (out.length > MAX_NOTICES) break;
  }
  close();
  return out;
}

function groupNotice(fields: Headers): Notice {
  const final = cleanAddress(first(fields, "final-recipient"));
  const original = cleanAddress(first(fields, "original-recipient"));
  const actual = cleanAddress(first(fields, "x-actual-recipient"));
  const diagnostics = [
    ...(fields.get("diagnostic-code") ?? []),
    first(fields, "x-supplementary-info"),
    first(fields, "x-display-name"),
  ];
  return {
    // A final recipient without a domain is a mailbox behind the gateway, not an address of ours.
    recipient: (final?.includes(".", final.indexOf("@")) ? final : null) ?? original ?? final ?? actual,
    originalRecipient: original,
    action: first(fields, "action")
      .toLowerCase()
      .replace(/[^a-z].*$/, ""),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(fields, "status"))?.[0] ?? "",
    text: diagnostics
      .filter(Boolean)
      .join(" ")
      .replace(/^(?:smtp|x-[\w-]{1,30}|dns|unix)\s*;\s*/i, ""),
  };
}

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
  const found = recipientsInText(text, cleanAddress(first(headers, "to")) ?? "");
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
  const part = mail.parts.find((one) => one.type === "message/delivery-status");
  return part ? first(readFields(part.text), "x-original-message-id") : "";
}

function notice(recipient: string | null, text: string): Notice {
  return { recipient, originalRecipient: null, action: "", status: "", text };
}
