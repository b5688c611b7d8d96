/** What somebody decides of a proposal, and what of it therefore happens. */
import type pg from "pg";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

export const sorts = ["question", "created", "updated", "archived"] as const;
export type Sort = (typeof sorts)[number];

/** Of one person, of a field, of a sort, or of all when nothing is said. */
export type Decision = { sort?: Sort; field?: string; changeId?: number; accepted: boolean };

/**
 * Notes a decision; what was decided before of the same, or of a part of it, gives way.
 * @unaudited The decision is its own entry: who, when, of what; that it is carried out is audited by whoever proposed.
 */
export const decide = (
  setId: number,
  { sort, field, changeId, accepted }: Decision,
  by: number,
): Promise<Result<unknown, "notWaiting">> =>
  transaction(async (client) => {
    const waits = await sqlOn(client)`
      select from change_sets where id = ${setId} and status = 'waiting' for share`;
    if (waits.length === 0) return refused("notWaiting");
    const [what, which, whom] = [sort ?? null, field ?? null, changeId ?? null];
    await sqlOn(client)`
      delete from change_decisions d where d.set_id = ${setId}
        and (${whom}::int is null or d.change_id = ${whom})
        and (${which}::text is null or d.field = ${which})
        and (${what}::text is null or d.sort = ${what} or exists (select from changes c where c.id = d.change_id and c.sort = ${what}))`;
    await sqlOn(client)`
      insert into change_decisions (set_id, sort, field, change_id, accepted, user_id)
      select ${setId}, ${what}, ${which}, ${whom}, ${accepted}, ${by}
      where ${whom}::int is null or exists (select from changes where id = ${whom} and set_id = ${setId})`;
    return ok;
  });

/** A new person is taken or left whole. */
const whole = "person";

/** What counts of `c`'s field `f.key`: the most precise decision; else what goes without saying, and no answer to a question. */
const verdict = `
  coalesce((select d.accepted from change_decisions d
    where d.set_id = c.set_id and (d.change_id is null or d.change_id = c.id) and (d.field is null or d.field = f.key)
      and (d.sort is null or d.sort = c.sort)
    order by d.change_id is not null desc, d.field is not null desc, d.sort is not null desc limit 1),
    case when c.sort in ('created', 'updated') then true end)`;

const fields = `
  cross join lateral (select '${whole}' as key where c.sort = 'created'
    union all select k from jsonb_object_keys(c.after) k where c.sort <> 'created') f`;

/** How a page of changes stands: by change, the fields accepted and those refused; the others wait for an answer. */
export const standing = (ids: string) => `
  select c.id, array_agg(f.key) filter (where v.accepted) as accepted, array_agg(f.key) filter (where not v.accepted) as refused
  from changes c ${fields} cross join lateral (select ${verdict} as accepted) v where c.id = any (${ids}) group by c.id`;

/** How many people would be written, and how many questions wait for an answer. */
export async function countDecided(
  setId: number,
): Promise<{ accepted: number; refused: number; open: number }> {
  const { rows } = await transaction((client) =>
    client.query<{ accepted: number; refused: number; open: number }>(
      `select count(*) filter (where accepted)::int as accepted, count(*) filter (where not accepted and refused)::int as refused,
         count(*) filter (where not accepted and not refused)::int as open
       from (select coalesce(bool_or(v.accepted), false) as accepted, coalesce(bool_or(not v.accepted), false) as refused
         from changes c ${fields} cross join lateral (select ${verdict} as accepted) v where c.set_id = $1 group by c.id) n`,
      [setId],
    ),
  );
  return rows[0] ?? { accepted: 0, refused: 0, open: 0 };
}

/**
 * Locks a set that waits and lays out, as `weighed`, what was decided of each person's field: accepted, refused, open (no
 * answer), or stale, because somebody changed it since it was proposed. Of a set that is being carried out in slices, what
 * is not settled yet. False when it waits no more. `kept`: the table outlives the transaction.
 */
export async function weigh(client: pg.PoolClient, setId: number, kept = false): Promise<boolean> {
  const waits = await sqlOn(client)`
    select from change_sets where id = ${setId} and status in ('waiting', 'applying') for update`;
  await client.query(
    `create temp table weighed ${kept ? "" : "on commit drop"} as
     select c.id as change_id, c.key, c.contact_id, c.sort, f.key as field,
       case when v.accepted is null then 'open' when not v.accepted then 'refused'
         when c.sort <> 'created' and s.state -> f.key is distinct from c.before -> f.key then 'stale' else 'accepted' end as verdict
     from changes c left join contact_states s on s.contact_id = c.contact_id ${fields}
     cross join lateral (select ${verdict} as accepted) v where c.set_id = $1 and c.outcome is null`,
    [setId],
  );
  await client.query("create index on weighed (key)");
  await client.query("analyze weighed");
  return waits.length === 1;
}

/** `weighed` of a slice's people alone, out of `whole`, judged again: `keys` is a query of ours. */
export async function weighAgain(client: pg.PoolClient, whole: string, keys: string): Promise<void> {
  await client.query(
    `create temp table weighed on commit drop as
     select w.change_id, w.key, w.contact_id, w.sort, w.field,
       case when w.verdict = 'accepted' and w.sort <> 'created' and s.state -> w.field is distinct from c.before -> w.field
         then 'stale' else w.verdict end as verdict
     from ${whole} w join changes c on c.id = w.change_id left join contact_states s on s.contact_id = w.contact_id
     where w.key in (${keys})`,
  );
}

/**
 * In the transaction that carried it out: says what became of each change in `weighed`.
 * @unaudited The proposer audits the act.
 */
export const settleChanges = (client: pg.PoolClient) =>
  client.query(`
    update changes c set outcome = w.outcome, kept = w.kept
    from (select change_id, coalesce(array_agg(field) filter (where verdict = 'stale'), '{}') as kept,
        case when bool_or(verdict = 'accepted') then 'applied' when bool_or(verdict = 'stale') then 'stale'
          when bool_or(verdict = 'refused') then 'refused' else 'left' end as outcome
      from weighed group by change_id) w
    where w.change_id = c.id and c.outcome is null`);

/**
 * The decision is carried out, all of it.
 * @unaudited The proposer audits the act.
 */
export const closeDecision = (client: Runner, setId: number) => sqlOn(client)`
  update change_sets s set status = 'decided',
    stale = (select count(*)::int from changes where set_id = s.id and (outcome = 'stale' or kept <> '{}'))
  where id = ${setId}`;

/**
 * From now on it is carried out in slices: nobody decides of it any more.
 * @unaudited The proposer audits the act.
 */
export const beginDecision = (client: Runner, setId: number) => sqlOn(client)`
  update change_sets set status = 'applying' where id = ${setId} and status = 'waiting'`;

/**
 * What was carried out of it was taken back: it waits again, with its decisions.
 * @unaudited Whoever stopped the act is audited by its own noun.
 */
export async function reopenDecision(client: Runner, setId: number): Promise<void> {
  await sqlOn(
    client,
  )`update changes set outcome = null, kept = '{}' where set_id = ${setId} and outcome is not null`;
  await sqlOn(
    client,
  )`update change_sets set status = 'waiting', stale = 0 where id = ${setId} and status = 'applying'`;
}
