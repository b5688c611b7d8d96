import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aheadOf,
  endOf,
  foresee,
  horizonOf,
  isUnmeasured,
  possibleUntil,
  type RelayLoad,
  wireRate,
} from "#lib/letters/ledger/forecast";

const now = new Date("2026-03-02T08:00:00Z");
const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const HOUR = 60;
const DAY = 24 * HOUR;
type Limits = Partial<RelayLoad["relay"]>;
const load = (limits: Limits = {}, rest: Partial<RelayLoad> = {}): RelayLoad => ({
  relay: {
    ...{ maxConnections: 2, perMinute: null, perHour: null, perDay: null },
    ...{ learnedConnections: null, learnedPerMinute: null, learnedPerDay: null, learnedUntil: null },
    ...{ warmUpFrom: null, warmUpDays: null, warmUpSince: null },
    ...limits,
  },
  pause: null,
  used: [],
  held: 0,
  ...rest,
});
/** Sixty a minute lately, which says how fast the wire is. */
const seen = [{ at: after(-2), n: 60 }];
const minutes = (found: Date | null) => found && (found.getTime() - now.getTime()) / 60_000;
const near = (found: Date | null, expected: number, within = 2) => {
  const value = minutes(found);
  assert.ok(value !== null && Math.abs(value - expected) <= within, `${value} min, not ${expected}`);
};

test("without a limit, the measured rate decides", () => {
  near(endOf(load({}, { used: seen }), 600, now), 10, 0.1);
  near(endOf(load({}, { used: seen }), 30, now), 0.5, 0.1);
  near(endOf(load({}, { used: seen }), 0, now), 0, 0);
  assert.equal(isUnmeasured(load(), now), true, "and without either nothing can be said");
  assert.equal(isUnmeasured(load({ perDay: 400 }), now), false);
});

test("the rate is the best minute of the last five, or else of the day", () => {
  assert.equal(
    wireRate(
      [
        { at: after(-1), n: 20 },
        { at: after(-1.2), n: 5 },
        { at: after(-200), n: 90 },
      ],
      now,
    ),
    25,
  );
  assert.equal(wireRate([{ at: after(-200), n: 90 }], now), 90);
  assert.equal(wireRate([{ at: after(-2 * DAY), n: 90 }], now), null);
});

test("a minute's limit is counted over seventy seconds", () => {
  near(endOf(load({ perMinute: 35 }), 600, now), 20, 0.1);
});

test("an hour's limit leaves in bursts, a twentieth kept for letters", () => {
  // 95 in each hour: the 950th leaves at the end of the tenth burst.
  near(endOf(load({ perHour: 100 }, { used: [{ at: after(-1_000), n: 95 }] }), 950, now), 9 * HOUR + 1);
});

test("beyond two days the hours of a day repeat", () => {
  near(endOf(load({ perHour: 100 }), 95 * (24 * 3 + 12), now), (24 * 3 + 11) * HOUR, HOUR);
});

test("a day's limit is rolling: what was sent yesterday gives its place back a day later", () => {
  // 380 may leave; they all left 23 hours ago.
  const used = [{ at: after(-23 * HOUR), n: 380 }];
  near(endOf(load({ perDay: 400 }, { used }), 1, now), HOUR);
  near(endOf(load({ perDay: 400 }, { used }), 380, now), HOUR + 1);
  near(endOf(load({ perDay: 400 }, { used }), 381, now), HOUR + DAY);
  assert.equal(possibleUntil(load({ perDay: 400 }, { used }), after(30), now), 0);
  assert.equal(possibleUntil(load({ perDay: 400 }, { used }), after(5 * HOUR), now), 380);
});

test("the day's remaining permits count what was sent, what is in flight and what letters keep", () => {
  const used = [{ at: after(-10 * HOUR), n: 100 }];
  assert.equal(possibleUntil(load({ perDay: 400 }, { used, held: 10 }), after(8 * HOUR), now), 270);
  assert.equal(possibleUntil(load({ perDay: 400 }, { used, held: 10 }), now, now), 0);
});

test("several days: each takes its day's share", () => {
  const started = load({ perDay: 400 }, { used: [{ at: after(-DAY + 1), n: 380 }] });
  near(endOf(started, 380 * 3, now), 2 * DAY + 2, 10);
  near(endOf(started, 380 * 30, now), 29 * DAY + 2, 20);
});

test("a million at four hundred a day takes seven years to leave and no time to say", () => {
  const begun = performance.now();
  near(endOf(load({ perDay: 400 }), 1_000_000, now), (1_000_000 / 380) * DAY, 2 * DAY);
  assert.equal(endOf(load({ perDay: 10 }), 1_000_000, now), null, "beyond ten years nothing is promised");
  assert.ok(performance.now() - begun < 200, `${performance.now() - begun} ms`);
});

test("a warm-up grows day after day", () => {
  const warming = load({ perDay: 800, warmUpFrom: 50, warmUpDays: 4, warmUpSince: now });
  // 47, 95, 190, 380 on the first four days (a twentieth kept), then 760 a day.
  assert.equal(possibleUntil(warming, after(DAY), now), 47);
  near(endOf(warming, 47, now), 1);
  near(endOf(warming, 47 + 95 + 190, now), 2 * DAY, 10);
  near(endOf(warming, 47 + 95 + 190 + 380 + 760, now), 4 * DAY, HOUR);
});

test("what replies taught holds until it lapses", () => {
  const learned = load({ perMinute: 60, learnedPerMinute: 7, learnedUntil: after(HOUR) });
  near(endOf(learned, 360 + 514, now), HOUR + 10, 1);
});

test("nothing leaves before the end of a pause, and never when it has none", () => {
  near(endOf(load({}, { used: seen, pause: { until: after(90) } }), 60, now), 91);
  near(endOf(load({}, { used: seen, pause: { until: after(3 * DAY) } }), 60, now), 4 * DAY, DAY);
  assert.equal(endOf(load({}, { used: seen, pause: { until: null } }), 60, now), null);
});

test("what is foreseen is an hour, or why there is none", () => {
  const queue = { waiting: 60, others: [], letters: 0, lastDueAt: null, limitsDomains: false };
  const fast = load({}, { used: seen });
  assert.deepEqual(foresee(fast, queue, now), { at: after(1), atLeast: false });
  assert.deepEqual(foresee(fast, { ...queue, limitsDomains: true }, now), { at: after(1), atLeast: true });
  const paused = load({}, { used: seen, pause: { until: null } });
  assert.deepEqual(foresee(paused, queue, now), { unforeseen: "relayPaused" });
  assert.deepEqual(foresee(load(), queue, now), { unforeseen: "neverMeasured" });
  assert.deepEqual(foresee(load({ perDay: 10 }), { ...queue, waiting: 1_000_000 }, now), {
    unforeseen: "tooFar",
  });
  assert.deepEqual(foresee(fast, { ...queue, lastDueAt: after(30) }, now), { at: after(30), atLeast: true });
  assert.deepEqual(foresee(fast, { ...queue, lastDueAt: after(0.5) }, now), { at: after(1), atLeast: false });
});

test("letters pass first and campaigns share equally", () => {
  assert.equal(aheadOf(100, [], 5), 105);
  assert.equal(aheadOf(100, [1_000], 0), 200, "half of the way each");
  assert.equal(aheadOf(1_000, [100, 40], 3), 1_143, "the small ones are over before");
});

test("an instant is said as people would", () => {
  const at = (iso: string) => new Date(iso);
  assert.deepEqual(horizonOf(after(0.5), now), { kind: "now" });
  assert.deepEqual(horizonOf(after(12.2), now), { kind: "today", at: after(13) });
  assert.deepEqual(horizonOf(after(3 * HOUR + 2), now), { kind: "today", at: after(3 * HOUR + 5) });
  assert.deepEqual(horizonOf(at("2026-03-03T07:50:00Z"), now), {
    kind: "tomorrow",
    at: at("2026-03-03T08:00:00Z"),
  });
  // Midnight is Paris's: 23:30 UTC is tomorrow already.
  assert.equal(horizonOf(at("2026-03-02T23:30:00Z"), now).kind, "tomorrow");
  assert.deepEqual(horizonOf(after(3 * DAY), now), { kind: "days", count: 3 });
  assert.deepEqual(horizonOf(after(21 * DAY), now), { kind: "weeks", count: 3 });
  assert.deepEqual(horizonOf(after(100 * DAY), now), { kind: "months", count: 3 });
  assert.deepEqual(horizonOf(after(2_631 * DAY), now), { kind: "years", count: 7 });
});
