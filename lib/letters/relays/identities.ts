/** The senders a relay may write as. */
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import type { IdentityInput } from "#lib/letters/relays/schema";
import { sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";

export const saveIdentity = (
  { id, relayId, ...input }: IdentityInput,
  by: By,
): Promise<Result<{ id: number }, "notFound">> =>
  auditedRows(
    (saved: { id: number }) => actOn("relay.identityKept", relayId, by, { identityId: saved.id }),
    async (rows) => {
      const { displayName, address, replyTo } = input;
      const data = { displayName, address: foldAddress(address), replyTo: replyTo && foldAddress(replyTo) };
      if (id === undefined) {
        if ((await rows.relay.count({ where: { id: relayId, archivedAt: null } })) === 0)
          return refused("notFound");
        return {
          ...ok,
          ...(await rows.identity.create({ data: { ...data, relayId }, select: { id: true } })),
        };
      }
      const { count } = await rows.identity.updateMany({ where: { id, relayId, archivedAt: null }, data });
      return count === 1 ? { ...ok, id } : refused("notFound");
    },
  );

export const archiveIdentity = (
  id: number,
  by: By,
): Promise<Result<{ relayId: number }, "isDefault" | "inUse" | "notFound">> =>
  audited(
    ({ relayId }: { relayId: number }) => actOn("relay.identityArchived", relayId, by, { identityId: id }),
    async (client) => {
      const query = sqlOn(client);
      await query`select 1 from identities where id = ${id} for update`;
      const [identity] = await query<{ relayId: number; isDefault: boolean; inUse: boolean }>`
        select relay_id as "relayId", is_default as "isDefault", exists (
          select 1 from campaigns c where c.identity_id = i.id and c.status in ('scheduled', 'sending', 'paused')) as "inUse"
        from identities i where id = ${id} and archived_at is null`;
      if (!identity) return refused("notFound");
      if (identity.isDefault) return refused("isDefault");
      if (identity.inUse) return refused("inUse");
      await query`delete from identity_fallbacks where identity_id = ${id}`;
      await query`update identities set archived_at = now() where id = ${id}`;
      return { ...ok, relayId: identity.relayId };
    },
  );

/** From the sandbox to a real relay mail starts to leave: that must be said, and agreed to (`leave`). */
export const makeDefault = (
  id: number,
  leave: boolean,
  by: By,
): Promise<Result<{ relayId: number }, "notFound" | "confirmLeaving" | "notTried">> =>
  audited(
    ({ relayId }: { relayId: number }) => actOn("relay.madeDefault", relayId, by, { identityId: id }),
    async (client) => {
      const query = sqlOn(client);
      const rows = await query<{
        id: number;
        relayId: number;
        isDefault: boolean;
        kind: string;
        tried: boolean;
      }>`
        select i.id, i.relay_id as "relayId", i.is_default as "isDefault", r.kind, r.tested_at is not null and r.tried_at is not null as tried
        from identities i join relays r on r.id = i.relay_id
        where i.archived_at is null and r.archived_at is null and (i.is_default or i.id = ${id}) order by i.id for update of i`;
      const chosen = rows.find((row) => row.id === id);
      const current = rows.find((row) => row.isDefault);
      if (!chosen) return refused("notFound");
      if (chosen.kind === "smtp" && !chosen.tried) return refused("notTried");
      if (chosen.kind === "smtp" && current?.kind !== "smtp" && !leave) return refused("confirmLeaving");
      await query`update identities set is_default = false where is_default and archived_at is null and id <> ${id}`;
      await query`update identities set is_default = true where id = ${id}`;
      return { ...ok, relayId: chosen.relayId };
    },
  );
