import type pg from "pg";
import type { ActsOn } from "#lib/department/audit/actions";
import { type By, recordAudit } from "#lib/department/audit/mutations";
import { promptly, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { recordActivity } from "#lib/people/activities/mutations";
import type { OrganisationInput } from "#lib/people/organisations/schema";

const columns: Record<keyof OrganisationInput, string> = {
  name: "name",
  siren: "siren",
  siret: "siret",
  sector: "sector",
  headcount: "headcount",
  phone: "phone",
  email: "email",
  website: "website",
  street: "street",
  postcode: "postcode",
  city: "city",
  country: "country",
  notes: "notes",
};

const fields = Object.keys(columns) as (keyof OrganisationInput)[];

/** A SIRET that another organisation has is refused with its name and page. `by` null: a promise made in public. */
export async function createOrganisation(
  input: OrganisationInput,
  by: By,
): Promise<Result<{ id: number }, "siretTaken">> {
  return unlessTaken(input.siret, async (client) => {
    const places = fields.map((_, i) => `$${i + 1}`);
    const { rows } = await client.query<{ id: number }>(
      `insert into organisations (${Object.values(columns).join(", ")}) values (${places.join(", ")}) returning id`,
      fields.map((field) => input[field]),
    );
    const id = rows[0]?.id ?? 0;
    await recordChange(client, "organisation.created", id, by, {});
    return { ok: true, id };
  });
}

/** Writes what changed since `version` was read. */
export async function editOrganisation(
  id: number,
  version: Date,
  input: OrganisationInput,
  by: number,
): Promise<Result<unknown, "conflict" | "notFound" | "siretTaken">> {
  return unlessTaken(input.siret, async (client) => {
    const [before] = await sqlOn(client)<
      Record<string, unknown> & { updated_at: Date }
    >`select * from organisations where id = ${id} for update`;
    if (!before) return refused("notFound");
    if (before.updated_at.getTime() !== version.getTime()) return refused("conflict");
    const changed = fields.filter((field) => before[columns[field]] !== input[field]);
    if (changed.length === 0) return { ok: true };
    const sets = changed.map((field, i) => `${columns[field]} = $${i + 2}`);
    await client.query(`update organisations set updated_at = now(), ${sets.join(", ")} where id = $1`, [
      id,
      ...changed.map((field) => input[field]),
    ]);
    await recordChange(client, "organisation.updated", id, by, { fields: changed });
    return { ok: true };
  });
}

export const archiveOrganisation = (id: number, by: number) => turn(id, by, true);
export const restoreOrganisation = (id: number, by: number) => turn(id, by, false);

async function turn(id: number, by: number, away: boolean): Promise<Result<unknown, "notFound">> {
  return promptly(async (client) => {
    const rows = await sqlOn(client)`
      update organisations set archived_at = case when ${away}::boolean then now() end, updated_at = now()
      where id = ${id} and (archived_at is null) = ${away}::boolean returning id`;
    if (rows.length === 0) return refused("notFound");
    await recordChange(client, away ? "organisation.archived" : "organisation.restored", id, by, {});
    return { ok: true };
  });
}

async function unlessTaken<T>(
  siret: string | null,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T | ReturnType<typeof refused<"siretTaken">>> {
  try {
    return await promptly(work);
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== "organisations_siret_key") throw error;
    return promptly(async (client) => {
      const [owner] = await sqlOn(client)<{
        id: number;
        name: string;
      }>`select id, name from organisations where siret = ${siret}`;
      return refused("siretTaken", owner ? { label: owner.name, href: `/organisations/${owner.id}` } : {});
    });
  }
}

async function recordChange(
  client: pg.PoolClient,
  kind: `organisation.${ActsOn<"organisation">}`,
  id: number,
  by: By,
  data: Record<string, string[]>,
) {
  await recordActivity({ kind, organisationId: id, userId: by, data }, client);
  await recordAudit({ userId: by, action: kind, subject: "organisation", subjectId: id, data }, client);
}
