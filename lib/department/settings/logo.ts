/** The department's logo: a picture like any other, cleaned and scaled for the head of a page and of a letter. */
import { sql } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { cleanPicture } from "#lib/machine/pictures/clean";

const box = { width: 640, height: 640 };

/** The logo as it will be shown, or null for what is no picture: an SVG, which can carry scripts, is none. */
export async function cleanLogo(bytes: Uint8Array, lenient = false) {
  const cleaned = await cleanPicture(bytes, { box, lenient });
  return cleaned.ok ? cleaned.picture : null;
}

/** A task: a logo kept before pictures were cleaned is, or is taken away when it is none. */
export async function cleanStoredLogo(): Promise<void> {
  const [settings] = await sql<{ logo: Buffer }>`
    select logo from settings where logo is not null and logo_cleaned_at is null`;
  if (!settings) return;
  const clean = await cleanLogo(settings.logo, true);
  if (!clean) log.warn("the logo could not be read: taken away");
  await sql`
    update settings set logo = ${clean?.bytes ?? null}, logo_type = ${clean?.type ?? null}, logo_cleaned_at = now(), updated_at = now()
    where logo = ${settings.logo} and logo_cleaned_at is null`;
}
