/** Who speaks: a machine bears marks that people's programs do not write (RFC 3464, 3834, 6522); a word is no mark. */
import { first, type Mail } from "#lib/machine/mime/mail";
import { fold } from "#lib/machine/text";

const DAEMON =
  /mailer[-_. ]?d(?:a|ae)mon|post[-_.]?master@|\bmdaemon@|mail[-_. ]?deliver(?:y|er)?[-_. ](?:sub)?system|mail\.delivery\.system|system administrator|administrateur systeme|delivery (?:status|notification)|(?:bounce|mta)-?(?:notification)?s?@|microsoft(?:exchange)|complaints@|mail delivery|ndr administrator/;

/** Fields written by nobody but a reporter of failures. */
const REPORTER = ["x-failed-recipients", "x-ms-exchange-message-is-ndr"];

const AUTOMATIC = [
  "x-autoreply",
  "x-autorespond",
  "x-autoresponder",
  "x-auto-reply-from",
  "auto-reply",
  "x-ms-exchange-inbox-rules-loop",
];

export type Marks = {
  /** From: a mail system, by its name or its address. */
  daemon: boolean;
  /** … by no more than the name postmaster, which a person may bear. */
  person: boolean;
  /** From: an address that nobody reads. */
  nobody: boolean;
  /** A list server answers about a post. */
  manager: boolean;
  /** A structure or a field that only reports of failures have. */
  reporter: boolean;
  /** No return path: a program, but absences and receipts have none either. */
  nullPath: boolean;
  /** Answered by a program in somebody's name (RFC 3834 and the fields in use before it). */
  automatic: boolean;
  /** Sent by the dozen; people's programs do not say so. */
  bulk: boolean;
  /** Posted to a list: its marks of automation are the list's. */
  list: boolean;
  /** An answer or a forward by its subject. */
  prefixed: boolean;
  /** It answers another mail. */
  answers: boolean;
};

export function marksOf({ headers, type, parts }: Mail): Marks {
  const from = fold(first(headers, "from"));
  const path = headers.get("return-path")?.[0];
  const subject = first(headers, "subject");
  const reporter =
    REPORTER.some((name) => headers.has(name)) ||
    /delivery-status/.test(type) ||
    parts.some((part) => /^message\/(?:global-)?delivery-status$/.test(part.type));
  return {
    person:
      /^[^<]{2,200}<post ?master@/.test(from) &&
      !/system|administrat|delivery|post ?master\W{0,3}</.test(from),
    nobody:
      /\b(?:no ?repl(?:y|ies)|ne ?pas ?repondre|do ?not ?reply|robot|challenge)[\w. ]{0,20}@|@(?:[\w.]{1,60}\.)?mailinblack\./.test(
        from,
      ),
    manager: headers.has("x-mlserver"),
    daemon:
      DAEMON.test(from) || DAEMON.test(first(headers, "from").toLowerCase()) || /^(?:<>)?$/.test(from.trim()),
    reporter,
    nullPath: path !== undefined && /^<?\s{0,9}(?:mailer-daemon[^>]*)?>?$/i.test(path),
    automatic: isAutomatic({ headers }),
    bulk: /^(?:bulk|junk)$/i.test(first(headers, "precedence")),
    list: headers.has("list-id") || headers.has("list-post"),
    prefixed: /^(?:re|ré|rép|aw|antw|rv|sv|tr|fwd?|wg|i|r)(?:\[\d+\])?[ \u00a0\u202f]?:/i.test(subject),
    answers: first(headers, "in-reply-to") !== "" || first(headers, "references") !== "",
  };
}

function isAutomatic({ headers }: Pick<Mail, "headers">): boolean {
  if (/^auto-(?:replied|generated|notified)/i.test(first(headers, "auto-submitted"))) return true;
  if (AUTOMATIC.some((name) => headers.has(name))) return true;
  if (/vacation/i.test(first(headers, "x-apple-action"))) return true;
  if (/mailbox rules agent/i.test(first(headers, "x-ms-exchange-generated-message-source"))) return true;
  return /auto[_-]?reply/i.test(first(headers, "precedence"));
}

/** Dovecot refuses for its owner by a receipt (RFC 8098, RFC 5429); « non lu » of Exchange says « deleted » too. */
export function isRejection({ headers, type, parts }: Mail): boolean {
  if (!/disposition-notification/.test(type)) return false;
  if (/\(rejected\)/i.test(first(headers, "auto-submitted"))) return true;
  const fields = parts.find((part) => part.type === "message/disposition-notification")?.text ?? "";
  return (
    /^disposition:[^\n]{0,80}automatic[^\n]{0,80}deleted/im.test(fields) &&
    parts.some((part) => /was automatically rejected/i.test(part.text.slice(0, 2_000)))
  );
}
