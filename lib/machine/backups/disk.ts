/** What a disk that takes no more answers, as a sentence with its cure. */
import { statfs } from "node:fs/promises";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";

/** Full, over a quota, longer than its files may be (4 GB on many a stick), and PostgreSQL's own word for it. */
const full = new Set(["ENOSPC", "EDQUOT", "EFBIG", "53100"]);
const closed = new Set(["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"]);
const MEGABYTE = 1e6;
/** A segment of PostgreSQL's journal, which it cannot do without. */
const LEAST = 32 * MEGABYTE;

/** A migration that failed has its reason as a cause. */
const codeOf = (error: unknown): string => {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? "");
};

/** Of a backup that could not be written to `path`; anything else is left as it is. */
export function notTaken(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (full.has(code))
    return new Explained(
      `Plus de place pour ${path} : la sauvegarde n’est pas faite, et il n’en reste rien. Libérez de la place ou donnez un autre disque, et recommencez.`,
      `No room for ${path}: the backup was not taken, and nothing is left of it. Free some space or name another disk, and start again.`,
      error,
    );
  if (closed.has(code))
    return new Explained(
      `Impossible d’écrire ${path} (${code}) : le dossier doit exister et appartenir à qui lance la commande. La sauvegarde n’est pas faite.`,
      `${path} cannot be written (${code}): its folder must exist and belong to whoever runs the command. The backup was not taken.`,
      error,
    );
  return error;
}

/** Of a restore. PostgreSQL without room for its journal hangs up before it can say why: then the disk is asked. */
export async function notRestored(error: unknown): Promise<unknown> {
  if (error instanceof Explained || !(full.has(codeOf(error)) || (await isFull()))) return error;
  return new Explained(
    "Plus de place sur le disque de la base : rien n’a été rétabli, elle est restée vide. Libérez de la place, ou prenez un disque plus grand, et relancez la même commande.",
    "No room on the disk of the database: nothing was restored, it is as empty as before. Free some space, or take a larger disk, and run the same command again.",
    error,
  );
}

async function isFull(): Promise<boolean> {
  const disk = await statfs(env.dataDir).catch(() => null);
  return disk !== null && disk.bavail * disk.bsize < LEAST;
}
