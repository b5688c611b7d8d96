/** Whether a server and a database that somebody else made are what the structure is written for. */
import type { Client } from "pg";
import { Explained } from "#lib/machine/explained";

/** `nulls not distinct` and `security_invoker` are of this version. */
const OLDEST = 15;

/** Asked before anything is written. @throws Explained with the cure. */
export async function requireFit(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; name: string }>(`
    select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
      current_database() as name`);
  const [found] = rows;
  if (!found) throw new Error("the server says nothing of itself");
  const reason = unfit(found);
  if (reason) throw reason;
}

/** Pure: null when it will do. */
export function unfit(found: { version: number; encoding: string; name: string }): Explained | null {
  if (found.version < OLDEST) return tooOld(found.version);
  return found.encoding === "UTF8" ? null : notUnicode(found.name, found.encoding);
}

const tooOld = (version: number) =>
  new Explained(
    `Ce serveur PostgreSQL est en version ${version} ; il faut la ${OLDEST} ou une plus récente. Mettez-le à jour, ou donnez dans DATABASE_URL l’adresse d’un autre. Rien n’a été écrit.`,
    `This PostgreSQL server is version ${version}; ${OLDEST} or newer is needed. Upgrade it, or name another in DATABASE_URL. Nothing was written.`,
  );

const notUnicode = (name: string, encoding: string) => {
  const cure = `createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 ${name}`;
  return new Explained(
    `La base « ${name} » est en ${encoding}, qui ne sait pas écrire tous les noms ; il la faut en UTF-8. Supprimez-la si elle est vide, refaites-la par « ${cure} », et recommencez. Rien n’a été écrit.`,
    `The database “${name}” is in ${encoding}, which cannot write every name; it must be in UTF-8. Drop it if it is empty, make it again by “${cure}”, and start again. Nothing was written.`,
  );
};
