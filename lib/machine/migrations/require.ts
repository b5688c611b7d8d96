/** What a program asks of a database before it does anything with it. */
import { Explained } from "#lib/machine/explained";
import { requireKey } from "#lib/machine/installation/key";
import { connect } from "#lib/machine/postgres/connect";
import { requireSession } from "#lib/machine/postgres/pooler";
import { applyMigrations, readHistory, readMigrations } from "./apply.ts";
import { planMigrations } from "./rules.ts";

/**
 * An empty database gets its structure; one that waits for an update is left as it is, for the application may be
 * running on it.
 * @throws Explained when there is something to do first.
 * @unaudited The same, at the start of a process.
 */
export async function requireMigrated(databaseUrl: string): Promise<void> {
  const client = await connect(databaseUrl, { connectionTimeoutMillis: 10_000 }).catch((error: Error) => {
    throw outOfReach(error);
  });
  try {
    await requireSession(databaseUrl);
    const { rows } = await client.query<{ empty: boolean }>(
      `select to_regclass('"_prisma_migrations"') is null as empty`,
    );
    if (rows[0]?.empty) return void (await applyMigrations(databaseUrl));
    const { pending, unfinished } = planMigrations(readMigrations(), await readHistory(client));
    if (pending.length + unfinished.length > 0) throw outOfDate();
    await requireKey(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const outOfReach = (error: Error) =>
  new Explained(
    "La base de données ne répond pas. Vérifiez DATABASE_URL et que le serveur tourne.",
    "The database does not answer. Check DATABASE_URL and that the server runs.",
    error,
  );

const outOfDate = () =>
  new Explained(
    "La base de données attend une mise à jour : arrêtez l’application, puis npm run migrate (npm start le fait aussi).",
    "The database waits for an update: stop the application, then npm run migrate (npm start does it too).",
  );
