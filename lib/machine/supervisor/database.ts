/** The database a program of this installation works on: DATABASE_URL, or else the embedded PostgreSQL. */
import { join } from "node:path";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import { findEmbedded, startEmbedded } from "#lib/machine/postgres/embedded";
import { declareUse } from "./lock.ts";

export const embeddedFolder = join(env.dataDir, "postgres");

/** For a process that joins a running installation: sets `env.databaseUrl`, or explains that nothing runs. */
export function joinDatabase(): string {
  const url = env.databaseUrl ?? findEmbedded(embeddedFolder);
  if (!url) {
    throw new Explained(
      "Aucune base de données : lancez d’abord npm start dans ce dossier, ou donnez DATABASE_URL.",
      "No database: run npm start in this folder first, or set DATABASE_URL.",
    );
  }
  env.databaseUrl = url;
  return url;
}

/**
 * For a command: works on the database, starting the embedded one for the time of `work` when it does not
 * run. Does not migrate.
 */
export async function withDatabase<T>(work: (databaseUrl: string) => Promise<T>): Promise<T> {
  if (env.databaseUrl) return work(env.databaseUrl);
  const server = await startEmbedded(embeddedFolder);
  env.databaseUrl = server.url;
  const { usage } = await declareUse(server.url, "src-command");
  try {
    return await work(server.url);
  } finally {
    // Somebody else's server is left alone, even if it came while we worked.
    if (await usage.release()) await server.stop();
  }
}
