/**
 * A change-set by observation: people as they were, then as they are, in the transaction of whatever changes them. It
 * knows nothing of who writes: what it says was changed is what was.
 */
import type pg from "pg";
import { sqlOn } from "#lib/machine/db";

/** Notes how these people are now; `people` is a query of ours that selects their `contact_id`. */
export async function observe(client: pg.PoolClient, people: string): Promise<void> {
  await client.query(`
    create temp table observed on commit drop as
    select s.contact_id, s.state from (${people}) p join contact_states s on s.contact_id = p.contact_id`);
}

/**
 * Writes down what became of who was observed, and who was `created` since; the set's id, or null when nothing changed.
 * `into`: a set that is written in slices, whose sums are made at its end.
 * @unaudited It is itself the account of an act, which its own noun audits.
 */
export async function recordChanges(
  client: pg.PoolClient,
  kind: "sync",
  by: number | null,
  created: string,
  into: number | null = null,
): Promise<number | null> {
  const id = into ?? (await newSet(client, kind, by));
  // `offset 0` is a fence: without it the planner builds each state anew for each of its keys.
  await client.query(
    `insert into changes (set_id, contact_id, before, after)
     select $1, n.contact_id, d.before, d.after
     from (select o.contact_id, o.state as was, s.state from observed o join contact_states s on s.contact_id = o.contact_id
           where s.state <> o.state offset 0) n
     cross join lateral (select jsonb_object_agg(key, n.was -> key) as before, jsonb_object_agg(key, value) as after
       from jsonb_each(n.state) where value is distinct from n.was -> key) d
     order by n.contact_id`,
    [id],
  );
  await client.query(
    `insert into changes (set_id, contact_id, sort, after) select $1, c.contact_id, 'created', '{}' from (${created}) c order by c.contact_id`,
    [id],
  );
  return into || (await sumUp(client, id)) ? id : null;
}

async function newSet(client: pg.PoolClient, kind: "sync", by: number | null): Promise<number> {
  const [set] = await sqlOn(client)<{
    id: number;
  }>`insert into change_sets (kind, user_id) values (${kind}, ${by}) returning id`;
  return set?.id ?? 0;
}

/**
 * Counted once, where it is written: a page must not count a million rows again. A set of nothing is none (false), unless it may be `empty`.
 * @unaudited Part of the writing of the set.
 */
export async function sumUp(client: pg.PoolClient, id: number, may = { empty: false }): Promise<boolean> {
  const [counted] = await sqlOn(client)<{ all: number }>`
    update change_sets s set created = c.created, updated = c.updated, questions = c.questions, archived = c.archived, fields = c.fields
    from (select count(*) filter (where sort = 'created')::int as created, count(*) filter (where sort = 'updated')::int as updated,
            count(*) filter (where sort = 'question')::int as questions, count(*) filter (where sort = 'archived')::int as archived,
            coalesce((select jsonb_object_agg(f.key, f.n) from (
              select k.key, count(*)::int as n from changes, jsonb_object_keys(after) as k(key)
              where set_id = ${id} and sort in ('updated', 'question') group by k.key) f), '{}') as fields
          from changes where set_id = ${id}) c
    where s.id = ${id} returning s.created + s.updated + s.questions + s.archived as all`;
  if (counted?.all || may.empty) return true;
  await sqlOn(client)`delete from change_sets where id = ${id}`;
  return false;
}
