/** A demonstration has a database of its own: it marks an empty one, and touches no other. */
import { db, sql } from "#lib/machine/db";
import { Explained } from "#lib/machine/explained";

/** Marks the database, or finds it marked. Returns when this demonstration began. Refuses a database with a life of its own. */
export async function claimDatabase(): Promise<Date> {
  const [claimed] = await sql<{ at: Date }>`
    update settings set demo_at = coalesce(demo_at, date_trunc('second', now()))
    where id = 1 and (demo_at is not null or not (
      exists (select 1 from users) or exists (select 1 from contacts) or exists (select 1 from organisations)
      or exists (select 1 from campaigns) or exists (select 1 from sources)))
    returning demo_at as at`;
  if (!claimed) throw inUse();
  return claimed.at;
}

/** Empties a marked database; the migrations make it anew. */
export async function forgetDemo(): Promise<void> {
  const [exists] = await sql<{
    settings: string | null;
  }>`select to_regclass('public.settings')::text as settings`;
  if (!exists?.settings) return;
  const settings = await db.settings.findUnique({ where: { id: 1 }, select: { demoAt: true } });
  if (!settings?.demoAt && (await hasLife())) throw inUse();
  await sql`drop schema public cascade`;
  await sql`create schema public`;
}

async function hasLife(): Promise<boolean> {
  const counts = await Promise.all([
    db.user.count({ take: 1 }),
    db.contact.count({ take: 1 }),
    db.campaign.count({ take: 1 }),
  ]);
  return counts.some((count) => count > 0);
}

const inUse = () =>
  new Explained(
    "Cette base contient déjà des données qui ne sont pas celles d’une démonstration : rien n’a été touché.\nPour une démonstration à côté, donnez-lui un autre dossier : SRC_DATA_DIR=.data-demo npm run demo",
    "This database already holds data that is not a demonstration's: nothing was touched.\nFor a demonstration beside it, give it another folder: SRC_DATA_DIR=.data-demo npm run demo",
  );
