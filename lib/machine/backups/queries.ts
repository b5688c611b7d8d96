import { resolve } from "node:path";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";

export type BackupRow = {
  id: number;
  day: string;
  host: string;
  file: string;
  startedAt: Date;
  finishedAt: Date | null;
  bytes: number | null;
  rows: number | null;
  error: string | null;
  drilledAt: Date | null;
  drillError: string | null;
};

/** The nights of the last weeks, newest first. */
export const listBackups = (limit = 60): Promise<BackupRow[]> => sql<BackupRow>`
  select id, day::text as day, host, file, started_at as "startedAt", finished_at as "finishedAt", bytes::float8 as bytes,
    rows::float8 as rows, error, drilled_at as "drilledAt", drill_error as "drillError"
  from backups order by day desc limit ${limit}`;

/** Folders of the machine where attachments are, of today's choice too: no backup holds what is in them. */
export async function listFoldersOutside(): Promise<string[]> {
  const rows = await sql<{ folder: string }>`
    select folder from attachments where folder is not null
    union select attachments_folder from settings where attachments_folder is not null order by 1`;
  return rows.map(({ folder }) => resolve(env.dataDir, folder));
}
