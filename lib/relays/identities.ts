/** The senders a relay may write as. */
import { db, sqlOn, transaction } from "#lib/db";
import type { IdentityInput } from "#lib/relays/schema";
import { ok, type Result, refused } from "#lib/result";
import { foldAddress } from "#lib/seal";

export async function saveIdentity(input: IdentityInput): Promise<Result<{ id: number }, "notFound">> {
  const data = {
    displayName: input.displayName,
    address: foldAddress(input.address),
    replyTo: input.replyTo && foldAddress(input.replyTo),
  };
  if (input.id === undefined) {
    const relay = await db.relay.findFirst({
      where: { id: input.relayId, archivedAt: null },
      select: { id: true },
    });
    if (!relay) return refused("notFound");
    const { id } = await db.identity.create({
      data: { ...data, relayId: input.relayId },
      select: { id: true },
    });
    return { ...ok, id };
  }
  const { count } = await db.identity.updateMany({
    where: { id: input.id, relayId: input.relayId, archivedAt: null },
    data,
  });
  return count === 1 ? { ...ok, id: input.id } : refused("notFound");
}

export async function archiveIdentity(
  id: number,
): Promise<Result<object, "isDefault" | "inUse" | "notFound">> {
  return transaction(async (client) => {
    const query = sqlOn(client);
    await query`select 1 from identities where id = ${id} for update`;
    const [identity] = await query<{ is_default: boolean; in_use: boolean }>`
      select is_default, exists (
        select 1 from campaigns c where c.identity_id = i.id and c.status in ('scheduled', 'sending', 'paused')) as in_use
      from identities i where id = ${id} and archived_at is null`;
    if (!identity) return refused("notFound");
    if (identity.is_default) return refused("isDefault");
    if (identity.in_use) return refused("inUse");
    await query`delete from identity_fallbacks where identity_id = ${id}`;
    await query`update identities set archived_at = now() where id = ${id}`;
    return ok;
  });
}

/** From the sandbox to a real relay mail starts to leave: that must be said, and agreed to (`leave`). */
export async function makeDefault(
  id: number,
  leave: boolean,
): Promise<Result<object, "notFound" | "confirmLeaving" | "notTried">> {
  return transaction(async (client) => {
    const query = sqlOn(client);
    const rows = await query<{ id: number; is_default: boolean; kind: string; tried: boolean }>`
      select i.id, i.is_default, r.kind, r.tested_at is not null and r.tried_at is not null as tried from identities i join relays r on r.id = i.relay_id
      where i.archived_at is null and r.archived_at is null and (i.is_default or i.id = ${id}) order by i.id for update of i`;
    const chosen = rows.find((row) => row.id === id);
    const current = rows.find((row) => row.is_default);
    if (!chosen) return refused("notFound");
    if (chosen.kind === "smtp" && !chosen.tried) return refused("notTried");
    if (chosen.kind === "smtp" && current?.kind !== "smtp" && !leave) return refused("confirmLeaving");
    await query`update identities set is_default = false where is_default and archived_at is null and id <> ${id}`;
    await query`update identities set is_default = true where id = ${id}`;
    return ok;
  });
}
