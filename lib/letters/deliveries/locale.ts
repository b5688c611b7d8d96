/** In which language a letter of ours to an address speaks: its account's, else its contact's, else French. */
import { sql } from "#lib/machine/db";
import type { Locale } from "#lib/machine/messages/negotiate";

export async function findLocale(address: string): Promise<Locale> {
  const [known] = await sql<{ locale: string | null }>`
    select coalesce(
      (select locale from users where email = lower(${address}) and disabled_at is null),
      (select c.locale from email_addresses e join contacts c on c.id = e.contact_id
       where e.address = lower(${address}) and c.archived_at is null)) as locale`;
  return known?.locale === "en" ? "en" : "fr";
}
