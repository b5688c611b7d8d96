/** The row that says a worker lives. */
import { sql } from "#lib/machine/db";

export const registerWorker = (id: string, hostname: string, pid: number) =>
  sql`insert into workers (id, hostname, pid) values (${id}::uuid, ${hostname}, ${pid})`;

export const recordHeartbeat = (id: string) =>
  sql`update workers set heartbeat_at = clock_timestamp() where id = ${id}::uuid`;

export const recordStop = (id: string) =>
  sql`update workers set stopped_at = clock_timestamp() where id = ${id}::uuid`;
