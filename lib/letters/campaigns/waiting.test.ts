import assert from "node:assert/strict";
import { test } from "node:test";
import { type RelayFacts, type WaitingFacts, waitingReason } from "#lib/letters/campaigns/waiting";

const at = new Date("2026-03-02T10:00:00Z");
const relay: RelayFacts = {
  ...{
    id: 1,
    name: "Gmail",
    kind: "smtp",
    archivedAt: null,
    pause: null,
  },
  ...{ spentUntil: null, spentWindow: null, warmUpToday: null, probing: false },
  limits: { perMinute: 20, perHour: 100, perDay: 400 },
};
const second = { ...relay, id: 2, name: "Université" };
const flowing: WaitingFacts = {
  campaign: { status: "sending", pauseReason: null, pausedBy: null },
  ...{ waiting: 10, due: 10, nextDueAt: null, putOff: null, rate: 18, workerAlive: true },
  ...{ own: relay, carrier: relay, lettersDue: 0, others: 0, slowed: [] },
};
const paused = (pauseReason: string | null, pausedBy: string | null) =>
  ({ campaign: { status: "paused", pauseReason, pausedBy } }) as const;
const closed = (over: Partial<RelayFacts>) => ({ own: { ...relay, ...over }, carrier: null });
const shut = (reason: string, until: Date | null) => closed({ pause: { reason, until } });
const spent = (spentWindow: string, over: Partial<RelayFacts> = {}) => {
  const one = { ...relay, spentUntil: at, spentWindow, ...over };
  return { own: one, carrier: one };
};
const later = (reason: string | null, domain = "gmail.com") => ({
  due: 0,
  nextDueAt: at,
  putOff: { reason, domain },
});
const gmail = { relayId: 1, relay: "Gmail" };

const lines: [string, Partial<WaitingFacts>, object | null][] = [
  ["all goes as it can", {}, null],
  ["nothing waits", { waiting: 0, workerAlive: false }, null],
  ["somebody paused it", paused(null, "Claire"), { kind: "pausedBy", tone: "stopped", who: "Claire" }],
  ["nobody knows who paused it", paused(null, null), { kind: "paused", tone: "stopped" }],
  ["the engine paused it", paused("spam", "Claire"), { kind: "stopped", tone: "stopped", reason: "spam" }],
  ["no worker lives", { workerAlive: false }, { kind: "noWorker", tone: "stopped" }],
  ["the relay was retired", closed({ archivedAt: at }), { kind: "relayGone", tone: "stopped" }],
  ["people paused the relay", shut("staff", null), { kind: "relayStaff", tone: "stopped", ...gmail }],
  [
    "the relay waits for a password",
    shut("notReadable", null),
    { kind: "relayStuck", tone: "stopped", ...gmail, reason: "notReadable" },
  ],
  [
    "the engine paused the relay",
    shut("rate-limited", at),
    { kind: "relayPaused", tone: "stopped", ...gmail, reason: "rate-limited", at },
  ],
  [
    "a domain asked for less",
    { ...later("domainLimit"), slowed: [{ domain: "gmail.com", until: at }] },
    { kind: "domainSlow", tone: "slow", domain: "gmail.com", at },
  ],
  [
    "a domain is limited",
    later("domainLimit"),
    { kind: "domainLimit", tone: "slow", domain: "gmail.com", at },
  ],
  ["all were postponed", later("greylisted"), { kind: "postponed", tone: "slow", at, reason: "greylisted" }],
  ["the day is used up", spent("day"), { kind: "spentDay", tone: "slow", ...gmail, at, count: 400 }],
  [
    "the warm-up's day is used up",
    spent("day", { warmUpToday: 50, limits: { ...relay.limits, perDay: 50 } }),
    { kind: "warmUp", tone: "slow", ...gmail, at, count: 50 },
  ],
  [
    "a learned limit is below the warm-up's",
    spent("day", { warmUpToday: 50, limits: { ...relay.limits, perDay: 30 } }),
    { kind: "spentDay", tone: "slow", ...gmail, at, count: 30 },
  ],
  ["the hour is used up", spent("hour"), { kind: "spentHour", tone: "slow", ...gmail, at, count: 100 }],
  ["the minute is used up", spent("minute"), { kind: "spentMinute", tone: "plain", ...gmail, at, count: 20 }],
  [
    "a probe after a fault",
    { own: { ...relay, probing: true }, carrier: { ...relay, probing: true } },
    { kind: "probing", tone: "slow", ...gmail },
  ],
  ["letters pass first", { lettersDue: 3, rate: 0 }, { kind: "letters", tone: "plain", count: 3 }],
  [
    "another relay stands in",
    { carrier: second },
    { kind: "fallback", tone: "plain", relayId: 2, relay: "Université", who: "Gmail" },
  ],
  [
    "some wait for their domain",
    { due: 5, slowed: [{ domain: "orange.fr", until: at }] },
    { kind: "someSlow", tone: "plain", domain: "orange.fr", at },
  ],
  [
    "nothing leaves the sandbox",
    { own: { ...relay, kind: "sandbox" }, carrier: { ...relay, kind: "sandbox" } },
    { kind: "sandbox", tone: "plain" },
  ],
  ["others share the relay", { others: 2 }, { kind: "shared", tone: "plain", ...gmail, count: 2 }],
  ["it has just begun", { rate: 0 }, { kind: "starting", tone: "plain" }],
];

for (const [name, change, expected] of lines) {
  test(name, () => assert.deepEqual(waitingReason({ ...flowing, ...change }), expected));
}

test("what stops comes before what slows down", () => {
  const both = { ...spent("day"), workerAlive: false };
  assert.equal(waitingReason({ ...flowing, ...both })?.kind, "noWorker");
  assert.equal(waitingReason({ ...flowing, ...both, ...paused(null, "Claire") })?.kind, "pausedBy");
  assert.equal(waitingReason({ ...flowing, ...spent("day"), ...shut("spam", at) })?.kind, "relayPaused");
});
