/**
 * Rows that one worker at a time reads: leased while somebody does, due again after a while, and less and less often
 * while they fail. Their table has lease_token, lease_until, due_at, read_at, error and failures; only the database's
 * clock counts, and only whoever still holds the lease writes.
 */
import { randomUUID } from "node:crypto";
import type { Runner } from "#lib/machine/db";

/** Seconds; renewed with each batch, so a slow reader is not taken over and a dead worker's row soon is. */
const SECONDS = 120;

/** Names in SQL, never of anybody's input: the table, what numbers its rows, and which of them (`due`) may be read now. */
export type LeasedRows = { table: string; key: string; readable: string };

export type Lease = { id: number; token: string };

/** Too slow, or the row is another now: somebody else goes on from the last commit. */
export class LeaseLost extends Error {
  override name = "LeaseLost";
}

/** The row due for longest that nobody holds, leased to this caller; null when there is none. */
export async function takeLease(client: Runner, { table, key, readable }: LeasedRows): Promise<Lease | null> {
  const token = randomUUID();
  const { rows } = await client.query<{ id: number }>({
    text: `
      update ${table} set lease_token = $1::uuid, lease_until = clock_timestamp() + make_interval(secs => $2)
      where ${key} = (
        select ${key} from ${table} due
        where due_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp()) and (${readable})
        order by due_at limit 1 for update skip locked)
      returning ${key} as id`,
    values: [token, SECONDS],
  });
  return rows[0] ? { id: rows[0].id, token } : null;
}

/** In the transaction of a batch: until its commit nobody else takes the row. @throws LeaseLost */
export async function renewLease(client: Runner, rows: LeasedRows, lease: Lease): Promise<void> {
  if (
    !(await write(
      client,
      rows,
      lease,
      "lease_until = clock_timestamp() + make_interval(secs => $3)",
      SECONDS,
    ))
  )
    throw new LeaseLost();
}

/**
 * What is leased stays so for as long as this process works at it, however slowly it is answered: only a dead reader is
 * taken over. Looked at every `pulse` milliseconds.
 */
export async function holding<T>(
  client: Runner,
  rows: LeasedRows,
  lease: Lease,
  work: () => Promise<T>,
  pulse = (SECONDS / 4) * 1000,
): Promise<T> {
  // Lost all the same, or no database: the next commit of the work says so.
  const clock = setInterval(() => void renewLease(client, rows, lease).catch(() => {}), pulse);
  try {
    return await work();
  } finally {
    clearInterval(clock);
  }
}

const free = "lease_token = null, lease_until = null";

/** Read to its end: again after so many seconds. False when the lease was lost. */
export const releaseLease = (
  client: Runner,
  rows: LeasedRows,
  lease: Lease,
  seconds: number,
): Promise<boolean> =>
  write(
    client,
    rows,
    lease,
    `${free}, error = null, failures = 0, read_at = clock_timestamp(), due_at = clock_timestamp() + make_interval(secs => $3)`,
    seconds,
  );

/** Tried again after 1, 2, 4 … 60 minutes: a wrong password repeated too often locks an account. False when the lease was lost. */
export const backOff = (client: Runner, rows: LeasedRows, lease: Lease, failure: string): Promise<boolean> =>
  write(
    client,
    rows,
    lease,
    `${free}, error = $3, failures = failures + 1,
      due_at = clock_timestamp() + make_interval(mins => least(60, power(2, least(failures, 6))::int))`,
    failure,
  );

async function write(
  client: Runner,
  { table, key }: LeasedRows,
  { id, token }: Lease,
  change: string,
  value: number | string,
): Promise<boolean> {
  const { rows } = await client.query({
    text: `update ${table} set ${change} where ${key} = $1 and lease_token = $2::uuid returning ${key}`,
    values: [id, token, value],
  });
  return rows.length === 1;
}
