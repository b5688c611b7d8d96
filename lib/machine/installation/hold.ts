/** Holding what leaves, and letting it go by somebody's word. Numbers of a held database are dealt anew, far from the old ones. */
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import type { Why } from "./rules.ts";

/** More than a night deals. */
const JUMP = 1_000_000;
/** Where a sequence is left alone: `integer` ends at 2 147 483 647. */
const HIGHEST = 2_000_000_000;
const YEAR_2020 = 1_577_836_800;

/** Later than whatever was before, and than any other life of the same database: a clock in seconds that never goes back. */
export const nextGeneration = (before: number, at = Date.now()): number =>
  Math.max(before + 1, Math.floor(at / 1000) - YEAR_2020);

/** What is dealt from now on belongs to this generation. Call in a transaction. */
export async function setGeneration(client: Runner, generation: number): Promise<void> {
  await client.query({ text: "set local lock_timeout = '10s'" });
  const [row] = await sqlOn(client)`
    update installation set generation = ${generation} where generation < ${generation} returning id`;
  // A number, never anybody's input: a default takes no parameter.
  if (row)
    await client.query({
      text: `alter table deliveries alter column generation set default ${Math.trunc(generation)}`,
    });
}

/**
 * Nothing leaves from this instant, whoever works on this database; numbers dealt from now on are none of the life that
 * was lost. `witnessed` is the generation known outside. False when it was held already.
 * @unaudited The row of `restores` says when and why; nobody did it.
 */
export async function hold(why: Why, witnessed = 0): Promise<boolean> {
  const held = await transaction((client) => holdOn(client, why, witnessed));
  if (held) log.error({ why }, "held: nothing leaves until an administrator says so");
  return held;
}

/**
 * The same, in the transaction of a restore: of a backup that was held when it was taken, too.
 * @unaudited The row of `restores` says when and why; nobody did it.
 */
export async function holdRestored(client: Runner): Promise<void> {
  await sqlOn(client)`update installation set held_at = null, held_why = null`;
  await holdOn(client, "restored", 0);
}

async function holdOn(client: Runner, why: Why, witnessed: number): Promise<boolean> {
  const [row] = await sqlOn(client)<{ generation: number; beatAt: Date | null }>`
    update installation set held_at = clock_timestamp(), held_why = ${why} where held_at is null
    returning generation, beat_at as "beatAt"`;
  if (!row) return false;
  const generation = nextGeneration(Math.max(row.generation, witnessed));
  await setGeneration(client, generation);
  await sqlOn(client)`
    insert into restores (why, generation, backup_at) values (${why}, ${generation}, ${row.beatAt}::timestamptz)`;
  await jump(client);
  return true;
}

async function jump(client: Runner): Promise<void> {
  await sqlOn(client)`
    select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, start_value) + ${JUMP})
    from pg_sequences where schemaname = current_schema() and coalesce(last_value, 0) < ${HIGHEST}`;
}

/**
 * An administrator has seen it: work goes on. Call in the transaction that sets the campaigns aside and audits. False
 * when nothing was held, or a colleague was faster.
 * @unaudited In the transaction of lib/office/restores, which audits.
 */
export async function letGo(client: Runner, by: number | null): Promise<boolean> {
  const [row] = await sqlOn(client)`
    update installation set held_at = null, held_why = null, beat = beat + 1, beat_at = clock_timestamp(),
      timeline = current_timeline()
    where held_at is not null returning id`;
  if (!row) return false;
  await sqlOn(client)`
    update restores set acknowledged_at = clock_timestamp(), acknowledged_by = ${by}::int where acknowledged_at is null`;
  return true;
}

/**
 * How many oppositions were put back from beside the database, while it is held.
 * @unaudited A worker found them; the row itself says how many.
 */
export async function recordOppositions(n: number): Promise<void> {
  await sql`update restores set oppositions = oppositions + ${n} where acknowledged_at is null`;
}
