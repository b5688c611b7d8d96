/** Pure: what to do with a history of migrations, without touching anything. */
import { createHash } from "node:crypto";
import { Explained } from "#lib/machine/explained";

/** One folder of prisma/migrations. */
export type Migration = { name: string; sql: string };

/** One row of `_prisma_migrations` that was not rolled back. */
export type Recorded = { name: string; checksum: string; finished: boolean; logs: string | null };

export type Plan = {
  pending: Migration[];
  /** Begun by the Prisma CLI and never finished; see `mayRetry`. */
  unfinished: { migration: Migration; logs: string | null }[];
};

/** As the Prisma CLI computes it: SHA-256 of the file, in hexadecimal. */
export function checksumOf(sql: string): string {
  return createHash("sha256").update(sql).digest("hex");
}

/**
 * A migration is never edited, but for one that an older server could not read: where it had been applied as it was
 * first written, the structure is the same.
 */
const asFirstWritten: Record<string, string> = {
  // `alter column … set expression`, of PostgreSQL 17.
  "0261_came_to_something": "735833dec90c4d5c147a3fb5f8f120739d28dfa48c4bb549e7c33248e0c55763",
};

/** Compares the folders with the database; throws an explained error where going on would do harm. */
export function planMigrations(folders: Migration[], recorded: Recorded[]): Plan {
  const known = new Map(folders.map((migration) => [migration.name, migration]));
  for (const row of recorded) {
    const migration = known.get(row.name);
    if (!migration) throw newerDatabase(row.name);
    const applied = [checksumOf(migration.sql), asFirstWritten[row.name]];
    if (row.finished && !applied.includes(row.checksum)) throw edited(row.name);
  }
  const seen = new Set(recorded.map((row) => row.name));
  const unfinished = recorded
    .filter((row) => !row.finished)
    .flatMap(({ name, logs }) => ({ migration: known.get(name), logs }))
    .filter((row): row is Plan["unfinished"][number] => row.migration !== undefined);
  return { pending: folders.filter((migration) => !seen.has(migration.name)), unfinished };
}

/** Names of the tables a script creates, without quotes. */
export function tablesCreatedBy(sql: string): string[] {
  const pattern = /^\s*create\s+table\s+(?:if\s+not\s+exists\s+)?(?:"?public"?\.)?"?([a-z0-9_]+)"?/gim;
  return [...sql.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

/**
 * Whether an unfinished migration can be applied again. The CLI sends the script in one message, which
 * PostgreSQL runs as one transaction: it was applied whole or not at all. Not at all, surely, when the CLI
 * noted the error, or when none of the tables it creates exists.
 */
export function mayRetry(logs: string | null, created: string[], existing: string[]): boolean {
  if (logs) return true;
  return created.length > 0 && existing.length === 0;
}

export function unclear(name: string): Explained {
  return new Explained(
    `La migration ${name} a été commencée par l’outil Prisma et interrompue ; on ne peut pas savoir si elle a été appliquée. Vérifiez dans la base, puis : npx prisma migrate resolve --applied ${name} (ou --rolled-back ${name}).`,
    `Migration ${name} was begun by the Prisma CLI and interrupted; whether it was applied cannot be known. Look at the database, then: npx prisma migrate resolve --applied ${name} (or --rolled-back ${name}).`,
  );
}

function newerDatabase(name: string): Explained {
  return new Explained(
    `La base contient la migration ${name}, inconnue de cette version du logiciel : elle a été mise à jour par une version plus récente. Installez cette version-là ; rien n’a été modifié.`,
    `The database has migration ${name}, unknown to this version of the software: a newer version upgraded it. Install that version; nothing was changed.`,
  );
}

function edited(name: string): Explained {
  return new Explained(
    `Le fichier prisma/migrations/${name}/migration.sql a changé depuis qu’il a été appliqué à cette base. Rétablissez-le (git checkout) et écrivez une nouvelle migration ; rien n’a été modifié.`,
    `prisma/migrations/${name}/migration.sql has changed since it was applied to this database. Restore it (git checkout) and write a new migration; nothing was changed.`,
  );
}
