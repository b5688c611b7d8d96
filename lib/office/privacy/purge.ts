/** The worker's task: what is past its time goes, a small batch a transaction, in as many runs as it takes. */
import { pool, sql, transaction } from "#lib/machine/db";
import { believeClock } from "#lib/office/privacy/clock";
import { replayErasures } from "#lib/office/privacy/erase";
import { eraseDue, proposeSilent } from "#lib/office/privacy/reviews";
import { intervalOf, type RuleName } from "#lib/office/privacy/rules";
import { type Step, steps } from "#lib/office/privacy/steps";

const BATCH = 1_000;
/** A run ends after so long: the tasks of a worker that stops are waited for. */
const RUN_FOR = 20_000;

/**
 * Every five minutes, by every worker; at any moment it may be killed. First the erasures that the journal asks for,
 * which no clock decides; then, if the clock is believed, the durations. Returns how many rows went.
 */
export async function purge(): Promise<number> {
  const until = performance.now() + RUN_FOR;
  let gone = await replayErasures();
  if (!(await believeClock())) return gone;
  const intervals = await readIntervals();
  for (const [rule, own] of Object.entries(steps))
    for (const step of own) gone += await runStep(step, intervals[rule as RuleName], until);
  await sweepAgain();
  await proposeSilent(intervals.contacts, until);
  return gone + (await eraseDue(intervals, until));
}

/** Every duration in force, as an interval of PostgreSQL. */
export async function readIntervals(): Promise<Record<RuleName, string>> {
  const rows = await sql<{ rule: RuleName; amount: number }>`select rule, amount from retention_rules`;
  return Object.fromEntries(rows.map(({ rule, amount }) => [rule, intervalOf(rule, amount)])) as Record<
    RuleName,
    string
  >;
}

async function runStep({ due, act }: Step, interval: string, until: number): Promise<number> {
  let gone = 0;
  while (performance.now() < until) {
    const count = await transaction(async (client) => {
      // One batch at a time, whatever the workers: two would wait for each other's rows.
      await client.query("select pg_advisory_xact_lock(200810)");
      await client.query("set local src.forgetting = 'on'");
      const { rowCount } = await client.query(act(due(BATCH)), [interval]);
      return rowCount ?? 0;
    });
    gone += count;
    if (count === 0) return gone;
  }
  return gone;
}

/** What could not be blanked when the cursor passed (not settled yet) is met again a month later. */
async function sweepAgain() {
  await sql`
    update purge_cursors set after_id = 0, swept_at = clock_timestamp()
    where rule = 'deliveries' and coalesce(swept_at, '-infinity') < clock_timestamp() - interval '30 days'`;
}

/**
 * How many rows each duration would do away with now; at most `limit` + 1 of each are counted.
 * @unaudited Counts in a transaction that is always rolled back.
 */
export async function countDue(limit = 10_000): Promise<Record<keyof typeof steps, number>> {
  const intervals = await readIntervals();
  const counts = Object.entries(steps).map(async ([rule, own]) => {
    let total = 0;
    for (const { due, left = due } of own) {
      const text = `select count(*)::int as n from (${left(limit + 1)}) due`;
      const { rows } = await pool().query<{ n: number }>(text, [intervals[rule as RuleName]]);
      total += rows[0]?.n ?? 0;
    }
    return [rule, total] as const;
  });
  return Object.fromEntries(await Promise.all(counts)) as Record<keyof typeof steps, number>;
}
