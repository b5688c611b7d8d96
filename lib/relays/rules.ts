/** What an outcome means for the delivery, the relay and the campaign (domain rules: Gmail's error list, RFC 5321 and 3463). */
import { enhancedIn, judgeReply, type ReplyJudgement } from "#lib/bounces/rules";
import type { Outcome } from "#lib/relays/connection";

export type Settlement = {
  status: "sent" | "failed" | "queued" | "unknown";
  /** Catalog key (deliveries.reasons.…). */
  reason: string | null;
  reply: string;
  /** For `queued`: not before so many seconds. */
  delay: number;
  /** A try that was not the recipient's doing is not counted against it. */
  counts: boolean;
  /** Set when the relay itself refused: nobody else is tried for so many seconds. */
  pauseRelay?: { seconds: number; reason: string };
  /** Set when the content itself was refused. */
  pauseCampaign?: string;
  /** Whom a refusal speaks of; recorded when the recipient is to blame. */
  judgement?: ReplyJudgement;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const QUICK_TRIES = 2;
const retryAfter = [5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 20 * HOUR];

/**
 * Seconds before the next try after `attempts` tries, with up to 20 % of jitter; null when the 48 hours are over.
 * `unit` shortens the scale for the sandbox, where people want to see the second try.
 */
export function retryDelay(attempts: number, unit = 1, random = Math.random()): number | null {
  const delay = retryAfter[attempts - 1];
  return delay === undefined ? null : Math.round(delay * unit * (1 + random * 0.2));
}

/** Our own account, rate or domain: whoever the recipient was, the next one would hear the same. */
const relayFaults = new Map([
  ["sending-limit", 24 * HOUR],
  ["rate-limited", 15 * MINUTE],
  ["login-refused", 24 * HOUR],
  ["sender-authentication", 24 * HOUR],
  ["sender-dns", 24 * HOUR],
]);

/** `attempts`: tries so far, this one included. */
export function judgeOutcome(outcome: Outcome, attempts: number, unit = 1): Settlement {
  const base = { reply: outcome.reply, delay: 0, counts: true, reason: null };
  if (outcome.kind === "accepted") return { ...base, status: "sent" };
  if (outcome.kind === "lost") return lost(outcome, attempts, unit, base);
  const judgement = judgeReply({
    code: outcome.code,
    enhanced: enhancedIn(outcome.reply),
    text: outcome.reply,
  });
  const pause = relayPause(outcome, judgement);
  if (pause) {
    const pauseRelay = { seconds: Math.round(pause * unit), reason: judgement.reason };
    return { ...base, status: "queued", reason: judgement.reason, counts: false, pauseRelay, judgement };
  }
  if (judgement.blame === "content" && outcome.code >= 500) {
    return {
      ...base,
      status: "queued",
      reason: judgement.reason,
      counts: false,
      pauseCampaign: judgement.reason,
      judgement,
    };
  }
  if (outcome.code >= 500) return { ...base, status: "failed", reason: judgement.reason, judgement };
  const delay = retryDelay(attempts, unit);
  if (delay === null) return { ...base, status: "failed", reason: "expired", judgement };
  return { ...base, status: "queued", delay, reason: judgement.reason, judgement };
}

/**
 * A letter has no campaign to pause: queued again it would be refused again at once, for ever, so what is wrong with
 * its content fails it.
 */
export function settleLetter({ pauseCampaign, ...settlement }: Settlement): Settlement {
  return pauseCampaign ? { ...settlement, status: "failed", delay: 0, counts: true } : settlement;
}

function lost(
  outcome: Extract<Outcome, { kind: "lost" }>,
  attempts: number,
  unit: number,
  base: Pick<Settlement, "reply" | "delay" | "counts" | "reason">,
): Settlement {
  if (outcome.begun) return { ...base, status: "unknown", reason: "connectionLost" };
  const settlement = { ...base, status: "queued", reason: "connectionLost" } as const;
  if (outcome.stage === "connect" || outcome.stage === "login") {
    // Nobody answers at all: trying the next recipient at once would only hammer.
    return { ...settlement, counts: false, pauseRelay: { seconds: 15, reason: "connectionLost" } };
  }
  // Dropped in mid-sentence: soon again, but not for ever, in case this recipient is what the server dies of.
  const delay = attempts <= QUICK_TRIES ? 10 : retryDelay(attempts - QUICK_TRIES, unit);
  return delay === null ? { ...base, status: "failed", reason: "connectionLost" } : { ...settlement, delay };
}

function relayPause(
  outcome: Extract<Outcome, { kind: "refused" }>,
  judgement: ReplyJudgement,
): number | null {
  if (outcome.stage === "connect" || outcome.stage === "login") {
    const temporary = outcome.code < 500;
    return temporary ? 15 * MINUTE : (relayFaults.get(judgement.reason) ?? HOUR);
  }
  if (judgement.blame !== "sender") return null;
  return relayFaults.get(judgement.reason) ?? null;
}
