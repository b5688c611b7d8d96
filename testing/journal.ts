/** What tests of the journal look at: a claimed delivery's row, its log, and the ledger of its relay. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Claim } from "#lib/letters/deliveries/claim";
import { sql } from "#lib/machine/db";

/** A broken journal keeps one waiting for ever; these fail instead. */
export const within = <T>(work: Promise<T>) =>
  Promise.race([work, sleep(5_000, undefined, { ref: false }).then(() => assert.fail("not within 5 s"))]);

export const rowOf = async (held: Claim) => {
  const [row] = await sql<{
    status: string;
    attempts: number;
    leased: boolean;
    reason: string | null;
    reply: string | null;
    wait: number;
  }>`
    select status::text, attempts, lease_token is not null as leased, reason, reply, extract(epoch from due_at - now())::float8 as wait
    from deliveries where id = ${held.id}`;
  if (!row) throw new Error("no such delivery");
  return row;
};

export const stateOf = async (held: Claim) => {
  const { status, leased } = await rowOf(held);
  return `${status}${leased ? ", leased" : ""}`;
};

export const logOf = async (held: Claim) =>
  (await sql`select outcome, n from attempts where delivery_id = ${held.id} order by id`).map(
    ({ outcome, n }) => `${outcome} ${n}`,
  );

export const usageOf = async (relay: number) =>
  Object.fromEntries(
    (
      await sql`
      select outcome || case when reason <> '' then ' ' || reason else '' end as what, sum(n)::int as n
      from relay_usage where relay_id = ${relay} group by 1 having sum(n) <> 0`
    ).map(({ what, n }) => [what, n]),
  );

/** The journal's server process, once it waits for a row. */
export async function blocked(): Promise<number> {
  for (let i = 0; i < 200; i++, await sleep(20)) {
    const [row] = await sql<{ pid: number }>`
      select pid from pg_stat_activity
      where application_name = 'src-crm journal' and wait_event_type = 'Lock' and datname = current_database()`;
    if (row) return row.pid;
  }
  return assert.fail("the journal waits for no row");
}
