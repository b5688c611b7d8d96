/**
 * Where a campaign may end. Whole past years are drawn (their rates at the same date go together), not independent
 * companies: years differ as a whole, and drawing companies one by one covers half of what happens.
 */

/** Of a pledge on a day: `absent` did not exist yet, `closed` was refused or lost. */
export const groups = ["came", "allocated", "pledged", "open", "closed", "absent"] as const;
export type Group = (typeof groups)[number];

/** Cents. `expected` is the middle of the range; `final` what the same pledges brought in the end. */
export type Held = { count: number; expected: number; came: number; final: number };

/** A campaign as it stood at the end of a day. */
export type Snapshot = { campaignYear: number; groups: Record<Group, Held> };

export type Forecast = {
  low: bigint;
  high: bigint;
  /** How many finished campaigns it rests on; under two there is no interval, only what was said. */
  years: number;
};

const draws = 1_000;
/** The last campaigns that it rests on: older ones had other rules and other companies. */
const most = 3;
/** Eight in ten draws are between. */
const [lowest, highest] = [0.1, 0.9];

export const totalOf = (snapshot: Snapshot, key: keyof Held): number =>
  groups.reduce((sum, group) => sum + snapshot.groups[group][key], 0);

/**
 * With two finished campaigns or more (the last three count), the interval that holds eight of ten draws of a whole past year, spread by how much
 * those years differ; the same day gives the same draws. Under two: from what is received and said allocated to all that
 * is promised. Never below what has come.
 */
export function forecast(now: Snapshot, past: Snapshot[]): Forecast {
  const came = totalOf(now, "came");
  const known = past
    .filter((one) => totalOf(one, "final") > 0 && usable(one, now))
    .toSorted((a, b) => b.campaignYear - a.campaignYear)
    .slice(0, most);
  if (known.length < 2) {
    const { allocated, pledged } = now.groups;
    const low = came + allocated.expected;
    return { low: cents(low), high: cents(low + pledged.expected), years: known.length };
  }
  const ends = known.map((year) => projected(now, year, known));
  const random = randomFrom(now.campaignYear * 7_919 + Math.round(came + totalOf(now, "expected")));
  const spread = spreadOf(ends);
  const drawn = Array.from({ length: draws }, () => {
    const end = ends[Math.floor(random() * ends.length)] ?? 0;
    return Math.max(came, end * Math.exp(spread * normal(random)));
  }).sort((a, b) => a - b);
  const at = (part: number) => cents(drawn[Math.floor(part * draws)] ?? came);
  return { low: at(lowest), high: at(highest), years: known.length };
}

const cents = (amount: number) => BigInt(Math.round(amount));

/** A year that stood empty on that day says nothing of one that does not. */
const usable = (one: Snapshot, now: Snapshot) =>
  groups.slice(0, 4).some((group) => one.groups[group].count > 0) || totalOf(now, "count") === 0;

/** What `now` brings in the end if it goes on as `year` did; where that year had nothing to go by, as all of them did. */
function projected(now: Snapshot, year: Snapshot, known: Snapshot[]): number {
  const rate = (group: Group, from: "came" | "expected" | "count", otherwise: number) => {
    const of = (one: Snapshot) => one.groups[group];
    if (of(year)[from] > 0) return of(year).final / of(year)[from];
    const all = known.reduce((sum, one) => sum + of(one)[from], 0);
    return all > 0 ? known.reduce((sum, one) => sum + of(one).final, 0) / all : otherwise;
  };
  return (
    now.groups.came.came * rate("came", "came", 1) +
    now.groups.allocated.expected * rate("allocated", "expected", 1) +
    now.groups.pledged.expected * rate("pledged", "expected", 1) +
    now.groups.open.count * rate("open", "count", 0) +
    now.groups.closed.count * rate("closed", "count", 0) +
    year.groups.absent.final
  );
}

/**
 * What few years hide of their own spread, by their number: with it, eight of ten draws are Student's interval for one
 * more year (t of 0.9 × √(1 + 1/n), less what drawing a year spreads already).
 */
const hidden: Record<number, number> = { 2: 2.85, 3: 1.49, 4: 1.14 };

/** How far years are from each other (standard deviation of logarithms), and the next may be from the one drawn. */
function spreadOf(ends: number[]): number {
  const logs = ends.filter((end) => end > 0).map(Math.log);
  if (logs.length < 2) return 0;
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  const variance = logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (logs.length - 1);
  return Math.sqrt(variance) * (hidden[logs.length] ?? 1.1);
}

/** Mulberry32: the same seed, the same draws. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A finished campaign, what would have been forecast on the same day of it, and what came. */
export type Tried = Forecast & { campaignYear: number; truth: bigint; inside: boolean };

/** Each finished campaign forecast from those before it alone, as it would have been on that day: the latest first. */
export function backtest(past: Snapshot[]): Tried[] {
  return past
    .toSorted((a, b) => b.campaignYear - a.campaignYear)
    .map((one) => {
      const told = forecast(
        one,
        past.filter((before) => before.campaignYear < one.campaignYear),
      );
      const truth = cents(totalOf(one, "final"));
      return {
        ...told,
        campaignYear: one.campaignYear,
        truth,
        inside: told.low <= truth && truth <= told.high,
      };
    })
    .filter(({ years, truth }) => years >= 2 && truth > 0n);
}
