import { type Runner, sqlOn } from "#lib/machine/db";

export type Newsletter = { id: number; name: string; description: string; subscribed: boolean };

/**
 * The newsletters in use and whether this reader objects to none: whoever reads this page has a mailbox, whatever a
 * verdict said of it.
 */
export const listNewsletters = (
  runner: Runner,
  reader: { contactId: number | null; addressHash: Uint8Array },
): Promise<Newsletter[]> => sqlOn(runner)<Newsletter>`
  select t.id, t.name, t.description, coalesce(o.reason, 'hardBounce') in ('paused', 'hardBounce') as subscribed
  from topics t
  cross join lateral opposition(${Buffer.from(reader.addressHash)}, ${reader.contactId}, t.id, 'newsletter') o
  order by t.position, t.id`;
