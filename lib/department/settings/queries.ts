import { db, sql } from "#lib/machine/db";

export type Shell = {
  name: string;
  shortName: string;
  primaryColor: string;
  accentColor: string;
  /** Address of the logo, changing when it does; null without one. */
  logo: string | null;
  /** The application's own mail goes to the sandbox: nothing leaves this machine. */
  sandbox: boolean;
  /** Nothing leaves until an administrator has seen that a backup was put back. */
  held: boolean;
  demo: boolean;
  /** At most 100. */
  unseenNotices: number;
};

/** Everything around a page, in one statement. */
export async function getShell(): Promise<Shell> {
  const [shell] = await sql<Shell>`
    select name, short_name as "shortName", primary_color as "primaryColor", accent_color as "accentColor",
      case when logo is not null then '/api/branding/logo?v=' || extract(epoch from updated_at)::bigint end as logo,
      demo_at is not null as demo, (select held_at is not null from installation) as held,
      exists (
        select 1 from identities i join relays r on r.id = i.relay_id
        where i.is_default and i.archived_at is null and r.kind = 'sandbox'
      ) as sandbox,
      (select count(*)::int from (select 1 from notices where seen_at is null limit 100) n) as "unseenNotices"
    from settings where id = 1`;
  if (!shell) throw new Error("settings has no row: the migrations write it");
  return shell;
}

/** The department's choices, without the logo's bytes. */
export async function getSettings() {
  return db.settings.findUniqueOrThrow({
    where: { id: 1 },
    select: {
      name: true,
      shortName: true,
      logoType: true,
      primaryColor: true,
      accentColor: true,
      publicUrl: true,
      postalAddress: true,
      controller: true,
      dpoEmail: true,
      privacyUrl: true,
      secretariatEmail: true,
      phone: true,
      publicationDirector: true,
      host: true,
      updatedAt: true,
    },
  });
}

/** The logo as everybody may see it: null without one, and until an old one has been cleaned. */
export async function findLogo(): Promise<{ bytes: Uint8Array<ArrayBuffer>; type: string } | null> {
  const row = await db.settings.findUnique({
    where: { id: 1 },
    select: { logo: true, logoType: true, logoCleanedAt: true },
  });
  return row?.logo && row.logoType && row.logoCleanedAt ? { bytes: row.logo, type: row.logoType } : null;
}
