/** A drill: a backup is put back beside the installation, compared, and thrown away. */
import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { Explained } from "#lib/machine/explained";
import { connect } from "#lib/machine/postgres/connect";
import { readHeader } from "./format.ts";
import { type Restored, restoreBackup } from "./restore.ts";

const DAY = 24 * 3600_000;

/**
 * On the same server, in a database of its own. @throws Explained when it differs, or the role may make no database.
 * @unaudited Everything it writes is thrown away.
 */
export async function drill(databaseUrl: string, path: string): Promise<Restored> {
  const header = await readHeader(path);
  const name = `src_drill_${Date.now().toString(36)}_${randomBytes(4).toString("hex")}`;
  const beside = new URL(databaseUrl);
  beside.pathname = `/${name}`;
  const client = await connect(databaseUrl, { application_name: "src-drill" });
  try {
    await dropForsaken(client);
    await client.query(`create database ${name} template template0`).catch((error: unknown) => {
      throw isForbidden(error) ? notAllowed(error) : error;
    });
    return await restoreBackup(beside.href, path, header);
  } finally {
    await drop(client, name).catch(() => undefined);
    await client.end();
  }
}

/** Autovacuum may be in it, which only a superuser may force; asked politely, the server stops it by itself. */
const drop = (client: Client, name: string) =>
  client
    .query(`drop database if exists ${name} with (force)`)
    .catch(() => client.query(`drop database if exists ${name}`));

/** What drills that were killed left: everybody's data, and the room it takes. */
async function dropForsaken(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`
    select datname as name from pg_database
    where datname ~ '^src_drill_[0-9a-z]+_[0-9a-f]{8}$' and pg_get_userbyid(datdba) = current_user`);
  for (const { name } of rows) {
    const [, , at = ""] = name.split("_");
    if (Date.now() - Number.parseInt(at, 36) > DAY) await drop(client, name).catch(() => undefined);
  }
}

/** The role may make no database: that says nothing of the backup. */
export const isForbidden = (error: unknown): boolean => {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return (code ?? cause?.code) === "42501";
};

const notAllowed = (error: unknown) =>
  new Explained(
    "L’exercice a besoin d’une base à côté, que ce rôle ne peut pas créer : « alter role … createdb », ou rétablissez la sauvegarde sur une autre machine.",
    "The drill needs a database beside, which this role may not create: “alter role … createdb”, or restore the backup on another machine.",
    error,
  );
