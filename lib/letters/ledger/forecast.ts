/**
 * When what waits will have left: the limits of a relay played forward, minute by minute for two days and then by whole
 * days, so that a million messages cost no more than ten. Pure.
 */
import { effectiveLimits, type LimitedRelay, type Limits, reserve } from "#lib/letters/ledger/limits";

/** What a relay has behind it and may do: `used` is its ledger of the last 24 hours, in any grain; `held` is in flight. */
export type RelayLoad = {
  relay: LimitedRelay;
  /** Null when it is not paused; without `until` while nobody resumes it. */
  pause: { until: Date | null } | null;
  used: readonly { at: Date; n: number }[];
  held: number;
};

/** Why no end can be told. */
export type Unforeseen =
  | "campaignPaused"
  | "relayPaused"
  | "noRoute"
  | "noWorker"
  | "neverMeasured"
  | "tooFar";
/** `atLeast`: something that is not counted here (a domain slowed down, a postponement) may make it later. */
export type Forecast = { at: Date; atLeast: boolean } | { unforeseen: Unforeseen };

const STEP = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
/** Steps played one by one: long enough for the second day to repeat the first. */
const PLAYED = 2 * DAY;
const FARTHEST = 10 * 365;
/** The ledger counts a minute ten seconds long (see lib/letters/ledger/usage.ts). */
const MINUTE_SHARE = 60 / 70;

/**
 * What must leave through a relay before a campaign's last message does: the letters, and of each other campaign no
 * more than its equal share.
 */
export function aheadOf(waiting: number, others: readonly number[], letters: number): number {
  return letters + waiting + others.reduce((sum, other) => sum + Math.min(other, waiting), 0);
}

/** What waits: of the campaign asked about, of the others on the relay, letters; `lastDueAt` of what was put off. */
export type Queue = {
  waiting: number;
  others: readonly number[];
  letters: number;
  lastDueAt: Date | null;
  limitsDomains: boolean;
};

/** The end of one campaign's queue, or why it cannot be told. */
export function foresee(load: RelayLoad, queue: Queue, now: Date): Forecast {
  if (opensAt(load) === Number.POSITIVE_INFINITY) return { unforeseen: "relayPaused" };
  if (isUnmeasured(load, now)) return { unforeseen: "neverMeasured" };
  const end = endOf(load, aheadOf(queue.waiting, queue.others, queue.letters), now);
  if (!end) return { unforeseen: "tooFar" };
  const late = queue.lastDueAt !== null && queue.lastDueAt > end;
  return { at: late && queue.lastDueAt ? queue.lastDueAt : end, atLeast: queue.limitsDomains || late };
}

/** When `count` more messages of campaigns will have left; null when that is beyond ten years, or never. */
export function endOf(load: RelayLoad, count: number, now: Date): Date | null {
  if (count <= 0) return now;
  const flow = play(load, now, count);
  if (flow.end !== null) return new Date(now.getTime() + flow.end * STEP);
  return laterDay(load, flow, now);
}

/** How many messages of campaigns may leave before `until` (two days ahead at most). */
export function possibleUntil(load: RelayLoad, until: Date, now: Date): number {
  const steps = Math.min(PLAYED, Math.max(0, Math.round((until.getTime() - now.getTime()) / STEP)));
  const flow = play(load, now, Number.POSITIVE_INFINITY, steps);
  return Math.floor(flow.sent + 1e-6);
}

/** True when nothing says how fast this relay is: it has no limit, and sent nothing lately. */
export function isUnmeasured({ relay, used }: RelayLoad, now: Date): boolean {
  const { perMinute, perHour, perDay } = effectiveLimits(relay, now);
  return perMinute === null && perHour === null && perDay === null && wireRate(used, now) === null;
}

/** Milliseconds: 0 when it is open, infinite when only people open it. */
const opensAt = ({ pause }: RelayLoad) => (pause ? (pause.until?.getTime() ?? Number.POSITIVE_INFINITY) : 0);

/**
 * Messages a minute that this relay was seen to take: the best minute of the last five, or else of the day; null when
 * it sent nothing.
 */
export function wireRate(used: RelayLoad["used"], now: Date): number | null {
  const byMinute = new Map<number, number>();
  for (const { at, n } of used) {
    const ago = Math.floor((now.getTime() - at.getTime()) / STEP);
    byMinute.set(ago, (byMinute.get(ago) ?? 0) + n);
  }
  const best = (within: number) =>
    Math.max(0, ...[...byMinute].filter(([ago]) => ago < within).map(([, n]) => n));
  return best(5) || best(DAY) || null;
}

/** With limits but nothing measured: a message every two seconds on each connection, about what Gmail takes. */
const assumedRate = (limits: Limits) => limits.connections * 30;

type Flow = { sent: number; end: number | null; lastDay: Float64Array; rate: number; left: number };

/** Plays up to `steps` minutes; `end` is when the `count`th left, in minutes from now. */
function play(load: RelayLoad, now: Date, count: number, steps = PLAYED): Flow {
  // Index DAY is the minute that begins now; what was sent is summed up to each minute's end.
  const total = new Float64Array(DAY + steps + 1);
  for (const { at, n } of load.used) {
    const index = Math.min(DAY - 1, DAY - 1 - Math.floor((now.getTime() - at.getTime()) / STEP));
    if (index >= 0) total[index] = (total[index] ?? 0) + n;
  }
  total[DAY - 1] = (total[DAY - 1] ?? 0) + load.held;
  for (let i = 1; i < DAY; i++) total[i] = (total[i] ?? 0) + (total[i - 1] ?? 0);
  const rate = wireRate(load.used, now) ?? assumedRate(effectiveLimits(load.relay, now));
  const during = (i: number, window: number) => (total[i - 1] ?? 0) - (total[i - window] ?? 0);
  let sent = 0;
  let limits = effectiveLimits(load.relay, now);
  for (let step = 0; step < steps; step++) {
    const i = DAY + step;
    const at = now.getTime() + step * STEP;
    if (step % HOUR === 0) limits = effectiveLimits(load.relay, new Date(at));
    const can =
      opensAt(load) <= at ? Math.max(0, Math.min(rate, ...rooms(limits, (window) => during(i, window)))) : 0;
    if (sent + can >= count - 1e-9 && can > 0)
      return { sent: count, end: step + (count - sent) / can, lastDay: total, rate, left: 0 };
    sent += can;
    total[i] = (total[i - 1] ?? 0) + can;
  }
  return { sent, end: null, lastDay: total.subarray(steps - 1, steps + DAY), rate, left: count - sent };
}

/** What each window leaves to campaigns in a minute. */
function rooms({ perMinute, perHour, perDay }: Limits, during: (window: number) => number): number[] {
  return [
    ...(perMinute === null ? [] : [perMinute * MINUTE_SHARE]),
    ...(perHour === null ? [] : [perHour - reserve(perHour) - during(HOUR)]),
    ...(perDay === null ? [] : [perDay - reserve(perDay) - during(DAY)]),
  ];
}

/** Beyond what was played each day resembles the last one, but for its limits; within the day that ends it, its hours do. */
function laterDay(load: RelayLoad, flow: Flow, now: Date): Date | null {
  let left = flow.left;
  for (let day = PLAYED / DAY; day < FARTHEST; day++) {
    const begins = now.getTime() + day * DAY * STEP;
    const limits = effectiveLimits(load.relay, new Date(begins));
    const whole = opensAt(load) > begins ? 0 : wholeDay(limits, flow.rate);
    if (left <= whole) return new Date(begins + minuteOf(flow.lastDay, left / whole) * STEP);
    left -= whole;
  }
  return null;
}

function wholeDay({ perMinute, perHour, perDay }: Limits, rate: number): number {
  return Math.min(
    rate * DAY,
    perMinute === null ? Number.POSITIVE_INFINITY : perMinute * MINUTE_SHARE * DAY,
    perHour === null ? Number.POSITIVE_INFINITY : (perHour - reserve(perHour)) * 24,
    perDay === null ? Number.POSITIVE_INFINITY : perDay - reserve(perDay),
  );
}

/** By which minute of a day this share of its messages has left. */
function minuteOf(day: Float64Array, share: number): number {
  const first = day[0] ?? 0;
  const all = (day[DAY] ?? 0) - first;
  if (all <= 0) return share * DAY;
  const found = day.findIndex((sum) => sum - first >= all * share - 1e-9);
  return Math.max(0, found);
}

/** How far an instant is, as people say it in Paris: to the minute within the hour, then less and less precisely. */
export type Horizon =
  | { kind: "now" }
  | { kind: "today" | "tomorrow"; at: Date }
  | { kind: "days" | "weeks" | "months" | "years"; count: number };

const parisDay = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris", dateStyle: "short" });
/** Days since 1970 of the calendar date in Paris. */
const dayNumber = (at: Date) => Date.parse(`${parisDay.format(at)}T00:00:00Z`) / (DAY * STEP);

/** « vers 16 h 40 », « demain vers 9 h », « dans 3 jours environ »: the kind of sentence, and its rounded figure. */
export function horizonOf(at: Date, now: Date): Horizon {
  const wait = at.getTime() - now.getTime();
  if (wait < STEP) return { kind: "now" };
  const days = dayNumber(at) - dayNumber(now);
  const grain = (wait < HOUR * STEP ? 1 : wait < 12 * HOUR * STEP ? 5 : 30) * STEP;
  const rounded = new Date(Math.ceil(at.getTime() / grain) * grain);
  if (days === 0) return { kind: "today", at: rounded };
  if (days === 1) return { kind: "tomorrow", at: rounded };
  if (days < 14) return { kind: "days", count: days };
  if (days < 60) return { kind: "weeks", count: Math.round(days / 7) };
  if (days < 700) return { kind: "months", count: Math.round(days / 30.4) };
  return { kind: "years", count: Math.round(days / 365) };
}
