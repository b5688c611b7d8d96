/** A large department: contacts as they are met, some with an organisation, a few who must be left out of a campaign. */
import type { Cluster } from "./cluster.ts";

/**
 * Fills the database with `n` contacts, each with a good address: one in five with an organisation, one in a hundred
 * archived, bounced, suppressed or unsubscribed. The indexes of search, which no campaign touches, are dropped first.
 */
export async function fillAudience({ ask }: Cluster, n: number): Promise<void> {
  await ask("drop index contacts_search, email_addresses_search");
  await ask(`
    insert into organisations (name) select 'Agence ' || i || ' Communication & Cie' from generate_series(1, 1000) i`);
  await ask(
    `insert into contacts (kind, first_name, last_name, graduation_year, city, archived_at)
     select (array['former_src', 'former_pub', 'professional'])[1 + i % 3]::"ContactKind", 'Élodie', 'Le Goff ' || i,
       1990 + i % 35, (array['Bordeaux', 'Pessac', 'Bègles', 'Saint-Médard-en-Jalles'])[1 + i % 4],
       case when i % 400 = 1 then now() end
     from generate_series(1, $1::int) i`,
    [n],
  );
  await ask(`
    insert into email_addresses (contact_id, address, address_hash, is_primary, standing)
    select id, 'elodie.legoff.' || id || '@example.org', sha256(convert_to('e' || id, 'UTF8')), true,
      case when id % 400 = 2 then 'hard' else 'ok' end::"AddressStanding"
    from contacts`);
  await ask(`
    insert into affiliations (contact_id, organisation_id, role)
    select id, (select min(id) from organisations) + id % 1000, 'employee' from contacts where id % 5 = 0`);
  await ask(`
    insert into subscriptions (contact_id, topic_id, unsubscribed_at)
    select c.id, t.id, now() from contacts c, topics t where c.id % 400 = 3`);
  await ask(`
    insert into suppressions (address_hash, reason)
    select address_hash, case contact_id % 400 when 4 then 'manual' else 'hard_bounce' end::"SuppressionReason"
    from email_addresses where contact_id % 400 in (2, 4)`);
  await ask("vacuum analyze");
  await ask("checkpoint");
}
