/** When a run does not write by itself: what it would do is unusual enough for somebody to look first. */
import type pg from "pg";
import type { Report } from "#lib/sites/sources/import";

/** As a source sets them: percentages, and people created. */
export type Guards = {
  applies: string;
  holdUpdated: number;
  holdEmptied: number;
  holdRejected: number;
  holdFewer: number;
  holdCreated: number;
};

export const guards = ["ask", "replay", "fewer", "created", "updated", "emptied", "rejected"] as const;
export type Held = { guard: (typeof guards)[number]; count: number; limit: number };

/** `known` people before the run; `emptied` by the field that loses most; `before`: rows of the last good run, null for none. */
export type Facts = {
  known: number;
  read: number;
  before: number | null;
  created: number;
  updated: number;
  emptied: number;
  rejected: number;
};

/** Below so many people nothing is « en masse », whatever share of a small source they are. */
const few = 20;

const share = (percent: number, of: number) => Math.floor((of * percent) / 100);

/** Each guard that the run trips, with how many and how many are allowed; none when it may write by itself. Pure. */
export function heldFor(origin: string, facts: Facts, set: Guards): Held[] {
  const { known, read, before, created, updated, emptied, rejected } = facts;
  const least =
    before === null ? 0 : Math.min(before - share(set.holdFewer, before), before <= few ? 1 : before - few);
  const tripped: [Held["guard"], boolean, number, number][] = [
    ["ask", set.applies === "ask", created + updated, 0],
    ["replay", origin === "replay", created + updated, 0],
    // A file sent by hand may be a part; a site gives all it has.
    ["fewer", origin === "pull" && before !== null && read < least, read, before ?? 0],
    [
      "created",
      created > Math.max(set.holdCreated, share(10, known)),
      created,
      Math.max(set.holdCreated, share(10, known)),
    ],
    [
      "updated",
      updated > few && updated > share(set.holdUpdated, known),
      updated,
      share(set.holdUpdated, known),
    ],
    [
      "emptied",
      emptied > few && emptied > share(set.holdEmptied, known),
      emptied,
      share(set.holdEmptied, known),
    ],
    [
      "rejected",
      rejected > few && rejected > share(set.holdRejected, read),
      rejected,
      share(set.holdRejected, read),
    ],
  ];
  return tripped.filter(([, trips]) => trips).map(([guard, , count, limit]) => ({ guard, count, limit }));
}

const known = `
  select (select count(*)::int from external_identities where source_id = $1) as known,
    (select rows_read from sync_runs where source_id = $1 and status = 'succeeded' and origin in ('pull', 'decision')
     order by id desc limit 1) as before,
    coalesce((select max(n)::int from (
      select count(*) as n from changes c, jsonb_each(c.before) f
      where c.set_id = $2 and f.value not in ('""', 'null', '[]') and coalesce(c.after -> f.key, 'null') in ('""', 'null', '[]')
      group by f.key) e), 0) as emptied`;

/** What the guards look at, in the transaction that wrote and was observed as `set`. */
export async function factsOf(
  client: pg.PoolClient,
  sourceId: number,
  set: number | null,
  report: Report,
): Promise<Facts> {
  const { rows } = await client.query<{ known: number; before: number | null; emptied: number }>(known, [
    sourceId,
    set,
  ]);
  const found = rows[0] ?? { known: 0, before: null, emptied: 0 };
  const { rowsRead: read, created, updated, rejected } = report;
  return { ...found, known: found.known - created, read, created, updated, rejected };
}

/** Of a run before anything is written: whom it may change at most, whom it makes, whom it may empty a field of, rows refused. */
export type Most = { known: number; created: number; emptied: number; rejected: number };

/** Whether a guard could be tripped, if all that may change does. */
export async function mayHold(
  client: pg.PoolClient,
  run: { sourceId: number; origin: string; guards: Guards },
  report: Report,
  { known, created, emptied, rejected }: Most,
): Promise<boolean> {
  const facts = await factsOf(client, run.sourceId, null, { ...report, created: 0 });
  const most = { ...facts, created, updated: known, emptied, rejected: facts.rejected + rejected };
  return heldFor(run.origin, most, run.guards).length > 0;
}
