import { type Blame, type Rule, reasons, type Verdict } from "#lib/letters/verdicts/reasons";
import { plainCharacters } from "#lib/machine/text";

/** What a mail server answered: SMTP code (550), enhanced status (5.1.1), words; each may be missing. */
export type Reply = { code?: number | null; enhanced?: string | null; text?: string | null };

/** What the answer means. `reason` is a key of the table in reasons.ts, or "unknown". */
export type ReplyJudgement = { reason: string; verdict: Verdict; blame: Blame };

const MAX_TEXT = 4_000;

/**
 * The meaning of one SMTP reply or diagnostic: who is at fault and whether the address is dead.
 * Pure; the sender of mail and the reader of reports both decide by it. Words count more than
 * statuses, statuses more than codes: one code has several meanings (Gmail SMTP errors, RFC 3463).
 * A temporary reply (4xx) is never hard.
 */
export function judgeReply(reply: Reply): ReplyJudgement {
  const said = reply.text ?? "";
  const text = plain(said);
  const code = reply.code ?? codeIn(said);
  const enhanced = reply.enhanced || enhancedIn(said);
  const rule = reasons.find((one) => applies(one, text, code, enhanced));
  const temporary = code ? code >= 400 && code < 500 : enhanced.startsWith("4");
  if (!rule) return { reason: "unknown", verdict: temporary ? "soft" : "unknown", blame: "unknown" };
  const verdict = rule.verdict === "hard" && temporary ? "soft" : rule.verdict;
  return { reason: rule.reason, verdict, blame: rule.blame };
}

/** The SMTP code a text carries, for instance 550 in `550 5.1.1 User unknown`; null when none. */
export function codeIn(text: string): number | null {
  const match = /(?:^|[\s:;>("'[])([245][0-5]\d)(?=[ -](?!\d{4})|:|$)/.exec(text.slice(0, MAX_TEXT));
  return match ? Number(match[1]) : null;
}

/** The enhanced status (RFC 3463) a text carries, or the empty string. */
export function enhancedIn(text: string): string {
  return /(?:^|[^\d.])([245]\.[0-7]\.\d{1,3})(?![\d.]*\d)/.exec(text.slice(0, MAX_TEXT))?.[1] ?? "";
}

function applies(rule: Rule, text: string, code: number | null, enhanced: string): boolean {
  if (rule.text && !rule.text.test(text)) return false;
  if (rule.enhanced && !rule.enhanced.test(enhanced)) return false;
  if (rule.code && !(code && rule.code.includes(code))) return false;
  return true;
}

/**
 * One line of words, without addresses (`full@example.org` says nothing of its mailbox): folded replies repeat their code (`550-5.1.1 … 550 5.1.1 …`) mid-sentence.
 */
function plain(text: string): string {
  const line = withoutAccents(plainCharacters(text.slice(0, MAX_TEXT)))
    .replace(/\s{2,}|[^\S ]/g, " ")
    .replace(/^5\.\d\.\d - [\w ]{3,40} (?=[45]\d\d-')/, "") // a gateway's own gloss before the reply it quotes
    .replace(/(?<=\S) (?:[45]\d\d[- ](?:[45]\.\d\.\d{1,3} )?)(?=\S)/g, (found, at: number) =>
      at < 4 ? found : " ",
    );
  return line.includes("@") ? line.replace(ADDRESS, "@") : line;
}

/** Tried once a word, from its beginning. */
const ADDRESS = /(?<![^\s<>"'(@])[^\s<>"'(@]+@[^\s<>"'),;:\]]{1,255}/g;

/** « boîte », « boite »: servers lose accents; a syllable of Japanese keeps its marks. */
const withoutAccents = (text: string): string =>
  /[\u0080-\uffff]/.test(text)
    ? text
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .normalize("NFC")
    : text;
