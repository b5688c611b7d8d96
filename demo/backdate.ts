/** The first synchronisation happened in summer: everything it wrote is moved there. */

import type { Company } from "#demo/companies";
import { type Runner, sqlOn } from "#lib/machine/db";

/** Days before the demonstration. */
export const summer = 96;

/** Moves what the first runs wrote to `at`; and gives the organisations what no site knows of them. */
export async function moveToSummer(client: Runner, at: Date, companies: Company[]): Promise<void> {
  const query = sqlOn(client);
  await query`update contacts set created_at = ${at}, updated_at = ${at}`;
  await query`update email_addresses set created_at = ${at}`;
  await query`update affiliations set created_at = ${at}, started_at = ${at}`;
  await query`update external_identities set seen_at = ${at}`;
  await query`update activities set at = ${at}`;
  await query`
    update sync_runs set created_at = ${at}, started_at = ${at}::timestamptz + interval '2 seconds',
      finished_at = ${at}::timestamptz + interval '3 seconds' + id * interval '90 milliseconds'`;
  const known = JSON.stringify(companies);
  await query`
    update organisations o set sector = k.sector, headcount = k.headcount, phone = k.phone, street = k.street,
      postcode = k.postcode, city = k.city, website = 'https://' || k.domain, email = 'contact@' || k.domain,
      created_at = ${at}, updated_at = ${at}
    from jsonb_to_recordset(${known}::jsonb) as k(
      siret text, sector text, headcount int, phone text, street text, postcode text, city text, domain text)
    where o.siret = k.siret`;
}
