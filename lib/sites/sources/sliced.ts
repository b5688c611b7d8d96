/**
 * A run too large for one transaction, written in slices. Each commits its people, what is remembered of them and the
 * set's counts together: whoever is killed leaves whole slices, and the next worker finds the rest by looking anew.
 */
import { setTimeout as wait } from "node:timers/promises";
import type pg from "pg";
import { sqlOn } from "#lib/machine/db";
import { beginDecision } from "#lib/people/change-sets/decide";
import { advance, closeSet, openSet, type Slices } from "#lib/people/change-sets/slices";
import { conclude, count, write } from "#lib/sites/sources/apply";
import { layAgain } from "#lib/sites/sources/decided";
import type { Most } from "#lib/sites/sources/guards";
import { putAway } from "#lib/sites/sources/identify";
import { completeReport, type FileOrigin, isRaced, type Report } from "#lib/sites/sources/import";
import { live } from "#lib/sites/sources/recall";
import { type Run, RunLost } from "#lib/sites/sources/receive";
import { succeed } from "#lib/sites/sources/settle";
import { forgetBefore, keepBefore, noteFresh } from "#lib/sites/sources/turn-back";

/** `client` is the run's own connection: what it staged outlives each commit, and ends with it. */
export type Work = {
  client: pg.PoolClient;
  run: Run;
  origin: FileOrigin;
  report: Report;
  stop: AbortSignal;
  slices: Slices;
};

/** SQL of ours: which rows of the file (`s`), and which of those whom it no longer gives (`a`). */
type Part = { rows: string; absent: string };

/** Somebody was taken, removed or merged between our look and our write: all is to be looked at again. */
export class LookAgain extends Error {}

const tables = [
  ["staged", "whole"],
  ["staged_addresses", "whole_addresses"],
  ["handed", "whole_handed"],
  ["absent", "whole_absent"],
  ["weighed", "whole_weighed"],
] as const;

/** Those whom a run would write, known and new, and the rows that only the database could refuse; see `Most`. */
export async function sizeOf(client: pg.PoolClient): Promise<Most> {
  const partial = "(s.street <> '' or s.city <> '') and (s.street = '' or s.postcode = '' or s.city = '')";
  const { rows } = await client.query<Most>(`
    select (count(*) filter (where ${live} and contact_id is not null))::int + (select count(*)::int from absent where wanted) as known,
      (count(*) filter (where ${live} and contact_id is null))::int as created,
      (count(*) filter (where problem is not null))::int as rejected,
      (count(*) filter (where ${live} and contact_id is not null
        and (clears <> '{}' or (${partial}) or n in (select holder from handed))))::int as emptied from staged s`);
  return rows[0] ?? { known: 0, created: 0, rejected: 0, emptied: 0 };
}

/** Writes what `readIn` found, whose transaction is still open, and ends the run. Throws LookAgain. */
export async function writeInSlices(work: Work, size: number): Promise<void> {
  const parts = await setAside(work, size);
  for (const part of parts) await persist(work, () => writePart(work, part));
  await persist(work, () => end(work));
}

/** The whole file aside, in parts; the run says that it is under way. */
async function setAside({ client, run, origin, slices }: Work, size: number): Promise<Part[]> {
  for (const [table, whole] of tables)
    if (table !== "weighed" || origin.decides) await client.query(`alter table ${table} rename to ${whole}`);
  const parts = await cut(client, slices.slice);
  if (origin.decides) await beginDecision(client, origin.decides);
  if (run.setId === null) {
    run.setId = await openSet(client, "sync", run.userId, size);
    await sqlOn(
      client,
    )`update sync_runs set change_set_id = ${run.setId} where id = ${run.id} and attempts = ${run.attempts}`;
  }
  await client.query("commit");
  return parts;
}

const between = (column: string, { after, upTo }: { after: number; upTo: number }) =>
  `${column} > ${after} and ${column} <= ${upTo}`;
const nobody = "false";

/** Who hands an address on and who gets it are one part; then the file in its order; then those whom it no longer gives. */
async function cut(client: pg.PoolClient, slice: number): Promise<Part[]> {
  const ranges = async (number: string, from: string) => {
    const { rows } = await client.query<{ after: number; upTo: number }>(`
      select coalesce(lag(upto) over (order by upto), 0) as after, upto as "upTo" from (
        select max(number) as upto from (select ${number} as number, (row_number() over (order by ${number}) - 1) / ${slice} as part from ${from}) p
        group by part) r order by upto`);
    return rows;
  };
  const exchange = "s.n in (select n from whole_handed union select holder from whole_handed)";
  return [
    { rows: exchange, absent: nobody },
    ...(await ranges("s.n", `whole s where ${live} and not ${exchange}`)).map((range) => ({
      rows: `${between("s.n", range)} and not ${exchange}`,
      absent: nobody,
    })),
    ...(await ranges("a.contact_id", "whole_absent a where a.wanted")).map((range) => ({
      rows: nobody,
      absent: between("a.contact_id", range),
    })),
  ];
}

/** One transaction; who holds somebody for long has us wait outside of it, so that nobody waits for us meanwhile. */
async function persist({ client, stop }: Work, act: () => Promise<void>) {
  for (;;) {
    stop.throwIfAborted();
    await client.query("begin");
    await client.query("set local lock_timeout = '1s'");
    try {
      await act();
      await client.query("commit");
      return;
    } catch (error) {
      await client.query("rollback");
      const { code } = error as { code?: string };
      if (code !== "55P03" && code !== "40P01") throw isRaced(error) ? new LookAgain() : error;
      await wait(500);
    }
  }
}

async function writePart({ client, run, origin }: Work, part: Part) {
  const people = await takeOut(client, part);
  if (people === 0) return;
  await layAgain(client, origin);
  await keepBefore(client, run.id);
  await write(client, origin, run.setId);
  await noteFresh(client, run);
  const { created, updated } = await count(client);
  const mine = await sqlOn(client)`
    update sync_runs set created = created + ${created}, updated = updated + ${updated}
    where id = ${run.id} and status = 'running' and attempts = ${run.attempts} returning id`;
  if (mine.length === 0) throw new RunLost();
  await advance(client, run.setId ?? 0, people);
  await client.query(`
    update whole w set questions = s.questions, ambiguous = s.ambiguous, archived = s.archived
    from staged s where s.n = w.n and (s.questions <> '{}' or s.ambiguous or s.archived)`);
}

/** A part as `staged` and its like, of people who are locked in id order; how many. */
async function takeOut(client: pg.PoolClient, { rows, absent }: Part): Promise<number> {
  const drop = "on commit drop";
  const { rowCount } = await client.query(
    `create temp table staged ${drop} as select s.* from whole s where ${live} and ${rows} order by s.n`,
  );
  await client.query("create unique index on staged (n)");
  await client.query("create index on staged (contact_id)");
  await client.query(
    `create temp table staged_addresses ${drop} as select a.* from whole_addresses a join staged s on s.n = a.n`,
  );
  await client.query("create index on staged_addresses (n)");
  await client.query(
    `create temp table handed ${drop} as select h.* from whole_handed h join staged s on s.n = h.n`,
  );
  await client.query("create index on handed (n)");
  const missing = await client.query(
    `create temp table absent ${drop} as select a.* from whole_absent a where a.wanted and ${absent}`,
  );
  for (const table of ["staged", "staged_addresses", "handed", "absent"])
    await client.query(`analyze ${table}`);
  const known =
    "select contact_id from staged where contact_id is not null union all select contact_id from absent";
  // Their keys stay as they are: a note, a task or a letter about them waits for nobody.
  const locked = await client.query(
    `select from contacts where id in (${known}) order by id for no key update`,
  );
  const { rows: counted } = await client.query<{ n: number }>(`select count(*)::int as n from (${known}) k`);
  if (locked.rowCount !== counted[0]?.n) throw new LookAgain();
  await client.query(putAway);
  return (rowCount ?? 0) + (missing.rowCount ?? 0);
}

/** The file as a whole once more, for what is said of all of it. */
async function end({ client, run, origin, report }: Work) {
  for (const [table, whole] of tables)
    if (table !== "weighed" || origin.decides) await client.query(`alter table ${whole} rename to ${table}`);
  await conclude(client, origin);
  const { asked, ambiguous, ...counted } = await count(client);
  const [written] = await sqlOn(client)<{ created: number; updated: number }>`
    select created, updated from sync_runs where id = ${run.id} and status = 'running' and attempts = ${run.attempts} for update`;
  if (!written) throw new RunLost();
  const unchanged = Math.max(0, counted.unchanged - written.created - written.updated);
  await completeReport(client, report, { ...counted, ...written, unchanged }, ambiguous);
  await forgetBefore(client, run.id);
  const set = (await closeSet(client, run.setId ?? 0)) ? run.setId : null;
  await succeed(client, run, report, { set, asked });
}
