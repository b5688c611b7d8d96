/** A clock that ran ahead and was put right: what waits for a day that will not come for years is due again. */
import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";

/** Clocks are led by some seconds all the time. */
const BACK = 60_000;

/** The database's clock when it was last asked, and ours that only goes forward. */
let before: { database: number; monotonic: number } | undefined;

/**
 * At the start, and whenever the database's clock went back by more than a minute since. Returns how many rows were put right.
 * @unaudited Nobody does it; the log says how many.
 */
export async function rightFarDates(): Promise<number> {
  const [row] = await sql<{
    now: number;
  }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
  const now = { database: row?.now ?? 0, monotonic: performance.now() };
  const expected = before && before.database + now.monotonic - before.monotonic;
  before = now;
  if (expected !== undefined && now.database > expected - BACK) return 0;
  const [righted] = await sql<{ n: number }>`select right_far_dates() as n`;
  const n = righted?.n ?? 0;
  if (n > 0) log.warn({ n }, "dates of a wrong clock put right");
  return n;
}
