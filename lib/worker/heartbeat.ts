/** The row that says a worker lives. */
import { sql } from "#lib/machine/db";

export const enrol = (id: string, hostname: string, pid: number) =>
  sql`insert into workers (id, hostname, pid) values (${id}::uuid, ${hostname}, ${pid})`;

export const beat = (id: string) =>
  sql`update workers set heartbeat_at = clock_timestamp() where id = ${id}::uuid`;

export const leave = (id: string) =>
  sql`update workers set stopped_at = clock_timestamp() where id = ${id}::uuid`;
