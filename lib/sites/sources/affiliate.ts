/** The organisations that staged rows name: found by SIRET, then by folded name, else created; then each contact's place in them. */

import type pg from "pg";
import { activitiesFrom } from "#lib/people/activities/mutations";
import type { Origin } from "#lib/sites/sources/apply";
import { may, live as written } from "#lib/sites/sources/recall";

/** A row whose organisation is news: the site names another one, or another place in it. */
const live = `${written} and s.employer`;

/** Each row's organisation by its key, folded once: a SIRET names one establishment; without it, a name does. */
const places = `
  create temp table staged_places on commit drop as
  select s.n, s.organisation_siret as siret, s.organisation_name as name,
    coalesce(s.organisation_siret, 'name:' || fold(s.organisation_name)) as key
  from staged s where ${live}`;

/** One line per organisation of the file. */
const named = `
  create temp table staged_organisations on commit drop as
  select distinct on (key) key, siret, name, fold(name) as folded, null::int as id, false as created, false as several
  from staged_places order by key, n`;

const bySiret = `
  update staged_organisations t set id = o.id from organisations o where o.siret = t.siret`;

/** An organisation known by its name alone learns its SIRET; two establishments of the file do not share it. */
const byNameLearning = `
  with found as (
    select distinct on (o.id) t.key, o.id from staged_organisations t
    join organisations o on o.sort_name = t.folded and o.siret is null and o.archived_at is null
      and (o.siren is null or o.siren = left(t.siret, 9))
    where t.id is null and t.siret is not null order by o.id, t.key
  ), one as (select key, min(id) as id from found group by key),
  learnt as (
    update organisations o set siret = t.siret, siren = left(t.siret, 9), updated_at = now()
    from one join staged_organisations t on t.key = one.key where o.id = one.id returning o.id, t.key
  )
  update staged_organisations t set id = learnt.id from learnt where learnt.key = t.key`;

const createWith = (condition: string) => `
  with numbered as (
    update staged_organisations set id = nextval(pg_get_serial_sequence('organisations', 'id')), created = true
    where id is null and not several and ${condition} returning id, name, siret
  )
  insert into organisations (id, name, siret, siren)
  select id, name, siret, left(siret, 9) from numbered order by id`;

/** A name that is one organisation is that one; a name that is two is nobody's, and a new one is made of a name unknown. */
const byName = `
  update staged_organisations t set id = o.id, several = o.n > 1
  from (select o.sort_name, count(*) as n, case when count(*) = 1 then min(o.id) end as id
        from organisations o join staged_organisations t on t.folded = o.sort_name and t.id is null and t.siret is null
        where o.archived_at is null group by o.sort_name) o
  where t.folded = o.sort_name and t.id is null and t.siret is null`;

const attach = `
  update staged s set organisation_id = t.id from staged_places p join staged_organisations t on t.key = p.key
  where p.n = s.n and t.id is not null`;

/** Of several of one name: the one where the person is already, else the only one in the person's town; else none, and noted. */
const tellApart = `
  with choices as (
    select s.n, o.id, exists (select from affiliations f where f.contact_id = s.contact_id and f.organisation_id = o.id
        and f.ended_at is null) as there,
      o.city <> '' and fold_city(o.city) = fold_city(nullif(s.city, '')) as near
    from staged_places p join staged_organisations t on t.several and t.key = p.key join staged s on s.n = p.n
    join organisations o on o.sort_name = t.folded and o.archived_at is null
  ), chosen as (
    select n, case when count(*) filter (where there) = 1 then min(id) filter (where there)
                   when count(*) filter (where near) = 1 then min(id) filter (where near) end as id
    from choices group by n
  )
  update staged s set organisation_id = c.id, ambiguous = c.id is null from chosen c where c.n = s.n`;

/** The present place is the one last said: one that is said anew, or again, begins now. */
const place = `
  with placed as (
    insert into affiliations as f (contact_id, organisation_id, role, job_title)
    select s.contact_id, s.organisation_id, s.role, s.job_title from staged s
    where ${live} and s.organisation_id is not null order by s.n
    on conflict (contact_id, organisation_id, role) do update set
      job_title = coalesce(nullif(excluded.job_title, ''), f.job_title),
      started_at = case when f.ended_at is null and exists (select from recalled r join staged s on s.n = r.n
          where s.contact_id = f.contact_id and r.organisation_id = f.organisation_id and r.role = f.role)
        then f.started_at else now() end,
      ended_at = null
    returning contact_id, organisation_id, role, xmax = 0 or started_at = now() as begun
  )
  ${activitiesFrom("select 'affiliation.added', contact_id, organisation_id, $2::int, jsonb_build_object('role', role, 'runId', $1::int) from placed where begun")}`;

/** What the source no longer says is past, unless another source says it still. */
const end = `
  with over as (
    update affiliations f set ended_at = now()
    from recalled r join staged s on s.n = r.n
    where ${written} and (s.employer or (s.organisation_name is null and ${may("places")}))
      and f.contact_id = s.contact_id and f.organisation_id = r.organisation_id and f.role = r.role and f.ended_at is null
      and (s.organisation_id, case when s.organisation_id is not null then s.role end) is distinct from (r.organisation_id, r.role)
      and not exists (select from external_identities e join remembered_rows o on o.identity_id = e.id
        where e.contact_id = s.contact_id and e.id <> s.identity_id and o.organisation_id = f.organisation_id and o.role = f.role)
    returning f.contact_id, f.organisation_id, f.role
  )
  ${activitiesFrom("select 'affiliation.ended', contact_id, organisation_id, $2::int, jsonb_build_object('role', role, 'runId', $1::int) from over")}`;

const note = `
  update staged s set changes = s.changes || '{organisation}',
    history = s.history || jsonb_build_object('organisation', jsonb_build_array(
      coalesce(concat_ws(', ', r.organisation_name, r.job_title), ''),
      concat_ws(', ', s.organisation_name, nullif(s.job_title, ''))))
  from recalled r where r.n = s.n and ${written} and not s.ambiguous
    and (s.employer or (s.organisation_name is null and r.organisation_id is not null and ${may("places")}))`;

const recordInTimeline = activitiesFrom(`
  select 'organisation.created', null, id, $3::int, jsonb_build_object('sourceId', $1::int, 'runId', $2::int)
  from staged_organisations where created`);

export async function applyAffiliations(
  client: pg.PoolClient,
  { sourceId, runId, userId }: Origin,
): Promise<void> {
  await client.query(places);
  await client.query("analyze staged_places");
  await client.query(named);
  await client.query("analyze staged_organisations");
  await client.query(bySiret);
  await client.query(byNameLearning);
  await client.query(createWith("siret is not null"));
  await client.query(byName);
  await client.query(createWith("siret is null"));
  await client.query(recordInTimeline, [sourceId, runId, userId]);
  await client.query(attach);
  await client.query(tellApart);
  await client.query(end, [runId, userId]);
  await client.query(place, [runId, userId]);
  await client.query(note);
}
