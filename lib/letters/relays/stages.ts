import type { Stage } from "#lib/letters/relays/outcome";
import type { Blame } from "#lib/letters/verdicts/reasons";
import { enhancedIn, judgeReply, type ReplyJudgement } from "#lib/letters/verdicts/rules";

/** Whom a server can speak of at each stage (RFC 5321, section 4.1.4): it has seen nothing else yet. */
const seen: Record<Stage, readonly Blame[]> = {
  connect: ["sender", "network"],
  login: ["sender", "network"],
  sender: ["sender", "network"],
  envelope: ["recipient", "sender", "network"],
  data: ["recipient", "sender", "network", "content"],
};

const nobody: ReplyJudgement = { reason: "unknown", verdict: "unknown", blame: "unknown" };

/**
 * The meaning of a refusal at its stage. Words that judge what the server has not seen yet are a manner of speaking:
 * « no bulk mail » at RCPT is a rule of that mailbox or an opinion of us, never a verdict on what nobody has read.
 */
export function judgeAt(stage: Stage, code: number, reply: string): ReplyJudgement {
  const judged = judgeReply({ code, enhanced: enhancedIn(reply), text: reply });
  if (judged.blame === "unknown" || seen[stage].includes(judged.blame)) return judged;
  // The size was announced with the sender (RFC 1870); at RCPT it is that mailbox's limit.
  if (judged.reason === "too-big" && stage === "sender") return judged;
  if (stage === "envelope")
    return { ...nobody, verdict: "soft", reason: judged.reason === "too-big" ? "too-big" : "policy" };
  if (stage === "sender" && code >= 500)
    return { reason: "sender-rejected", verdict: "soft", blame: "sender" };
  return nobody;
}
