/**
 * The worker's task: sets that are being undone, slice after slice. A slice is one transaction that writes people, says
 * what became of each change and moves the set's position: killed anywhere, the next worker goes on exactly after.
 */
import type pg from "pg";
import { sqlOn, transaction } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { activitiesFrom } from "#lib/people/activities/mutations";
import { giveAddressesBack } from "#lib/people/change-sets/addresses";
import { restoreFields } from "#lib/people/change-sets/fields";
import { type Slices, slices } from "#lib/people/change-sets/slices";

type Set = { id: number; undo_user_id: number | null; position: number; size: number };

/**
 * Undoes what waits; returns how many slices it did.
 * @unaudited Whoever asked for it was audited then; the timeline says what became of each person.
 */
export async function undoChangeSets(limits = slices): Promise<number> {
  for (let done = 0; ; done++) if (!(await transaction((client) => undoSlice(client, limits)))) return done;
}

async function undoSlice(client: pg.PoolClient, limits: Slices): Promise<boolean> {
  const [set] = await sqlOn(client)<Set>`
    select id, undo_user_id, position, created + updated as size from change_sets
    where status = 'undoing' order by id limit 1 for update skip locked`;
  if (!set) return false;
  const take = set.size <= limits.atOnce ? limits.atOnce : limits.slice;
  // Waiting for a colleague's hour-long transaction would make all others wait for us.
  await client.query("set local lock_timeout = '3s'");
  const { taken, last } = await turn(client, set, take);
  await giveAddressesBack(client);
  await restoreFields(client, set);
  await undoCreations(client, set);
  await settle(client, set, last, taken < take);
  log.info({ changeSetId: set.id, changes: taken }, "change-set undone in part");
  return true;
}

/**
 * The slice as `turning`: people locked in id order, how they are `here`, what they go back to (`target`), and the fields
 * that are not as the set left them, which stay (`kept`).
 */
async function turn(client: pg.PoolClient, { id, position }: Set, take: number) {
  await sqlOn(client)`
    select from contacts where id in (select contact_id from (
      select contact_id from changes where set_id = ${id} and id > ${position} order by id limit ${take}) c) order by id for update`;
  await client.query(
    `create temp table turning on commit drop as
     select c.id as change_id, c.contact_id, c.before is null as creation, s.state as here, k.kept, c.before - k.kept as target
     from (select * from changes where set_id = $1 and id > $2 order by id limit $3) c
     join contact_states s on s.contact_id = c.contact_id
     cross join lateral (select array(select f.key from jsonb_each(c.after) f where s.state -> f.key is distinct from f.value) as kept offset 0) k`,
    [id, position, take],
  );
  await client.query("create index on turning (contact_id)");
  await client.query("analyze turning");
  const [count] = await sqlOn(client)<{ taken: number; last: number }>`
    select count(*)::int as taken, coalesce(max(change_id), ${position}) as last from turning`;
  return count ?? { taken: 0, last: position };
}

/** Nobody was there: whom nobody touched since goes, whom we wrote to is put away, whom staff took up stays. */
async function undoCreations(client: pg.PoolClient, set: Set) {
  await sqlOn(client)`
    create temp table leaving on commit drop as
    select t.change_id, t.contact_id, case
      when c.updated_at > c.created_at or c.notes <> '' or c.archived_at is not null
        or exists (select from activities a where a.contact_id = c.id and a.user_id is not null and a.at > c.created_at)
        or exists (select from subscriptions n where n.contact_id = c.id and n.unsubscribed_at is not null)
        or exists (select from changes o where o.contact_id = c.id and o.set_id > ${set.id}) then 'stale'
      when exists (select from deliveries d where d.contact_id = c.id) or exists (select from received_mails m where m.contact_id = c.id)
        then 'put_away'
      else 'removed' end as fate
    from turning t join contacts c on c.id = t.contact_id where t.creation`;
  await sqlOn(client)`
    update contacts c set archived_at = now(), updated_at = now() from leaving l where l.contact_id = c.id and l.fate = 'put_away'`;
  await client.query(
    activitiesFrom(`select 'contact.archived', contact_id, null, $1::int, jsonb_build_object('changeSetId', $2::int)
      from leaving where fate = 'put_away'`),
    [set.undo_user_id, set.id],
  );
  // Their subscriptions never were; history is written once but for what says so.
  await client.query("set local src.forgetting = 'on'");
  await client.query(
    "delete from subscription_events e using leaving l where l.contact_id = e.contact_id and l.fate = 'removed'",
  );
  await client.query("set local src.forgetting = 'off'");
}

async function settle(client: pg.PoolClient, set: Set, last: number, over: boolean) {
  await client.query(`
    update changes c set kept = t.kept, outcome = case when l.fate is not null then nullif(l.fate, 'removed')
      when t.target <> '{}' then 'restored' else 'stale' end
    from turning t left join leaving l on l.change_id = t.change_id where c.id = t.change_id`);
  await sqlOn(client)`
    update change_sets s set position = ${last}, status = case when ${over} then 'undone' else status end,
      undone_at = case when ${over} then now() end,
      restored = s.restored + n.restored, removed = s.removed + n.removed, put_away = s.put_away + n.put_away, stale = s.stale + n.stale
    from (select count(*) filter (where not t.creation and t.target <> '{}')::int as restored,
            count(*) filter (where l.fate = 'removed')::int as removed, count(*) filter (where l.fate = 'put_away')::int as put_away,
            count(*) filter (where l.fate = 'stale' or t.kept <> '{}')::int as stale
          from turning t left join leaving l on l.change_id = t.change_id) n
    where s.id = ${set.id}`;
  await client.query(
    "delete from contacts c using leaving l where l.contact_id = c.id and l.fate = 'removed'",
  );
}
