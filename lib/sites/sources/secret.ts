/** What a source and its site sign with: sealed, shown once, replaced without a moment in which neither would do. */
import { randomBytes } from "node:crypto";
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { nextId, type Runner, sql, sqlOn } from "#lib/machine/db";
import { type Result, refused } from "#lib/machine/result";
import { seal, unseal } from "#lib/machine/seal";
import { FileRefused } from "#lib/sites/sources/refusal";

export type Secret = { id: number; secret: string };

/** The newest first. @throws FileRefused when they were sealed by another installation. */
export async function listSecrets(sourceId: number): Promise<Secret[]> {
  const rows = await sql<{ id: number; sealed: Uint8Array }>`
    select id, sealed_secret as sealed from source_secrets where source_id = ${sourceId} order by id desc`;
  try {
    return rows.map(({ id, sealed }) => ({ id, secret: unseal(sealed, "source_secrets.sealed_secret", id) }));
  } catch {
    throw new FileRefused("token");
  }
}

/**
 * A new secret, given to whoever asked and to nobody after. The one in use stays until the site answers with the new
 * one; one that was never used is replaced.
 */
export const renewSecret = (sourceId: number, by: By): Promise<Result<{ secret: string }, "notFound">> =>
  audited(actOn("source.secretRenewed", sourceId, by), async (client) => {
    const secret = randomBytes(32).toString("base64url");
    return (await keepSecret(client, sourceId, secret)) ? { ok: true, secret } : refused("notFound");
  });

/** Writes a secret down as the newest; false when there is no such source. */
export async function keepSecret(client: Runner, sourceId: number, secret: string): Promise<boolean> {
  const run = sqlOn(client);
  const found = await run`select id from sources where id = ${sourceId} and archived_at is null for update`;
  if (found.length === 0) return false;
  await run`
    delete from source_secrets s where s.source_id = ${sourceId} and s.used_at is null
      and exists (select from source_secrets u where u.source_id = ${sourceId} and u.used_at is not null)`;
  const id = await nextId("source_secrets", client);
  await run`
    insert into source_secrets (id, source_id, sealed_secret)
    values (${id}, ${sourceId}, ${seal(secret, "source_secrets.sealed_secret", id)})`;
  return true;
}

/**
 * The site signed with this one: those before it are not needed any more.
 * @unaudited The renewal was somebody's act; this is its end.
 */
export async function secretAnswered(sourceId: number, secretId: number): Promise<void> {
  await sql`
    with used as (update source_secrets set used_at = now() where id = ${secretId} and source_id = ${sourceId} returning id)
    delete from source_secrets s using used where s.source_id = ${sourceId} and s.id < used.id`;
}
