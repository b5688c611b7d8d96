/** A mail read and judged, nothing written yet: what may be slow or fail stays outside the transaction. */

import { textsOf } from "#lib/letters/deliveries/secrets";
import type { Evidence } from "#lib/letters/verdicts/attribution";
import { log } from "#lib/machine/log";
import { fieldOf, readHead } from "#lib/machine/mime/head";
import type { Headers } from "#lib/machine/mime/mail";
import { cleanAddress } from "#lib/returns/bounces/fields";
import { type Judgement, judgeReport } from "#lib/returns/bounces/judge";
import { type Report, readReport } from "#lib/returns/bounces/parse";
import { readText } from "#lib/returns/received/queries";

export type MailClass = Judgement["class"] | "unsubscribe";
export type IncomingMail = { uid: number; uidValidity: bigint; raw: Buffer; receivedAt: Date };

export type ReadMail = IncomingMail & {
  class: MailClass;
  sender: string;
  subject: string;
  /** The address it is from, or null. */
  from: string | null;
  headers: Headers;
  references: string[];
  /** What a person says in it, as text; empty for a machine's report. */
  words: string;
  /** All that it says: a one-time link of ours may be in it. */
  texts: string[];
  recipients: (string | null)[];
  evidence: Evidence[];
  leaving: Judgement["leaving"];
  answer: Judgement["answer"];
  /** A server or a receipt says that our mail arrived. */
  delivered: boolean;
};

/** Bytes kept of a mail: a report says what it has to say at its beginning. */
export const keptBytes = 512 * 1024;

/** Never rejects: a mail that cannot be understood is « other », shown and passed over. */
export async function readIncoming(mail: IncomingMail): Promise<ReadMail> {
  const raw = mail.raw.subarray(0, keptBytes);
  const headers = readHead(raw);
  const from = cleanAddress(fieldOf(headers, "from", 1_000));
  const named = { sender: fieldOf(headers, "from"), subject: fieldOf(headers, "subject"), from };
  const base = { ...mail, raw, headers, ...named, texts: textsOf(raw) };
  try {
    const report = readReport(raw);
    const judged = judgedAs(report, judgeReport(report));
    return { ...base, ...judged, words: /reply|other/.test(judged.class) ? await readText(raw) : "" };
  } catch (error) {
    log.warn({ err: error, uid: mail.uid }, "mail not understood");
    return { ...base, ...notUnderstood };
  }
}

/** What is written of a mail that nobody could read. */
export const notUnderstood = {
  class: "other",
  words: "",
  references: [],
  recipients: [],
  evidence: [],
  leaving: null,
  answer: null,
  delivered: false,
} satisfies Partial<ReadMail>;

function judgedAs(report: Report, judged: Judgement) {
  const { class: kind, results, references, leaving, answer } = judged;
  const isRequest = kind === "complaint" && leaving === "bare";
  return {
    class: isRequest ? ("unsubscribe" as const) : kind,
    references,
    recipients: results.flatMap(({ originalRecipient, recipient }) => [originalRecipient, recipient]),
    evidence: kind === "bounce" ? evidenceOf(report, results) : [],
    leaving,
    answer,
    delivered:
      kind === "report" && (results.some(({ action }) => action === "delivered") || isDisplayed(report)),
  };
}

const isDisplayed = ({ mail }: Report): boolean =>
  mail.parts.some(
    ({ type, text }) =>
      type === "message/disposition-notification" && /^disposition:[^\n]{0,80}displayed/im.test(text),
  );

const evidenceOf = ({ notices }: Report, results: Judgement["results"]): Evidence[] =>
  results.slice(0, 100).map((result) => ({
    ...result,
    diagnostic:
      notices
        .find(({ recipient }) => recipient === result.recipient)
        ?.text.replace(/\s+/g, " ")
        .trim() ?? "",
  }));
