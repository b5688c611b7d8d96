/** Staged rows become contacts: a fixed number of set-based statements, whatever the size of the file. */

import type pg from "pg";
import { activitiesFrom } from "#lib/people/activities/mutations";
import { observe, recordChanges } from "#lib/people/change-sets/record";
import { applyAffiliations } from "#lib/sites/sources/affiliate";
import type { RowError, RowReason } from "#lib/sites/sources/format";
import { identify } from "#lib/sites/sources/identify";
import { applyAddresses } from "#lib/sites/sources/mailboxes";
import { compareAndChange, live, rememberRows } from "#lib/sites/sources/recall";
import { applySubscriptions } from "#lib/sites/sources/subscribe";

/** Rows of the file by what became of them; `created + updated + unchanged + archived + rejected` are all that were staged. */
export type Applied = {
  created: number;
  updated: number;
  unchanged: number;
  archived: number;
  rejected: number;
};

export type Origin = { sourceId: number; defaultKind: string; runId: number | null; userId: number | null };

const number = `
  update staged s set contact_id = nextval(pg_get_serial_sequence('contacts', 'id')), created = true, employer = s.organisation_name is not null
  where ${live} and s.contact_id is null`;

const create = `
  insert into contacts (id, kind, first_name, last_name, graduation_year, phone, street, postcode, city, country, website, locale)
  select contact_id, coalesce(kind, $1::"ContactKind"), first_name,
         -- Somebody without a name is called by the address.
         case when last_name = '' and first_name = '' then addresses -> 0 ->> 'address' else last_name end, graduation_year, phone, street, postcode, city,
         coalesce(nullif(country, ''), 'FR'), website, coalesce(nullif(locale, ''), 'fr')
  from staged s where created order by n`;

const identities = `
  insert into external_identities (source_id, external_id, contact_id, row_hash)
  select $1, external_id, contact_id, row_hash from staged s where ${live} order by n
  on conflict (source_id, external_id) do update set row_hash = excluded.row_hash, seen_at = now()`;

/** A row seen today needs no writing: a hundred thousand unchanged rows an hour must cost nothing. */
const seen = `
  update external_identities e set seen_at = now() from staged s
  where s.identity_id = e.id and s.same and e.seen_at < now() - interval '20 hours'`;

/** Told before what follows from it, so that the timeline reads in order. */
const tellCreated = activitiesFrom(`
  select 'contact.imported', contact_id, null::int, $3::int, jsonb_build_object('sourceId', $1::int, 'runId', $2::int)
  from staged s where created order by n`);

const tellChanged = activitiesFrom(`
  select 'contact.updated', contact_id, null::int, $3::int,
    jsonb_build_object('sourceId', $1::int, 'runId', $2::int, 'fields', changes, 'values', history)
  from staged s where ${live} and not created and changes <> '{}' order by n`);

const tally = `
  select count(*) filter (where created)::int as created,
         count(*) filter (where ${live} and not created and changes <> '{}')::int as updated,
         count(*) filter (where s.problem is null and not s.archived and (s.same or (not created and changes = '{}')))::int as unchanged,
         count(*) filter (where s.problem is null and archived)::int as archived,
         count(*) filter (where problem is not null)::int as rejected,
         count(*) filter (where ${live} and ambiguous)::int as ambiguous
  from staged s`;

/** Applies what `stage` staged, on the same connection and transaction. `ambiguous` rows went in without their organisation. */
export async function apply(
  client: pg.PoolClient,
  origin: Origin,
): Promise<{ applied: Applied; ambiguous: number }> {
  await identify(client, origin.sourceId);
  await observe(client, `select contact_id from staged s where ${live} and contact_id is not null`);
  await client.query(number);
  await client.query(create, [origin.defaultKind]);
  await client.query(tellCreated, [origin.sourceId, origin.runId, origin.userId]);
  await compareAndChange(client);
  await applyAddresses(client, origin.sourceId);
  await applyAffiliations(client, origin);
  await applySubscriptions(client, origin);
  await client.query(identities, [origin.sourceId]);
  await rememberRows(client, origin.sourceId);
  await client.query(seen);
  await client.query(tellChanged, [origin.sourceId, origin.runId, origin.userId]);
  const set = await recordChanges(
    client,
    "sync",
    origin.userId,
    "select contact_id from staged where created",
  );
  await client.query("update sync_runs set change_set_id = $1 where id = $2", [set, origin.runId]);
  const { rows } = await client.query<Applied & { ambiguous: number }>(tally);
  if (!rows[0]) throw new Error("no tally");
  const { ambiguous, ...applied } = rows[0];
  return { applied, ambiguous };
}

/** The first `limit` rows that only the database could refuse, those left alone because staff archived the contact, and those noted. */
export async function problems(client: pg.PoolClient, limit: number): Promise<RowError[]> {
  const { rows } = await client.query<RowError>(
    `select line, coalesce(problem, case when archived then 'archived' else 'organisation' end) as reason,
       coalesce(problem_value, case when archived then external_id else organisation_name end) as value, problem is not null as rejected
     from staged s where problem is not null or archived or (${live} and ambiguous) order by n limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, field: fieldOf(row.reason) }));
}

const fieldOf = (reason: RowReason) =>
  reason === "organisation" ? "organisation/name" : /Id|archived|sameContact/.test(reason) ? "id" : "email";
