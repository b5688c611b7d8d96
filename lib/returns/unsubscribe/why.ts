/** Why somebody receives each newsletter, and where their address comes from: what the letters' footers say, as of now. */
import { footerWords } from "#emails/footer";
import { getHouse } from "#lib/department/settings/house";
import { whyOf } from "#lib/letters/deliveries/footer";
import { sql } from "#lib/machine/db";
import type { Locale } from "#lib/machine/messages/negotiate";

type Row = {
  name: string;
  basis: "consent" | "public_task" | "professional";
  via: string | null;
  source: string | null;
  typed: boolean;
};

/**
 * A true sentence for each of these newsletters, in the page's language: nobody is said to have subscribed who did not.
 * Empty for a contact erased since.
 */
export async function listWhys(deliveryId: number, topicIds: number[], locale: Locale): Promise<string[]> {
  const { brand } = await getHouse();
  const rows = await sql<Row>`
    select t.name, t.legal_basis::text as basis, s.name as source, coalesce(m.typed, false) as typed,
      (select e.via from subscription_events e where e.contact_id = d.contact_id and e.topic_id = t.id and e.change = 'subscribed'
        order by e.id desc limit 1) as via
    from deliveries d join topics t on t.id = any(${topicIds}::int[])
    left join email_addresses m on m.address_hash = d.address_hash and m.contact_id = d.contact_id
    left join sources s on s.id = m.source_id
    where d.id = ${deliveryId} and d.contact_id is not null order by t.position, t.id`;
  return rows.flatMap(({ name, basis, ...reader }) => {
    const why = whyOf(basis, name, brand.name);
    return why ? [footerWords(why, { ...reader, locale }).reason] : [];
  });
}
