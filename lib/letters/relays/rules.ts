/** What an outcome means for the delivery, the relay, the domain and the campaign (Gmail's error list, RFC 5321 and 3463). Pure. */

import type { Outcome } from "#lib/letters/relays/outcome";
import { judgeAt } from "#lib/letters/relays/stages";
import type { ReplyJudgement } from "#lib/letters/verdicts/rules";

/** What a fault teaches about the relay's limits. */
export type Lesson = "connections" | "minute" | "day";

/** A relay that nobody may use now: why, and until when (null: until somebody acts). */
export type Pause = { reason: string; until: Date | null };

/** As is_paused in SQL. */
export const pauseOf = (
  relay: { pauseReason: string | null; pausedUntil: Date | null },
  now: Date,
): Pause | null =>
  relay.pauseReason !== null && (relay.pausedUntil === null || relay.pausedUntil > now)
    ? { reason: relay.pauseReason, until: relay.pausedUntil }
    : null;

/** Seconds nobody is tried through the relay, why, and how that goes on when it happens again: see pauseRelayFor. */
export type RelayPause = {
  seconds: number;
  reason: string;
  grows?: boolean;
  longest?: number;
  tellAt?: number;
  lesson?: Lesson | null;
};

export type Settlement = {
  status: "sent" | "failed" | "queued" | "unknown";
  /** Catalog key (deliveries.reasons.…). */
  reason: string | null;
  reply: string;
  /** For `queued`: not before so many seconds. */
  delay: number;
  /** A try that was not the recipient's doing is not counted against it. */
  counts: boolean;
  /** The server said no to this very message: it enters the ledger. */
  answered: boolean;
  /** Set when the relay itself refused: nobody else is tried for a while. */
  pauseRelay?: RelayPause;
  /** How the relay is set back unless it takes other people's messages meanwhile: then it is this one's own trouble. */
  suspect?: RelayPause;
  /** Set when the server said that this recipient gets too much. */
  throttled?: true;
  /** Set when the content itself was refused. */
  pauseCampaign?: string;
  /** Whom a refusal speaks of; recorded when the recipient is to blame. */
  judgement?: ReplyJudgement;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
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
const relayFaults = new Map<string, Omit<RelayPause, "reason">>([
  ["sending-limit", { seconds: DAY, lesson: "day" }],
  ["rate-limited", { seconds: 15 * MINUTE, grows: true, lesson: "minute" }],
  ["too-many-connections", { seconds: 15 * MINUTE, grows: true, lesson: "connections" }],
  ["login-refused", { seconds: DAY }],
]);
/** What may be one recipient's server's opinion of us, quoted by our relay; unless the relay takes nothing else either. */
const suspicions = new Map<string, Omit<RelayPause, "reason">>([
  ["sender-authentication", { seconds: DAY }],
  ["sender-dns", { seconds: DAY }],
  ["sender-blocked", { seconds: HOUR, grows: true }],
  ["sender-rejected", { seconds: HOUR, grows: true }],
  ["relay-denied", { seconds: HOUR, grows: true }],
  ["policy", { seconds: 15 * MINUTE, grows: true }],
]);
/** Refused for good by its code, yet only for now by its words. */
const onlyForNow = new Set(["too-many-recipients", "greylisted"]);
/** "Too many this hour" is over within the hour. */
const hourly = /\bhour|heure/i;

/** `attempts`: tries so far, this one included. */
export function judgeOutcome(outcome: Outcome, attempts: number, unit = 1): Settlement {
  const base = { reply: outcome.reply, delay: 0, counts: true, answered: false, reason: null };
  if (outcome.kind === "accepted") return { ...base, status: "sent" };
  if (outcome.kind === "lost") return lost(outcome, attempts, unit, base);
  const judgement = judgeAt(outcome.stage, outcome.code, outcome.reply);
  const { reason } = judgement;
  const answered = outcome.stage !== "connect" && outcome.stage !== "login";
  const said = { ...base, answered, reason, judgement };
  const pause = relayPause(outcome, judgement);
  if (pause) {
    const pauseRelay = { ...pause, seconds: Math.round(pause.seconds * unit) };
    const setBack = asSetBack({ ...said, status: "queued" }, pauseRelay);
    return answered ? setBack : { ...setBack, delay: 0 };
  }
  if (judgement.blame === "content" && outcome.code >= 500)
    return { ...said, status: "queued", counts: false, pauseCampaign: reason };
  const suspect = suspicion(outcome.code, judgement, unit);
  const also = {
    ...(suspect && { suspect }),
    ...(reason === "recipient-rate" && { throttled: true as const }),
  };
  if (outcome.code >= 500 && !onlyForNow.has(reason)) return { ...said, status: "failed", ...also };
  const delay = retryDelay(attempts, unit);
  if (delay === null) return { ...said, status: "failed", reason: "expired" };
  return { ...said, status: "queued", delay, ...also };
}

/** The same refusal as the relay's doing: nobody's try, and somebody else probes the relay first. */
export const asSetBack = (settlement: Settlement, pauseRelay: RelayPause): Settlement => ({
  ...settlement,
  status: "queued",
  counts: false,
  delay: Math.min(10 * MINUTE, pauseRelay.seconds),
  pauseRelay,
});

/** A passing word of this kind is worth a quarter of an hour. */
function suspicion(code: number, { reason, blame }: ReplyJudgement, unit: number): RelayPause | null {
  const found = blame === "sender" ? suspicions.get(reason) : undefined;
  if (!found) return null;
  const how = code < 500 ? { seconds: 15 * MINUTE, grows: true } : found;
  return { ...how, seconds: Math.round(how.seconds * unit), reason };
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
  base: Pick<Settlement, "reply" | "delay" | "counts" | "answered" | "reason">,
): Settlement {
  if (outcome.begun) return { ...base, status: "unknown", reason: "connectionLost" };
  const settlement = { ...base, status: "queued", reason: "connectionLost" } as const;
  if (outcome.stage === "connect" || outcome.stage === "login") {
    // Nobody answers at all: trying the next recipient at once would only hammer. A hiccup is not worth telling.
    const pauseRelay = {
      seconds: 15,
      reason: "connectionLost",
      grows: true,
      longest: 15 * MINUTE,
      tellAt: 4,
    };
    return { ...settlement, counts: false, pauseRelay };
  }
  // Dropped in mid-sentence: soon again, but not for ever, in case this recipient is what the server dies of.
  const delay = attempts <= QUICK_TRIES ? 10 : retryDelay(attempts - QUICK_TRIES, unit);
  return delay === null ? { ...base, status: "failed", reason: "connectionLost" } : { ...settlement, delay };
}

function relayPause(
  outcome: Extract<Outcome, { kind: "refused" }>,
  { reason, blame }: ReplyJudgement,
): RelayPause | null {
  const fault =
    relayFaults.get(reason) ??
    (outcome.stage === "envelope" || outcome.stage === "data" ? undefined : suspicions.get(reason));
  // Refused for good before the recipient was named: whoever it is, it is not their doing.
  if (outcome.stage === "sender" && outcome.code >= 500 && blame !== "content" && !fault)
    return { seconds: HOUR, grows: true, reason };
  if (outcome.stage === "connect" || outcome.stage === "login") {
    const temporary = outcome.code < 500;
    if (!fault) return { seconds: temporary ? 15 * MINUTE : HOUR, grows: true, reason };
    // A password refused for now is a server in trouble; what it says of our rate holds at any stage.
    return {
      ...fault,
      ...(temporary && fault.seconds === DAY && { seconds: 15 * MINUTE, grows: true }),
      reason,
    };
  }
  if (blame !== "sender" || !fault) return null;
  if (reason === "sending-limit" && hourly.test(outcome.reply))
    return { seconds: HOUR, lesson: null, reason };
  return { ...fault, reason };
}

/** Refusals enough to speak of a share, and the share at which the relay is suspected rather than the recipients. */
const BREAK_AFTER = 20;
const BREAK_SHARE = 0.5;
/** A mailbox that is full or a greylist says something of the recipient, whatever their number. */
const neverBreaks = new Set(["greylisted", "recipient-rate", "mailbox-full"]);

/**
 * Whether so many of the recent attempts failed alike that the relay (or the list) is what is wrong.
 * `recent`: attempts of the last ten minutes by outcome and reason; `reason`: how the last one failed.
 */
export function circuitOpens(
  recent: { outcome: string; reason: string; n: number }[],
  reason: string,
): boolean {
  if (neverBreaks.has(reason)) return false;
  const all = recent.reduce((sum, { n }) => sum + n, 0);
  const alike = recent.reduce(
    (sum, one) => sum + (one.outcome === "refused" && one.reason === reason ? one.n : 0),
    0,
  );
  return alike >= BREAK_AFTER && alike / all >= BREAK_SHARE;
}

/** What an open circuit asks for. */
export const circuitPause: RelayPause = { seconds: 15 * MINUTE, reason: "circuit", grows: true };
