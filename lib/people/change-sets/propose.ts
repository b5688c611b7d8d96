/**
 * What somebody is to decide. A writer writes, is observed, and rolls back: what it would have done is kept by another
 * connection, of which the rollback knows nothing.
 */
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { type Runner, sqlOn } from "#lib/machine/db";
import { sumUp } from "#lib/people/change-sets/record";

/** An organisation that the proposal itself makes has no number once it is rolled back: its name is told. */
const readable = (state: string) => `
  case when ${state} ? 'places' then ${state} || jsonb_build_object('places', (
    select coalesce(jsonb_agg(p || jsonb_build_object('name', o.name)), '[]')
    from jsonb_array_elements(${state} -> 'places') p left join organisations o on o.id = (p ->> 'organisation')::int))
  else ${state} end`;

/** Rows of ours to decide beside what was observed: `n, key, contact_id, sort, before, after`. */
export type Asked = { keys: string; questions: string };

/**
 * Gathers, in the writer's transaction, what is proposed: questions, and, when `observed` is a set, all that it holds.
 * `keys` is a query that gives `n, key, contact_id`; the count of what there is to decide.
 */
export async function gather(
  client: pg.PoolClient,
  observed: number | null,
  { keys, questions }: Asked,
): Promise<number> {
  const { rowCount } = await client.query(
    `create temp table proposed on commit drop as
     select q.n, q.key, q.contact_id, q.sort, q.before, q.after, false as opposed from (${questions}) q
     union all
     select k.n, k.key, case when c.before is not null then c.contact_id end, c.sort, c.before,
       case when c.before is null then ${readable("s.state")} else ${readable("c.after")} end,
       exists (select from email_addresses m join suppressions u on u.address_hash = m.address_hash and u.lifted_at is null
         where m.contact_id = c.contact_id)
     from changes c join (${keys}) k on k.contact_id = c.contact_id
     left join contact_states s on c.before is null and s.contact_id = c.contact_id
     where c.set_id = ${Number(observed)}`,
  );
  return rowCount ?? 0;
}

/**
 * Writes down by `to` what `from` gathered, as a set that waits, with what was decided of the same in the sets `superseded`.
 * Its number.
 * @unaudited A proposal acts on nobody; whoever decides is audited.
 */
export async function keepProposal(
  from: pg.PoolClient,
  to: pg.PoolClient,
  superseded: number[],
  by: number | null,
): Promise<number> {
  const [set] = await sqlOn(to)<{ id: number }>`
    insert into change_sets (kind, status, user_id) values ('sync', 'waiting', ${by}) returning id`;
  const id = set?.id ?? 0;
  const columns = "set_id, key, contact_id, sort, opposed, before, after";
  const rows = `select ${id}, key, contact_id, sort, opposed, before, after from proposed order by n, sort`;
  if (from === to) await to.query(`insert into changes (${columns}) ${rows}`);
  else
    await pipeline(
      from.query(copyTo(`copy (${rows}) to stdout`)),
      to.query(copyFrom(`copy changes (${columns}) from stdin`)),
    );
  await sumUp(to, id, { empty: true });
  await carry(to, superseded, id);
  return id;
}

/** What was decided of a person counts as long as the same is proposed of them. */
const carry = (to: pg.PoolClient, old: number[], id: number) => sqlOn(to)`
  insert into change_decisions (set_id, sort, field, change_id, accepted, user_id, at)
  select ${id}, d.sort, d.field, n.id, d.accepted, d.user_id, d.at
  from change_decisions d left join changes o on o.id = d.change_id
  left join changes n on n.set_id = ${id} and n.key = o.key and n.sort = o.sort
    and n.after - '{places,newsletters}'::text[] = o.after - '{places,newsletters}'::text[]
  where d.set_id = any (${old}::int[]) and (d.change_id is null or n.id is not null) order by d.id
  on conflict (set_id, sort, field, change_id) do nothing`;

/**
 * Sets that wait no more, because another says better.
 * @unaudited A proposal acts on nobody.
 */
export const supersedeSets = (client: Runner, sets: number[]) => sqlOn(client)`
  update change_sets set status = 'superseded' where id = any (${sets}::int[]) and status = 'waiting'`;
