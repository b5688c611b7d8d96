/**
 * The sign of life of an installation: raised in the database and then outside it, after the two were compared. While
 * they disagree nothing leaves (decision 42).
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { hold, nextGeneration, setGeneration } from "./hold.ts";
import { type Found, judge, type Why } from "./rules.ts";
import { readWitness, removeWitness, type Witness, writeWitness } from "./witness.ts";

/** Longer than two beats of another worker: if one lives, its beats vouch for a machine that joins. */
const JOIN_WITHIN = 12_000;
const LOOK_EVERY = 500;

let latest: Witness = { generation: 0, beat: 0 };

/** The latest beat that this process has seen: a database that is behind it lets nothing leave. */
export const latestBeat = (): number => latest.beat;

/** True when what is due may go. @throws Explained when what is kept outside the database cannot be read. */
export async function mayLeave(): Promise<boolean> {
  const [row] = await sql<{ may: boolean }>`select may_leave(${latest.beat}) as may`;
  return row?.may === true;
}

type Beaten = { held: Why | null };

/**
 * Compares and, if all is well, beats. A machine that knows nothing of a database that lived watches it first: raised by
 * somebody else meanwhile, it is the one. `joins` is false for a process that has no time to watch: then it leaves the
 * question to a worker.
 */
export async function beat(joins = true): Promise<Beaten> {
  const [known] = await sql<{ uuid: string | null; beat: number }>`
    select uuid, beat::float8 as beat from installation`;
  // What is outside first: read after the database it could be ahead by a beat of a moment ago.
  const witness = known?.uuid ? readWitness(known.uuid) : null;
  const found = await find();
  const verdict = judge(found, witness);
  if (verdict === "held") return remember(found);
  if (verdict === "first") await enrol();
  else if (verdict === "renew") await renew(found);
  else if (verdict === "ok") await raise(found);
  else if (verdict.hold !== "absent") return stop(verdict.hold, witness?.generation ?? 0);
  else if (!joins) return { held: null };
  else if (!(await goesOnElsewhere(found))) return stop("absent", 0);
  return { held: null };
}

async function stop(why: Why, generation: number): Promise<Beaten> {
  await hold(why, generation);
  return { held: why };
}

/** Whoever lets it go believes this database, as it is: so does this machine, then. */
function remember({ uuid, generation, beat, heldWhy }: Found): Beaten {
  if (uuid) writeWitness(uuid, { generation, beat });
  return { held: heldWhy };
}

async function find(): Promise<Found> {
  const [row] = await sql<Found>`
    select uuid, generation, beat::float8 as beat, timeline, current_timeline() as "currentTimeline", held_why as "heldWhy",
      (extract(epoch from clock_timestamp() - beat_at) / 60)::float8 as silence,
      exists (
        select 1 from campaigns where status = 'sending' or status = 'scheduled' and scheduled_for <= clock_timestamp()
      ) or exists (select 1 from deliveries where status = 'queued' and campaign_id is null) as due
    from installation`;
  if (!row) throw new Error("the installation has no row");
  return row;
}

/** Written outside before it is written inside: a colleague that sees the one finds the other. */
async function enrol(): Promise<void> {
  const uuid = randomUUID();
  const generation = nextGeneration(0);
  writeWitness(uuid, { generation, beat: 0 });
  const mine = await transaction(async (client) => {
    const [row] = await sqlOn(client)`
      update installation set uuid = ${uuid}::uuid, timeline = current_timeline()
      where uuid is null and held_at is null returning id`;
    if (row) await setGeneration(client, generation);
    return row !== undefined;
  });
  if (!mine) removeWitness(uuid);
}

async function renew(found: Found): Promise<void> {
  await transaction((client) => setGeneration(client, nextGeneration(found.generation)));
  log.info({ minutes: Math.round(found.silence ?? 0) }, "a new generation after a silence");
  await raise(await find());
}

async function raise({ uuid, generation }: Found): Promise<void> {
  const [row] = await sql<{ beat: number }>`
    update installation set beat = beat + 1, beat_at = clock_timestamp(), timeline = current_timeline()
    where uuid = ${uuid}::uuid and generation = ${generation} and held_at is null returning beat::float8 as beat`;
  if (!row || !uuid) return;
  latest = {
    generation,
    beat: generation === latest.generation ? Math.max(latest.beat, row.beat) : row.beat,
  };
  writeWitness(uuid, latest);
}

async function goesOnElsewhere(found: Found): Promise<boolean> {
  const deadline = performance.now() + JOIN_WITHIN;
  while (performance.now() < deadline) {
    await sleep(LOOK_EVERY);
    const now = await find();
    if (now.uuid !== found.uuid || now.heldWhy) return true;
    if (now.beat <= found.beat || !now.uuid) continue;
    writeWitness(now.uuid, { generation: now.generation, beat: now.beat });
    return true;
  }
  return false;
}
