import { sql } from "#lib/machine/db";

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
