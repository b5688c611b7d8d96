/** A drill: a backup is put back beside the installation, compared, and thrown away. */
import { randomBytes } from "node:crypto";
import { Explained } from "#lib/machine/explained";
import { connect } from "#lib/machine/postgres/connect";
import { readHeader } from "./format.ts";
import { type Restored, restoreBackup } from "./restore.ts";

/**
 * On the same server, in a database of its own. @throws Explained when it differs, or the role may make no database.
 * @unaudited Everything it writes is thrown away.
 */
export async function drill(databaseUrl: string, path: string): Promise<Restored> {
  const header = await readHeader(path);
  const name = `src_drill_${randomBytes(4).toString("hex")}`;
  const beside = new URL(databaseUrl);
  beside.pathname = `/${name}`;
  const client = await connect(databaseUrl, { application_name: "src-drill" });
  try {
    await client.query(`create database ${name} template template0`).catch((error: unknown) => {
      throw notAllowed(error);
    });
    return await restoreBackup(beside.href, path, header);
  } finally {
    await client.query(`drop database if exists ${name} with (force)`).catch(() => undefined);
    await client.end();
  }
}

const notAllowed = (error: unknown) =>
  new Explained(
    "L’exercice a besoin d’une base à côté, que ce rôle ne peut pas créer : « alter role … createdb », ou rétablissez la sauvegarde sur une autre machine.",
    "The drill needs a database beside, which this role may not create: “alter role … createdb”, or restore the backup on another machine.",
    error,
  );
