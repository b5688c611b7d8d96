import type { MailPurpose } from "#db/enums";
import { sql } from "#lib/machine/db";

type MayWrite = {
  contactId: number;
  /** Where it would go: the SQL function address_to_write. */
  addressId: number | null;
  /** Why not: `noAddress`, or what the SQL function opposition answers (decision 28). Null: we may. */
  reason: string | null;
};

/** Whether a mail for this purpose may be written to each of these people. Whoever is gone is left out. */
export const listMayWrite = (contactIds: number[], purpose: MailPurpose) => sql<MayWrite>`
  select c.id as "contactId", a.id as "addressId", case when a.id is null then 'noAddress' else o.reason end as reason
  from contacts c
  left join lateral address_to_write(c.id) a on true
  cross join lateral opposition(a.address_hash, c.id, null, ${purpose}::"MailPurpose") o
  where c.id = any(${contactIds}::int[]) order by c.id`;
