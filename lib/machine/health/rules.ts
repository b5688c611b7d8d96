/** Pure: what the measurements mean. */

/** A worker says it lives every few seconds; silent for longer than this, it is counted as gone. */
export const silenceSeconds = 60;

/** A message that was due longer ago than this means nobody sends, or the relay refuses everything. */
export const lateSeconds = 15 * 60;

export type Measures = {
  workers: number;
  /** Seconds since the freshest sign of life, null when no worker ever ran. */
  heartbeatAge: number | null;
  /** Messages waiting in campaigns under way and letters, due or not. */
  waiting: number;
  /** Seconds the oldest due message has been waiting, 0 when none is due. */
  oldestDue: number;
  /** Since a backup was put back, or the like: nothing leaves before an administrator says so. */
  held: boolean;
};

export type Health = {
  status: "ok" | "degraded" | "down";
  database: { ok: boolean; milliseconds: number };
  worker: { ok: boolean; count: number; heartbeatAge: number | null };
  queue: { ok: boolean; waiting: number; oldestDue: number };
  held: boolean;
};

/** `measures` is null when the database did not answer. Quotas of a relay make a queue late, not the service sick. */
export function judgeHealth(measures: Measures | null, milliseconds: number): Health {
  const { workers, heartbeatAge, waiting, oldestDue, held } = measures ?? noMeasures;
  const alive = workers > 0 && heartbeatAge !== null && heartbeatAge <= silenceSeconds;
  return {
    status: !measures ? "down" : alive && !held ? "ok" : "degraded",
    database: { ok: measures !== null, milliseconds },
    worker: { ok: alive, count: workers, heartbeatAge },
    queue: { ok: measures !== null && oldestDue <= lateSeconds, waiting, oldestDue },
    held,
  };
}

const noMeasures: Measures = { workers: 0, heartbeatAge: null, waiting: 0, oldestDue: 0, held: false };
