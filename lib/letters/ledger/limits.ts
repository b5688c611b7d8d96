/** What a relay may send, all reasons together: what staff set, what its replies taught, and its warm-up. Pure. */

export type LimitedRelay = {
  maxConnections: number;
  perMinute: number | null;
  perHour: number | null;
  perDay: number | null;
  learnedConnections: number | null;
  learnedPerMinute: number | null;
  learnedPerDay: number | null;
  learnedUntil: Date | null;
  warmUpFrom: number | null;
  warmUpDays: number | null;
  warmUpSince: Date | null;
};

/** Messages in a rolling minute, hour and day (null: no limit), and parallel connections. */
export type Limits = {
  connections: number;
  perMinute: number | null;
  perHour: number | null;
  perDay: number | null;
};

const DAY = 24 * 3600 * 1000;
/** Of each hour and day, kept from campaigns so that a password reset still leaves after one. */
const LETTER_SHARE = 0.05;
const WORTH_SHARING = 20;

/** The limits in force at `now`. */
export function effectiveLimits(relay: LimitedRelay, now: Date): Limits {
  const learned = relay.learnedUntil !== null && relay.learnedUntil > now;
  return {
    connections: least(relay.maxConnections, learned ? relay.learnedConnections : null) ?? 1,
    perMinute: least(relay.perMinute, learned ? relay.learnedPerMinute : null),
    perHour: relay.perHour,
    perDay: least(relay.perDay, learned ? relay.learnedPerDay : null, warmUpAllowance(relay, now)),
  };
}

/**
 * Messages a day that the warm-up allows at `now`: `warmUpFrom` on the first day, growing by a constant factor to the
 * day's limit over `warmUpDays` (doubling each day where there is no limit); null when there is none, or it is over.
 */
export function warmUpAllowance(
  relay: Pick<LimitedRelay, "perDay" | "warmUpFrom" | "warmUpDays" | "warmUpSince">,
  now: Date,
): number | null {
  const { warmUpFrom: from, warmUpDays: days, warmUpSince: since } = relay;
  if (from === null || days === null || since === null) return null;
  const day = Math.max(0, Math.floor((now.getTime() - since.getTime()) / DAY));
  if (day >= days) return null;
  const goal = relay.perDay ?? from * 2 ** days;
  return Math.round(from * Math.max(1, goal / from) ** (day / days));
}

/** How much of an hour's or a day's limit campaigns leave to letters. */
export const reserve = (limit: number) => (limit < WORTH_SHARING ? 0 : Math.ceil(limit * LETTER_SHARE));

function least(...limits: (number | null)[]): number | null {
  const given = limits.filter((one) => one !== null);
  return given.length === 0 ? null : Math.min(...given);
}
