import { sql } from "#lib/machine/db";

type Values = Record<"firstName" | "lastName" | "email" | "phone" | "street" | "postcode" | "city", string>;
export type CorrectionRow = {
  id: number;
  at: Date;
  contactId: number;
  name: string;
  now: Values;
  said: Values;
  note: string;
};

/** What waits, oldest first: a hundred at most, since they are read one by one. */
export const listCorrections = () => sql<CorrectionRow>`
  select k.id, k.at, c.id as "contactId", btrim(c.first_name || ' ' || c.last_name) as name, k.note,
    jsonb_build_object('firstName', c.first_name, 'lastName', c.last_name, 'phone', c.phone, 'street', c.street, 'postcode', c.postcode,
      'city', c.city, 'email', coalesce((select m.address from email_addresses m where m.contact_id = c.id and m.is_primary), '')) as now,
    jsonb_build_object('firstName', k.first_name, 'lastName', k.last_name, 'phone', k.phone, 'street', k.street, 'postcode', k.postcode,
      'city', k.city, 'email', k.email) as said
  from corrections k join contacts c on c.id = k.contact_id
  where k.decided_at is null order by k.at, k.id limit 100`;

/** At most 100. */
export async function countCorrections(): Promise<number> {
  const [row] = await sql<{ n: number }>`
    select count(*)::int as n from (select from corrections where decided_at is null limit 100) k`;
  return row?.n ?? 0;
}
