/** A subject without its « Re: », « TR : », « Fwd: »… folded, as two mails of one conversation share it. */
export function bareSubject(subject: string): string {
  let rest = subject.normalize("NFC").slice(0, 500).trim();
  for (let i = 0; i < 20; i++) {
    const next = rest.replace(/^(?:re|rép|rep|réf|tr|fw|fwd|aw|sv|wg)(?:\[\d{1,3}\])?\s{0,3}:\s*/i, "");
    if (next === rest) break;
    rest = next;
  }
  return rest.toLowerCase().replace(/\s+/g, " ").trim();
}

/** « Re: » once, whatever the mail program of the other had put (RFC 5322, section 3.6.5). */
export function answerSubject(subject: string): string {
  const rest = subject.trim();
  return /^re\s{0,3}:/i.test(rest) ? rest : `Re: ${rest}`.trim();
}

/** At most so many characters of References: the first (the thread's), then the last ones (RFC 5322, section 2.1.1 folds them). */
const LONGEST_REFERENCES = 4_000;

/** References of an answer: the other's, then their Message-ID; each once, well formed only. */
export function referencesOf(theirs: string[], id: string): string {
  const ids = [...new Set([...theirs, id])].filter(isMessageId);
  const [first = "", ...rest] = ids;
  const kept: string[] = [];
  let length = first.length;
  for (const one of rest.toReversed()) {
    length += one.length + 1;
    if (length > LONGEST_REFERENCES) break;
    kept.unshift(one);
  }
  return [first, ...kept].filter(Boolean).join(" ");
}

/** One identifier in brackets, and nothing that could begin another header. */
export const isMessageId = (text: string): boolean => /^<[\x21-\x3b\x3d\x3f-\x7e]{3,900}>$/.test(text);
