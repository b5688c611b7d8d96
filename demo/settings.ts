/** How the fictional department presents itself, and a sandbox quick enough for a thousand mails in seconds. */
import { sql } from "#lib/machine/db";

export async function dressInstallation(): Promise<void> {
  await sql`
    update settings set name = 'Département Services et Réseaux de Communication', short_name = 'SRC',
      postal_address = ${"IUT de démonstration\n1 rue des Gabariers\n33000 Bordeaux"},
      controller = 'La direction de l’IUT de démonstration', dpo_email = 'dpo@src.example',
      secretariat_email = 'secretariat@src.example'
    where id = 1 and postal_address = ''`;
  await sql`update relays set max_connections = 8 where kind = 'sandbox' and archived_at is null and max_connections < 8`;
  await sql`
    update identities set display_name = 'Département SRC', reply_to = 'secretariat@src.example'
    where is_default and display_name = 'Services Relation et Communication'`;
}
