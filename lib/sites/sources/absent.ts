/** Whom a source gave, and its whole file no longer does: proposed to be put away, never deleted. */
import type pg from "pg";
import { activitiesFrom } from "#lib/people/activities/mutations";
import type { Origin } from "#lib/sites/sources/apply";

/** Nobody whom another source still gives, and whose place staff have not settled. */
const find = (drop: string) => `
  create temp table absent ${drop} as
  select e.external_id, e.contact_id, false as wanted from external_identities e
  join contacts c on c.id = e.contact_id and c.archived_at is null
  where e.source_id = $1 and $2 and not e.absence_kept
    and not exists (select from staged s where s.external_id = e.external_id)
    and not exists (select from external_identities o where o.contact_id = e.contact_id and o.id <> e.id)`;

const back = `
  update external_identities e set absence_kept = false from staged s where s.identity_id = e.id and e.absence_kept`;

const putAway =
  "update contacts c set archived_at = now(), updated_at = now() from absent a where a.wanted and c.id = a.contact_id";

const tell = activitiesFrom(`
  select 'contact.archived', contact_id, null::int, $3::int, jsonb_build_object('sourceId', $1::int, 'runId', $2::int)
  from absent where wanted order by contact_id`);

/** Fills `absent`, when the source proposes such people; `drop`: when that table goes. */
export async function findAbsent(
  client: pg.PoolClient,
  { sourceId, absent }: Origin,
  drop: string,
): Promise<void> {
  await client.query(find(drop), [sourceId, absent === "propose"]);
}

/** Who is given again may be missed again. */
export const noteBack = (client: pg.PoolClient) => client.query(back);

/** Those whom somebody decided to put away. */
export async function putAbsentAway(
  client: pg.PoolClient,
  { sourceId, runId, userId }: Origin,
): Promise<void> {
  await client.query(putAway);
  await client.query(tell, [sourceId, runId, userId]);
}
