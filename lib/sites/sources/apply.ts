/** Staged rows become contacts: a fixed number of set-based statements, whatever the size of the file. */

import type pg from "pg";
import { activitiesFrom } from "#lib/people/activities/mutations";
import type { Asked } from "#lib/people/change-sets/propose";
import { observe, recordChanges } from "#lib/people/change-sets/record";
import { findAbsent, noteBack, putAbsentAway } from "#lib/sites/sources/absent";
import { applyAffiliations } from "#lib/sites/sources/affiliate";
import { endDecision, layDecision } from "#lib/sites/sources/decided";
import type { RowError, RowReason } from "#lib/sites/sources/format";
import { identify } from "#lib/sites/sources/identify";
import { applyAddresses } from "#lib/sites/sources/mailboxes";
import { compareAndChange, live, type Ownership, rememberRows } from "#lib/sites/sources/recall";
import { applySubscriptions } from "#lib/sites/sources/subscribe";

/** Rows of the file by what became of them; `created + updated + unchanged + archived + rejected` are all that were staged. */
export type Applied = {
  created: number;
  updated: number;
  unchanged: number;
  archived: number;
  rejected: number;
};

/** `decides`: the proposal whose decision is carried out; `ownership`, `absent`: as the source sets them. */
export type Origin = {
  sourceId: number;
  defaultKind: string;
  runId: number | null;
  userId: number | null;
  ownership?: Ownership;
  absent?: string;
  /** Whether what was said before counts for nothing. */
  replay?: boolean;
  decides?: number | null;
  /** Whether the connection is the run's own and ends with it: what is staged may outlive a commit. */
  kept?: boolean;
};

/** The set of what was changed, null when nothing; how much only somebody can answer. */
export type Observed = { set: number | null; asked: number };

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
  insert into external_identities (source_id, external_id, contact_id, row_hash, text_hash)
  select $1, external_id, contact_id, case when open = '{}' then row_hash end, text_hash from staged s where ${live} order by n
  on conflict (source_id, external_id) do update set row_hash = excluded.row_hash, text_hash = excluded.text_hash, seen_at = now()`;

/** A row seen today needs no writing: a hundred thousand unchanged rows an hour must cost nothing. */
const seen = `
  update external_identities e set seen_at = now(), text_hash = s.text_hash from staged s
  where s.identity_id = e.id and s.same and (e.seen_at < now() - interval '20 hours' or e.text_hash is distinct from s.text_hash)`;

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
         count(*) filter (where s.problem is null and not s.archived and (s.same or s.waits or (not created and changes = '{}')))::int as unchanged,
         count(*) filter (where s.problem is null and archived)::int as archived,
         count(*) filter (where problem is not null)::int as rejected,
         count(*) filter (where ${live} and ambiguous)::int as ambiguous,
         (count(*) filter (where ${live} and questions <> '{}') + (select count(*) from absent))::int as asked
  from staged s`;

/** Who each of the rows that `stage` staged is, and which of them are to be written; writes nothing. How many we know. */
export async function find(client: pg.PoolClient, origin: Origin): Promise<number> {
  const drop = origin.kept ? "" : "on commit drop";
  const known = await identify(client, origin, drop);
  await findAbsent(client, origin, drop);
  await layDecision(client, origin);
  return known;
}

/** Writes the staged rows that are found, in this transaction. `into`: the set of a run that is written in slices. */
export async function write(
  client: pg.PoolClient,
  origin: Origin,
  into: number | null = null,
): Promise<number | null> {
  await observe(
    client,
    `select contact_id from staged s where ${live} and contact_id is not null union select contact_id from absent where wanted`,
  );
  await client.query(number);
  await client.query(create, [origin.defaultKind]);
  await client.query(tellCreated, [origin.sourceId, origin.runId, origin.userId]);
  await compareAndChange(client, origin.ownership ?? {}, origin.replay);
  await applyAddresses(client, origin.sourceId);
  await applyAffiliations(client, origin);
  await applySubscriptions(client, origin);
  await client.query(identities, [origin.sourceId]);
  await rememberRows(client, origin.sourceId);
  await putAbsentAway(client, origin);
  await client.query(tellChanged, [origin.sourceId, origin.runId, origin.userId]);
  return recordChanges(client, "sync", origin.userId, "select contact_id from staged where created", into);
}

/** What is said of the whole file once its people are written. */
export async function conclude(client: pg.PoolClient, origin: Origin): Promise<void> {
  await noteBack(client);
  await client.query(seen);
  await endDecision(client, origin);
}

/** All of it in this transaction. `ambiguous` rows went in without their organisation; see `Observed`. */
export async function apply(
  client: pg.PoolClient,
  origin: Origin,
): Promise<{ applied: Applied; ambiguous: number; observed: Observed }> {
  const set = await write(client, origin);
  await conclude(client, origin);
  const { asked, ambiguous, ...applied } = await count(client);
  return { applied, ambiguous, observed: { set, asked } };
}

/** What became of the rows that are `staged`. */
export async function count(client: pg.PoolClient): Promise<Applied & { ambiguous: number; asked: number }> {
  const { rows } = await client.query<Applied & { ambiguous: number; asked: number }>(tally);
  if (!rows[0]) throw new Error("no tally");
  return rows[0];
}

/** What is asked of somebody beside what is written; its rows by name. */
export const proposable: Asked = {
  keys: "select n, external_id as key, contact_id from staged where problem is null and contact_id is not null",
  questions: `
    select s.n, s.external_id as key, s.contact_id, 'question' as sort,
      (select jsonb_object_agg(q.key, q.value -> 0) from jsonb_each(s.questions) q) as before,
      (select jsonb_object_agg(q.key, q.value -> 1) from jsonb_each(s.questions) q) as after
    from staged s where ${live} and s.questions <> '{}'
    union all
    select 2147483647, external_id, contact_id, 'archived', '{"archivedAt": null}', jsonb_build_object('archivedAt', now()) from absent`,
};

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
