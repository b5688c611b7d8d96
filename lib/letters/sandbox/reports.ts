/**
 * Delivery reports (RFC 3464 in RFC 6522) as several mail systems write them. The dialect follows the recipient's
 * domain when it is one of theirs, otherwise a stable draw, so that a demonstration shows them all.
 */
import { freshId, mailDate, mimeOf, multipart } from "#lib/letters/sandbox/mime";
import type { Original } from "#lib/letters/sandbox/original";

export type ReportKind = "hard" | "soft" | "blocked" | "delayed";

type Finding = { status: string; code: string; text: string };
type Dialect = {
  name: string;
  domains: RegExp;
  from: string;
  subject: Record<"failed" | "delayed", string>;
  intro(recipient: string, finding: Finding): string;
  findings: Record<ReportKind, Finding>;
  headers?(original: Original): [string, string][];
};

const network: Finding = {
  status: "4.4.1",
  code: "",
  text: "connect to mx1.exemple.fr[192.0.2.25]:25: Connection timed out",
};

const postfix: Dialect = {
  name: "postfix",
  domains: /^$/,
  from: "MAILER-DAEMON@mx.exemple.fr (Mail Delivery System)",
  subject: { failed: "Undelivered Mail Returned to Sender", delayed: "Delayed Mail (still being retried)" },
  intro: (recipient, { code, status, text }) =>
    `This is the mail system at host mx.exemple.fr.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<${recipient}>: host mx1.exemple.fr[192.0.2.25] said: ${code} ${status} ${text} (in reply to RCPT TO command)`,
  findings: {
    hard: { status: "5.1.1", code: "550", text: "User unknown in virtual mailbox table" },
    soft: { status: "5.2.2", code: "552", text: "Mailbox full: quota exceeded" },
    blocked: {
      status: "5.7.1",
      code: "554",
      text: "Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org",
    },
    delayed: network,
  },
};

const gmail: Dialect = {
  name: "gmail",
  domains: /^(?:gmail|googlemail)\.com$/,
  from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
  subject: {
    failed: "Delivery Status Notification (Failure)",
    delayed: "Delivery Status Notification (Delay)",
  },
  intro: (recipient, { code, status, text }) =>
    `** Message non distribué **\n\nVotre message n'a pas pu être transmis à l'adresse ${recipient}.\n\nLa réponse du serveur distant est la suivante :\n\n${code} ${status} ${text} - gsmtp`,
  findings: {
    hard: { status: "5.1.1", code: "550", text: "The email account that you tried to reach does not exist." },
    soft: {
      status: "5.2.2",
      code: "552",
      text: "The recipient's inbox is out of storage space and inactive.",
    },
    blocked: {
      status: "5.7.26",
      code: "550",
      text: "Unauthenticated email from exemple.fr is not accepted due to domain's DMARC policy.",
    },
    delayed: network,
  },
  headers: ({ recipient, messageId }) => [
    ["X-Failed-Recipients", recipient],
    ["In-Reply-To", messageId],
    ["References", messageId],
  ],
};

const orange: Dialect = {
  name: "orange",
  domains: /^(?:orange|wanadoo)\.fr$/,
  from: "Mail Delivery System <MAILER-DAEMON@smtp.orange.fr>",
  subject: { failed: "Undelivered Mail Returned to Sender", delayed: "Delayed Mail (still being retried)" },
  intro: (recipient, { code, status, text }) =>
    `<${recipient}>: host smtp-in.orange.fr[193.252.22.65] said: ${code} ${status} ${text}`,
  findings: {
    hard: {
      status: "5.1.1",
      code: "550",
      text: "Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    },
    soft: {
      status: "5.2.2",
      code: "552",
      text: "Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
    },
    blocked: {
      status: "5.7.1",
      code: "550",
      text: "Service refuse. Veuillez contacter l'hebergeur. OFR_506 [506]",
    },
    delayed: {
      status: "4.7.0",
      code: "421",
      text: "Service refuse. Veuillez essayer plus tard. OFR_999 [999]",
    },
  },
};

const laposte: Dialect = {
  ...orange,
  name: "laposte",
  domains: /^laposte\.net$/,
  from: "MAILER-DAEMON@laposte.net",
  intro: (recipient, { code, status, text }) =>
    `<${recipient}>: host smtp4.laposte.net[160.92.124.66] said: ${code} ${status} ${text}`,
  findings: {
    hard: {
      status: "5.1.1",
      code: "550",
      text: "Adresse d au moins un destinataire invalide. Invalid recipient. LPN007_416 [416]",
    },
    soft: {
      status: "5.2.2",
      code: "552",
      text: "Boite du destinataire pleine. Recipient overquota. LPN007_417",
    },
    blocked: {
      status: "5.7.0",
      code: "550",
      text: "Service refuse. Veuillez essayer plus tard. Service refused, please try later. LPN007_405",
    },
    delayed: { status: "4.7.0", code: "421", text: "Service refuse. Veuillez essayer plus tard. LPN007_103" },
  },
};

const exchange: Dialect = {
  name: "exchange",
  domains: /^(?:outlook|hotmail|live)\.(?:com|fr)$/,
  from: "postmaster@outlook.com",
  subject: { failed: "Undeliverable: message", delayed: "Delivery delayed: message" },
  intro: (recipient, { code, status, text }) =>
    `Delivery has failed to these recipients or groups:\n\n${recipient}\n\nRemote Server returned '${code} ${status} ${text}'`,
  findings: {
    hard: {
      status: "5.1.10",
      code: "550",
      text: "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
    },
    soft: {
      status: "5.2.2",
      code: "554",
      text: "STOREDRV.Deliver.Exception:QuotaExceededException; mailbox full",
    },
    blocked: {
      status: "5.7.1",
      code: "550",
      text: "Unfortunately, messages from [192.0.2.10] weren't sent. Part of their network is on our block list (S3150).",
    },
    delayed: network,
  },
};

const dialects = [postfix, gmail, orange, laposte, exchange];

/** The raw report, addressed to the envelope sender of the mail that failed. */
export function composeReport(kind: ReportKind, original: Original): Buffer {
  const dialect = dialectFor(original.recipient);
  const finding = dialect.findings[kind];
  const action = kind === "delayed" ? "delayed" : "failed";
  const { contentType, body } = multipart("multipart/report; report-type=delivery-status", [
    `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${dialect.intro(original.recipient, finding)}\n`,
    `Content-Type: message/delivery-status\n\n${statusFields(action, finding, original)}\n`,
    `Content-Type: text/rfc822-headers\n\n${original.head.replaceAll("\r\n", "\n")}\n`,
  ]);
  return mimeOf(
    [
      ["Return-Path", "<>"],
      ["From", dialect.from],
      ["To", original.envelopeFrom],
      ["Subject", dialect.subject[action]],
      ["Date", mailDate()],
      ["Message-ID", freshId("mx.exemple.fr")],
      ["Auto-Submitted", "auto-replied"],
      ...(dialect.headers?.(original) ?? []),
      ["MIME-Version", "1.0"],
      ["Content-Type", contentType],
    ],
    body,
  );
}

function statusFields(action: string, { status, code, text }: Finding, { recipient }: Original): string {
  return [
    "Reporting-MTA: dns; mx.exemple.fr",
    `Arrival-Date: ${mailDate()}`,
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    `Original-Recipient: rfc822;${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${[code, code && status, text].filter(Boolean).join(" ")}`,
    ...(action === "delayed" ? [`Will-Retry-Until: ${mailDate(new Date(Date.now() + 2 * 86_400_000))}`] : []),
  ].join("\n");
}

function dialectFor(recipient: string): Dialect {
  const domain = recipient.slice(recipient.lastIndexOf("@") + 1).toLowerCase();
  const drawn = [...recipient].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  return dialects.find(({ domains }) => domains.test(domain)) ?? dialects[drawn % dialects.length] ?? postfix;
}
