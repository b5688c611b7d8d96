import type { Blame, Verdict } from "#lib/letters/verdicts/reasons";
import { codeIn, enhancedIn, judgeReply, type ReplyJudgement } from "#lib/letters/verdicts/rules";
import { first } from "#lib/machine/mime/mail";
import { type Answer, answerOf } from "#lib/returns/bounces/answers";
import { classOf, type MailClass } from "#lib/returns/bounces/class";
import { cleanAddress } from "#lib/returns/bounces/fields";
import { type Leaving, leavingOf } from "#lib/returns/bounces/leaving";
import { type Notice, type Report, readReport } from "#lib/returns/bounces/parse";

/** One verdict on one recipient of a returned mail. */
export type Result = {
  /** The address that failed, as the report writes it; null when the report names none. */
  recipient: string | null;
  /** The address we wrote to, when the report tells it apart from the one that failed. */
  originalRecipient: string | null;
  /** hard: dead address, suppress; soft: may pass later; unknown: a failure nobody explained. */
  verdict: Verdict;
  blame: Blame;
  /** Enhanced status (RFC 3463), else the SMTP code, else empty. */
  status: string;
  /** Key of a sentence: see reasons.ts. */
  reason: string;
  /** RFC 3464 action: failed, delayed, delivered, relayed, expanded, or empty. */
  action: string;
};

/** A judged mail; `results` is empty for anything but bounce, complaint and delivery reports. */
export type Judgement = {
  class: MailClass;
  results: Result[];
  /** Message-ID of the mail it answers, with its brackets; null when nothing tells. */
  originalMessageId: string | null;
  /** A request to leave: bare acts when its sender is proven, said is for somebody to read. */
  leaving: Leaving;
  /** What an answering machine tells besides. */
  answer: Answer | null;
  /** Every Message-ID it refers to, the likeliest first. */
  references: string[];
};

/**
 * Reads any raw mail and says what it is and, for each recipient, what went wrong and by whose
 * fault (RFC 3464, 3834, 5965, and the free text of mail servers). Never rejects on bad bytes.
 */
export async function judgeMail(raw: Buffer): Promise<Judgement> {
  return judgeReport(readReport(raw));
}

/** The same, of a mail already read. */
export function judgeReport(report: Report): Judgement {
  const mailClass = classOf(report);
  const references = referencesOf(report);
  return {
    class: mailClass,
    results: resultsOf(report, mailClass),
    originalMessageId: references[0] ?? null,
    leaving: mailClass === "bounce" || mailClass === "report" ? null : leavingOf(report),
    answer: mailClass === "auto-reply" ? answerOf(report) : null,
    references,
  };
}

function resultsOf(report: Report, mailClass: MailClass): Result[] {
  if (mailClass === "complaint" && !report.feedback && leavingOf(report) === "bare") {
    const recipient = cleanAddress(first(report.mail.headers, "from"));
    return [
      {
        recipient,
        originalRecipient: null,
        action: "",
        verdict: "unknown",
        blame: "unknown",
        reason: "unsubscribe",
        status: "",
      },
    ];
  }
  if (mailClass === "complaint" || (mailClass === "report" && report.feedback)) {
    return report.notices.map((one) => ({
      ...shell(one),
      verdict: "unknown",
      blame: "unknown",
      reason: mailClass === "complaint" ? "complaint" : "authentication-report",
      status: "",
    }));
  }
  if (mailClass === "report" && report.source !== "text") {
    return report.notices.map((one) => ({
      ...shell(one),
      verdict: "unknown",
      blame: "unknown",
      reason: one.action || "report",
      status: one.status,
    }));
  }
  return mailClass === "bounce" ? report.notices.map((one) => failure(one, report)) : [];
}

function shell(notice: Notice) {
  return { recipient: notice.recipient, originalRecipient: notice.originalRecipient, action: notice.action };
}

/** Their filter turns us away, whoever reads the mailbox: it may change its mind. */
const REFUSED = { verdict: "soft", blame: "recipient", reason: "refused-by-filter", status: "" } as const;

function failure(notice: Notice, report: Report): Result {
  if (notice.action === "refused") return { ...shell(notice), ...REFUSED, action: "failed" };
  const judged = explain(notice, report);
  const status =
    specific(enhancedIn(notice.text)) ||
    specific(notice.status) ||
    enhancedIn(notice.text) ||
    notice.status ||
    String(codeIn(notice.text) ?? "");
  // A delay is news of the network, not the end of a mail: it never buries an address.
  if (notice.action === "delayed")
    return {
      ...shell(notice),
      ...judged,
      verdict: "soft",
      reason: judged.reason === "unknown" ? "delayed" : judged.reason,
      status,
    };
  return { ...shell(notice), ...judged, status };
}

/** The diagnostic first; when it says nothing, the words of the report, then the bare status. */
function explain(notice: Notice, report: Report): ReplyJudgement {
  const { text } = notice;
  const code = codeIn(text);
  const inText = enhancedIn(text);
  // `Action: failed` with a 4.0.0 status and a 5xx reply is final: the status field yields.
  const enhanced =
    specific(inText) ||
    (code && code >= 500 && notice.status.startsWith("4")
      ? inText
      : specific(notice.status) || inText || notice.status);
  const byDiagnostic = text === "" ? null : judgeReply({ code, enhanced: "", text });
  if (byDiagnostic && byDiagnostic.reason !== "unknown" && byDiagnostic.blame !== "unknown")
    return settle(byDiagnostic, code, enhanced);
  const words = around(notice, report);
  const byWords =
    words === ""
      ? null
      : judgeReply({
          code: code ?? codeIn(words),
          enhanced: specific(enhanced) || enhancedIn(words),
          text: words,
        });
  if (byWords && byWords.reason !== "unknown") return settle(byWords, code ?? codeIn(words), enhanced);
  return judgeReply({ code, enhanced, text: "" });
}

/** A hard reason met only under a temporary status is not hard yet. */
function settle(judged: ReplyJudgement, code: number | null, enhanced: string): ReplyJudgement {
  const temporary = code ? code < 500 : enhanced.startsWith("4");
  return judged.verdict === "hard" && temporary ? { ...judged, verdict: "soft" } : judged;
}

/** Words of the report that concern this recipient: all of them when it is alone. */
function around(notice: Notice, report: Report): string {
  if (report.notices.length === 1 || !notice.recipient) return report.text.slice(0, 6_000);
  const lines = report.text.split("\n", 2_000);
  const key = notice.recipient.toLowerCase();
  const near = lines.flatMap((line, at) => {
    if (!line.toLowerCase().includes(key)) return [];
    const next = lines.slice(at + 1, at + 4);
    const other = next.findIndex((one) => one.includes("@"));
    return [line, ...next.slice(0, other < 0 ? undefined : other)];
  });
  return near.slice(0, 60).join("\n");
}

function specific(status: string): string {
  return /\.0\.0$/.test(status) ? "" : status;
}

function referencesOf(report: Report): string[] {
  const { headers } = report.mail;
  const sources = [
    first(report.original, "message-id"),
    report.feedback ? first(report.feedback, "original-message-id") : "",
    report.perMessageId,
    first(headers, "x-original-message-id"),
    first(headers, "in-reply-to"),
    ...first(headers, "references").split(/\s/, 200).reverse(),
    // Exchange, iPlanet and event relays write it in the text of the report.
    /message-?id["']?\s{0,3}[:=,]\s{0,3}(?:["']?value["']?\s{0,3}:\s{0,3})?\\?["']?(<[^<>\s"]{1,500}>)/i.exec(
      report.text,
    )?.[1] ?? "",
  ];
  const ids = sources.flatMap((value) => /<[^<>\s]{1,500}>/.exec(value)?.[0] ?? []);
  return [...new Set(ids)];
}
