/** Fields, places and newsletters as they were before, where nobody changed them since. */
import type pg from "pg";
import { activitiesFrom } from "#lib/people/activities/mutations";

const scalars = {
  kind: `kind::"ContactKind"`,
  firstName: "first_name",
  lastName: "last_name",
  graduationYear: "graduation_year::int",
  phone: "phone",
  street: "street",
  postcode: "postcode",
  city: "city",
  country: "country",
  website: "website",
  locale: "locale",
  archivedAt: "archived_at::timestamptz",
};

const change = `
  update contacts c set updated_at = now(), ${Object.entries(scalars)
    .map(([field, typed]) => {
      const [column, type = "text"] = typed.split("::");
      return `${column} = case when t.target ? '${field}' then (t.target ->> '${field}')::${type} else c.${column} end`;
    })
    .join(", ")}
  from turning t where t.contact_id = c.id and t.target <> '{}'`;

const places = `
  create temp table placed on commit drop as
  select t.contact_id, p.* from turning t, jsonb_to_recordset(t.target -> 'places')
    as p(organisation int, role "AffiliationRole", title text, since timestamptz, until timestamptz)
  where t.target ? 'places'`;

const unplace = `
  delete from affiliations f using turning t where f.contact_id = t.contact_id and t.target ? 'places'
    and not exists (select from placed p where p.contact_id = f.contact_id and p.organisation = f.organisation_id and p.role = f.role)`;

const replace = `
  update affiliations f set job_title = p.title, started_at = p.since, ended_at = p.until
  from placed p where p.contact_id = f.contact_id and p.organisation = f.organisation_id and p.role = f.role`;

/** A subscription that the set began never was; what the person said since is theirs, and is not in `target`. */
const unsubscribe = `
  delete from subscriptions n using turning t where n.contact_id = t.contact_id and t.target ? 'newsletters'
    and not exists (select from jsonb_to_recordset(t.target -> 'newsletters') as w(topic int) where w.topic = n.topic_id)`;

const names = { addresses: "email", places: "organisation" };
const named = Object.entries(names).reduce(
  (text, [key, name]) => `replace(${text}, '${key}', '${name}')`,
  "f.key",
);

/** In the timeline: which fields went back, and the values of those that are one word. */
const recordInTimeline = activitiesFrom(`
  select 'contact.updated', t.contact_id, null, $2::int, jsonb_build_object('changeSetId', $1::int,
    'fields', (select jsonb_agg(${named}) from jsonb_object_keys(t.target) as f(key)),
    'values', coalesce((select jsonb_object_agg(f.key, jsonb_build_array(t.here -> f.key, f.value))
      from jsonb_each(t.target) f where jsonb_typeof(f.value) <> 'array' and jsonb_typeof(t.here -> f.key) <> 'array'), '{}'))
  from turning t where t.target <> '{}' order by t.change_id`);

export async function restoreFields(
  client: pg.PoolClient,
  set: { id: number; undo_user_id: number | null },
): Promise<void> {
  for (const step of [places, unplace, replace, unsubscribe, change]) await client.query(step);
  await client.query(recordInTimeline, [set.id, set.undo_user_id]);
}
