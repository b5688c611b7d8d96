/** Why what waits has not left yet: one reason, the first that would have to be lifted. Pure. */
import type { CampaignStatus } from "#db/enums";
import type { Pause } from "#lib/letters/relays/rules";

export type RelayFacts = {
  id: number;
  name: string;
  kind: "sandbox" | "smtp";
  archivedAt: Date | null;
  pause: Pause | null;
  /** No permit for campaigns before this instant. */
  spentUntil: Date | null;
  spentWindow: string | null;
  /** Messages a day of the warm-up under way, and the day's limit in force. */
  warmUpToday: number | null;
  limits: { perMinute: number | null; perHour: number | null; perDay: number | null };
  probing: boolean;
};

export type WaitingFacts = {
  /** Null when asked about a relay alone. */
  campaign: { status: CampaignStatus; pauseReason: string | null; pausedBy: string | null } | null;
  /** Deliveries that wait, and those of them that are due. */
  waiting: number;
  due: number;
  /** The first of those put off to later: when, why, towards which domain. */
  nextDueAt: Date | null;
  putOff: { reason: string | null; domain: string } | null;
  /** Messages over the last minute. */
  rate: number;
  workerAlive: boolean;
  /** The identity's own relay, and the one that carries it now (null: none may). */
  own: RelayFacts | null;
  carrier: RelayFacts | null;
  lettersDue: number;
  /** Other campaigns on the same relay. */
  others: number;
  slowed: { domain: string; until: Date }[];
};

/** `kind` keys the sentence (`live.why`); `tone` says whether somebody must act, it goes slowly, or it is just so. */
export type WaitingReason = {
  kind: WaitingKind;
  tone: "stopped" | "slow" | "plain";
  at?: Date;
  relayId?: number;
  relay?: string;
  who?: string;
  reason?: string;
  domain?: string;
  count?: number;
};

export const waitingKinds = [
  "pausedBy",
  "paused",
  "stopped",
  "noWorker",
  "relayGone",
  "relayStaff",
  "relayStuck",
  "relayPaused",
  "domainSlow",
  "domainLimit",
  "postponed",
  "warmUp",
  "spentDay",
  "spentHour",
  "spentMinute",
  "probing",
  "letters",
  "fallback",
  "someSlow",
  "sandbox",
  "shared",
  "starting",
] as const;
export type WaitingKind = (typeof waitingKinds)[number];

/** Null when nothing waits, or everything goes as fast as it can. */
export function waitingReason(facts: WaitingFacts): WaitingReason | null {
  if (facts.campaign?.status === "paused") return held(facts.campaign);
  if (facts.waiting === 0) return null;
  if (!facts.workerAlive) return { kind: "noWorker", tone: "stopped" };
  return closed(facts) ?? putOff(facts) ?? limited(facts) ?? behind(facts) ?? asUsual(facts);
}

function held({ pauseReason, pausedBy }: NonNullable<WaitingFacts["campaign"]>): WaitingReason {
  if (pauseReason) return { kind: "stopped", tone: "stopped", reason: pauseReason };
  return pausedBy
    ? { kind: "pausedBy", tone: "stopped", who: pausedBy }
    : { kind: "paused", tone: "stopped" };
}

/** No relay may carry it: what is said is why its own may not. */
function closed({ own, carrier }: WaitingFacts): WaitingReason | null {
  if (carrier) return null;
  if (!own || own.archivedAt) return { kind: "relayGone", tone: "stopped" };
  const about = { tone: "stopped", ...named(own) } as const;
  if (!own.pause) return null;
  const { reason, until } = own.pause;
  if (reason === "staff") return { kind: "relayStaff", ...about };
  return until
    ? { kind: "relayPaused", ...about, reason, at: until }
    : { kind: "relayStuck", ...about, reason };
}

/** Everything that is left was put off: by the limit of a domain, or because a server asked to be tried again. */
function putOff({ due, nextDueAt, putOff, slowed }: WaitingFacts): WaitingReason | null {
  if (due > 0 || !nextDueAt) return null;
  const domain = putOff?.domain ?? "";
  const slow = slowed.find((one) => one.domain === domain);
  if (slow) return { kind: "domainSlow", tone: "slow", domain, at: slow.until };
  if (putOff?.reason === "domainLimit") return { kind: "domainLimit", tone: "slow", domain, at: nextDueAt };
  return { kind: "postponed", tone: "slow", at: nextDueAt, reason: putOff?.reason ?? "other" };
}

function limited(facts: WaitingFacts): WaitingReason | null {
  const relay = facts.carrier ?? facts.own;
  if (!relay) return null;
  const about = named(relay);
  if (relay.spentUntil) {
    const at = relay.spentUntil;
    const { perMinute, perHour, perDay } = relay.limits;
    if (relay.spentWindow === "day" && relay.warmUpToday !== null && relay.warmUpToday === perDay)
      return { kind: "warmUp", tone: "slow", ...about, at, count: relay.warmUpToday };
    if (relay.spentWindow === "day")
      return { kind: "spentDay", tone: "slow", ...about, at, count: perDay ?? 0 };
    if (relay.spentWindow === "hour")
      return { kind: "spentHour", tone: "slow", ...about, at, count: perHour ?? 0 };
    return { kind: "spentMinute", tone: "plain", ...about, at, count: perMinute ?? 0 };
  }
  return relay.probing ? { kind: "probing", tone: "slow", ...about } : null;
}

function behind({ campaign, lettersDue, rate }: WaitingFacts): WaitingReason | null {
  return campaign && lettersDue > 0 && rate === 0
    ? { kind: "letters", tone: "plain", count: lettersDue }
    : null;
}

/** It goes on; what people may wonder about is said. */
function asUsual({ own, carrier, slowed, others, rate, due, waiting }: WaitingFacts): WaitingReason | null {
  const relay = carrier ?? own;
  if (relay && own && carrier && carrier.id !== own.id)
    return { kind: "fallback", tone: "plain", ...named(carrier), who: own.name };
  const [slow] = slowed;
  if (slow && due < waiting) return { kind: "someSlow", tone: "plain", domain: slow.domain, at: slow.until };
  if (relay?.kind === "sandbox") return { kind: "sandbox", tone: "plain" };
  if (others > 0) return { kind: "shared", tone: "plain", count: others, ...(relay && named(relay)) };
  return rate === 0 ? { kind: "starting", tone: "plain" } : null;
}

const named = (relay: RelayFacts) => ({ relayId: relay.id, relay: relay.name });
