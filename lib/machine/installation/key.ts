/** The key is the one that this database was sealed with, or nothing starts. */
import type { Client } from "pg";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import { fingerprint } from "#lib/machine/seal";

/**
 * Sets the fingerprint down the first time. Asked before anything uses the key, which would make a new one in silence.
 * @throws Explained when the key is missing or another, with the cure.
 * @unaudited At the start of a process, once in the life of a database.
 */
export async function requireKey(client: Client): Promise<void> {
  const there = await client.query("select where to_regclass('installation') is not null");
  if (there.rowCount === 0) return;
  const { rows } = await client.query<{ known: string | null }>(
    "select key_fingerprint as known from installation",
  );
  const known = rows[0]?.known ?? null;
  if (known !== null && env.keyGiven === null) throw missing();
  if (known !== null && known !== fingerprint()) throw other(env.keyGiven ?? "");
  if (known === null)
    await client.query("update installation set key_fingerprint = $1 where key_fingerprint is null", [
      fingerprint(),
    ]);
}

const missing = () =>
  new Explained(
    `La clé de cette installation manque : remettez votre copie de secret.key dans ${env.dataDir} (droits 600), ou rétablissez une sauvegarde qui la contient. Aucune autre ne peut la remplacer : les mots de passe des relais et la liste d’opposition en dépendent. Rien n’a été modifié.`,
    `The key of this installation is missing: put your copy of secret.key back into ${env.dataDir} (mode 600), or restore a backup that has it. No other can replace it: the passwords of relays and the list of who said stop depend on it. Nothing was changed.`,
  );

const other = (where: string) =>
  new Explained(
    `La clé qui est là (${where}) n’est pas celle de cette base : remettez la bonne, ou vérifiez DATABASE_URL. Rien n’a été modifié.`,
    `The key that is here (${where}) is not that of this database: put the right one back, or check DATABASE_URL. Nothing was changed.`,
  );
