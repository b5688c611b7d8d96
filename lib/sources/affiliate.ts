/** The organisations that staged rows name: found by SIRET, then by folded name, else created; then each contact's place in them. */
import type pg from "pg";
import type { Origin } from "#lib/sources/apply";

const live = "s.problem is null and not s.same and not s.archived and s.organisation_name is not null";

/** One line per organisation of the file: a SIRET names one establishment; without it, a name does. */
const named = `
  create temp table staged_organisations on commit drop as
  select distinct on (key) key, siret, name, fold(name) as folded, null::int as id, false as created
  from (select n, organisation_siret as siret, organisation_name as name,
               coalesce(organisation_siret, 'name:' || fold(organisation_name)) as key from staged s where ${live}) o
  order by key, n`;

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
    where id is null and ${condition} returning id, name, siret
  )
  insert into organisations (id, name, siret, siren)
  select id, name, siret, left(siret, 9) from numbered order by id`;

const byName = `
  update staged_organisations t set id = (
    select min(o.id) from organisations o where o.sort_name = t.folded and o.archived_at is null)
  where t.id is null and t.siret is null`;

const attach = `
  update staged s set organisation_id = t.id from staged_organisations t
  where ${live} and t.key = coalesce(s.organisation_siret, 'name:' || fold(s.organisation_name))`;

const affiliate = `
  with placed as (
    insert into affiliations (contact_id, organisation_id, role, job_title)
    select s.contact_id, s.organisation_id, s.role, s.job_title from staged s where ${live} order by s.n
    on conflict (contact_id, organisation_id, role) do update set job_title = excluded.job_title
      where excluded.job_title <> '' and excluded.job_title <> affiliations.job_title
    returning contact_id, organisation_id, role, xmax = 0 as added
  ), told as (
    insert into activities (kind, contact_id, organisation_id, user_id, data)
    select 'affiliation.added', contact_id, organisation_id, $2, jsonb_build_object('role', role, 'runId', $1::int) from placed where added
  )
  update staged s set changes = s.changes || '{organisation}' from placed p where p.contact_id = s.contact_id and not s.created and ${live}`;

const tell = `
  insert into activities (kind, organisation_id, user_id, data)
  select 'organisation.created', id, $3, jsonb_build_object('sourceId', $1::int, 'runId', $2::int) from staged_organisations where created`;

export async function applyAffiliations(
  client: pg.PoolClient,
  { sourceId, runId, userId }: Origin,
): Promise<void> {
  await client.query(named);
  await client.query("analyze staged_organisations");
  await client.query(bySiret);
  await client.query(byNameLearning);
  await client.query(createWith("siret is not null"));
  await client.query(byName);
  await client.query(createWith("siret is null"));
  await client.query(tell, [sourceId, runId, userId]);
  await client.query(attach);
  await client.query(affiliate, [runId, userId]);
}
