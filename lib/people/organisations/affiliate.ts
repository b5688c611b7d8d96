/** A contact's place in an organisation, with a role. */

import type pg from "pg";
import type { AffiliationRole } from "#db/enums";
import type { ActsOn } from "#lib/department/audit/actions";
import { recordAudit } from "#lib/department/audit/mutations";
import { sqlOn, transaction } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { recordActivity } from "#lib/people/activities/mutations";

type Place = { contactId: number; organisationId: number; role: AffiliationRole; jobTitle: string };

/** The same person may have several roles in one place; the same role only once. A past one begins again. */
export const addAffiliation = (
  place: Place,
  by: number,
): Promise<Result<unknown, "alreadyAffiliated" | "notFound">> =>
  transaction(async (client) => {
    const found = await sqlOn(
      client,
    )`select c.id from contacts c, organisations o where c.id = ${place.contactId} and o.id = ${place.organisationId}`;
    if (found.length === 0) return refused("notFound");
    const rows = await sqlOn(client)`
      insert into affiliations (contact_id, organisation_id, role, job_title)
      values (${place.contactId}, ${place.organisationId}, ${place.role}, ${place.jobTitle})
      on conflict (contact_id, organisation_id, role) do update
        set ended_at = null, started_at = now(), job_title = excluded.job_title where affiliations.ended_at is not null
      returning id`;
    if (rows.length === 0) return refused("alreadyAffiliated");
    await recordChange(client, "affiliation.added", place, by);
    return { ok: true };
  });

export const removeAffiliation = (id: number, by: number): Promise<Result<unknown, "notFound">> =>
  transaction(async (client) => {
    const [gone] = await sqlOn(client)<{
      contactId: number;
      organisationId: number;
      role: AffiliationRole;
    }>`
      delete from affiliations where id = ${id} returning contact_id as "contactId", organisation_id as "organisationId", role`;
    if (!gone) return refused("notFound");
    await recordChange(client, "affiliation.removed", gone, by);
    return { ok: true };
  });

async function recordChange(
  client: pg.PoolClient,
  kind: `affiliation.${ActsOn<"affiliation">}`,
  { contactId, organisationId, role }: Omit<Place, "jobTitle">,
  by: number,
) {
  await recordActivity({ kind, contactId, organisationId, userId: by, data: { role } }, client);
  await recordAudit(
    {
      userId: by,
      action: kind,
      subject: "organisation",
      subjectId: organisationId,
      data: { contactId, role },
    },
    client,
  );
}
