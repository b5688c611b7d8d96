// Where reports in plain words put the addresses they speak of.

/** An address and what is said about it. */
export type Mention = { recipient: string; text: string };

const ADDRESS =
  '(?:"[^"<>\\n]{1,64}"|[^\\s<>()\\[\\]",;:\'@«»“”]{1,128})@[a-z0-9\\u00c0-\\uffff][a-z0-9.\\u00c0-\\u1fff\\u2c00-\\uffff-]{0,253}';

/** An address that opens a block: alone on its line, or followed by what was said about it. */
const HEADING = new RegExp(
  `^[ \\t>*•·–-]{0,12}(?:\\d{1,3}[.)] {0,4})?(?:[45]\\d\\d[ -](?:[45]\\.\\d\\.\\d{1,3} )?)?(?:(?:to|[aà]|pour|recipient|user|address|final recipient|failed recipient|e-?mail address|destinataires?|utilisateur|adresse)\\s{0,4}:\\s{0,8})?["']?[<\\[]?(?:mailto:)?(${ADDRESS})[>\\]]?["']?(?=$|[\\s:;,(\\[.<])`,
  "i",
);

/** An address named inside a sentence that says it failed. */
const INLINE = new RegExp(
  `(?:rcpt to\\s?:\\s?|recipients? ?(?:address)?(?:\\(s\\))?[^<@\\n]{0,40}[: ]|rejected recipient |undeliverable {1,9}to |(?:delivered|deliver(?:ing)?|delivery|sent|mail|message|reach|adresse|address(?:ed)?|adress[ée]e?|destin[ée]e?|destination|destinataire|envoy[ée]e?|remis|distribu[ée]|courrier|utilisateur|user|mailbox|compte|account|bo[iî]te(?: aux lettres| mail)?) (?:your (?:e-?mail|mail|message) )?(?:to|for|à|a|de|of|pour|failed for)?:? ?|mailing list )["'\`«“]?[ \\u00a0\\u202f]?<?(?:mailto:)?(${ADDRESS})>?`,
  "i",
);

/** A few words, a colon, an address: `User's mailbox is full: <a@example.org>`. */
const LABELLED = new RegExp(
  `^[ \\t]{0,12}(?!from|de\\s|date|sent|reply|sender|contact|cc|bcc|subject|help|original|return|exp[ée]diteur|objet|envoy|r[ée]pon|copie|assistance|support|aide|pour toute)[^\\s:@<>][^:@<>]{2,80}: {0,4}<?(${ADDRESS})>?[.]?\\s*$`,
  "i",
);

/** Any address between brackets, when nothing better is found. */
const BRACKETED = new RegExp(`<(${ADDRESS})>`, "i");

/** Any address at all (RFC 2156 writes `dda:SMTP=…`). Last: it must be the only one that the sentence can mean. */
const ANY =
  /(?<![^\s<>()[\]",;:'«“=])([^\s<>()[\]",;:'@«»“”=/]{1,128}@[a-z0-9\u00c0-\uffff-]{1,63}(?:\.[a-z0-9\u00c0-\u1fff\u2c00-\uffff-]{1,63}){1,20})/i;

/** Whom to ask, in a sentence of its own. */
const HELP =
  /contact|assist|support|help|aide|question|r[eé]pon|reply|joindre|postmaster|administrat|https?:/i;

/** Where a transcript turns to the next host. */
const NEXT = /^(?:while talking to |\.\.\. while talking|[45]\d\d \S{1,255} \(smtp\))/i;

const MAX_FOUND = 500;
const MAX_LINES = 3_000;

/** The sentence after which a report lists addresses; what stands before it names others. */
const ANNOUNCE =
  /following (?:\S{1,20} ){0,2}(?:recipient|address(?! book)|destination|person|user|mailbox)|(?:was|were|be) not delivered to|not be delivered to|did not reach|(?:destinataires?|adresses?) (?:suivante?s?|ci-dessous)|n'a pas pu être (?:remis|délivré|distribué)|permanent (?:fatal |delivery )?errors? -/i;

/**
 * Addresses a report names as failed, each with the lines said about it. `ours` is the address the
 * report was sent to: it is named too, but never what failed, unless nothing else is. A list server names its list
 * between brackets, and its commands' address elsewhere.
 */
export function recipientsInText(text: string, ours: string, fromList = false): Mention[] {
  const lines = text.split("\n", MAX_LINES).map((line) => line.slice(0, 2_000));
  const from = lines.findIndex((line) => ANNOUNCE.test(line));
  const announced = lines.slice(from + 1);
  const tries: [string[], RegExp][] = [
    ...(fromList ? [[lines, BRACKETED] as [string[], RegExp]] : []),
    [announced, HEADING],
    ...(from < 0 ? [] : [[announced.slice(0, 8), ANY] as [string[], RegExp]]),
    [lines, HEADING],
    [lines, LABELLED],
    [lines, INLINE],
    [lines, BRACKETED],
    [lines.filter((line) => !HELP.test(line)), ANY],
  ];
  let last: Mention[] = [];
  for (const [where, pattern] of tries) {
    const found = blocks(where, pattern);
    const others = found.filter((one) => one.recipient.toLowerCase() !== ours.toLowerCase());
    if (others.length > 0) return others;
    if (last.length === 0) last = found;
  }
  return last;
}

function blocks(lines: string[], pattern: RegExp): Mention[] {
  const found = new Map<string, { recipient: string; lines: string[] }>();
  let current: string[] | undefined;
  for (const line of lines) {
    const match = pattern.exec(line);
    const recipient = match?.[1]?.replace(/[.]+$/, "").replaceAll('"', "");
    if (recipient && !(isDesk(recipient) && !/^\s{0,9}<[^<>]{1,300}>\s?[(:]/.test(line))) {
      const key = recipient.toLowerCase();
      const entry = found.get(key) ?? { recipient, lines: [] };
      if (found.size >= MAX_FOUND) break;
      found.set(key, entry);
      current = entry.lines;
    }
    if (NEXT.test(line)) current = undefined;
    if (current && current.length < 40) current.push(line);
  }
  return [...found.values()].map((one) => ({
    recipient: one.recipient,
    text: one.lines.join("\n").slice(0, 4_000),
  }));
}

/** Whom to turn to for help, not whom the mail missed, unless said in the reporter's own form. */
function isDesk(address: string): boolean {
  return /^(?:mailer-daemon|post_?master|abuse|support|assistance|help(?:desk)?)@/i.test(address);
}
