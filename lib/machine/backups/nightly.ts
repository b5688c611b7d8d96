/** The worker's backups: one a night, by whoever is first, kept by a rule, and restored for trial once a month. */
import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import { log } from "#lib/machine/log";
import { drill, isForbidden } from "./drill.ts";
import { backupFolder } from "./folder.ts";
import type { Restored } from "./restore.ts";
import { damagedFile, surplus } from "./rules.ts";
import { writeBackup } from "./write.ts";

const DRILL_EVERY_DAYS = 28;
/** Installations may share a folder, as those of tests do. */
const nameOf = (own: string, day: string) => `src-${own}-${day}.backup`;

/**
 * Once a day, after two in the morning in Paris; a night that was missed is made up for. The key is left out: it is in the
 * folder beside. Nothing is taken before there is anybody. A night whose worker died is taken up after an hour. True when one was taken.
 */
export async function backUpNightly(): Promise<boolean> {
  const [night] = await sql<{ id: number; day: string; own: string }>`
    insert into backups (day, host, file)
    select day, ${hostname()}, '' from (select (clock_timestamp() at time zone 'Europe/Paris' - interval '2 hours')::date as day) today
    where exists (select from users) and not exists (select from backups b where b.day = today.day and (b.finished_at is not null or b.started_at > clock_timestamp() - interval '1 hour'))
    on conflict (day) do update set started_at = clock_timestamp(), host = excluded.host, error = null
      where backups.finished_at is null and backups.started_at <= clock_timestamp() - interval '1 hour'
    returning id, day::text as day, (select left(uuid::text, 8) from installation) as own`;
  if (!night) return false;
  await take(night.id, join(backupFolder(), nameOf(night.own, night.day)));
  await tidy(night.own);
  await drillWhenDue(night.id);
  return true;
}

async function take(id: number, path: string): Promise<void> {
  try {
    await fs.mkdir(backupFolder(), { recursive: true, mode: 0o700 });
    const { bytes, rows } = await writeBackup(env.databaseUrl ?? "", path, null);
    await sql`
      update backups set finished_at = clock_timestamp(), file = ${path}, bytes = ${bytes}, rows = ${rows}, error = null
      where id = ${id}`;
    log.info({ backup: id, bytes, rows }, "backup taken");
  } catch (error) {
    log.error({ err: error, backup: id }, "backup not taken");
    await sql`update backups set error = ${errorName(error)} where id = ${id}`;
  }
}

/** Of a full disk or a folder that is not ours the code says enough; a message may name anything. */
const errorName = (error: unknown) =>
  String(
    (error as { code?: string }).code ?? (error instanceof Explained ? damagedFile : (error as Error).name),
  );

async function tidy(own: string): Promise<void> {
  const names = await fs.readdir(backupFolder());
  const days = names.flatMap((name) => {
    const day = /\d{4}-\d\d-\d\d/.exec(name)?.[0];
    return day && name === nameOf(own, day) ? [day] : [];
  });
  for (const day of surplus(days)) await fs.rm(join(backupFolder(), nameOf(own, day)), { force: true });
}

async function drillWhenDue(id: number): Promise<void> {
  const [due] = await sql<{ file: string }>`
    select file from backups where id = ${id} and finished_at is not null and not exists (
      select from backups where drilled_at > clock_timestamp() - make_interval(days => ${DRILL_EVERY_DAYS}) and drill_error is null)`;
  if (!due) return;
  await drillBackup(id, due.file).catch((error: unknown) =>
    log.error({ err: error, backup: id }, "backup not restored for trial"),
  );
}

/**
 * Tries the backup, and sets down what came of it, unless it could not be tried. @throws what drill() does
 * @unaudited The row of `backups` says when, and what came of it.
 */
export async function drillBackup(id: number, file: string): Promise<Restored> {
  const setDown = (error: string | null) => sql`
    update backups set drilled_at = clock_timestamp(), drill_error = ${error} where id = ${id}`;
  try {
    const restored = await drill(env.databaseUrl ?? "", file);
    await setDown(null);
    log.info({ backup: id }, "backup restored for trial");
    return restored;
  } catch (error) {
    if (!isForbidden(error)) await setDown(errorName(error));
    throw error;
  }
}
