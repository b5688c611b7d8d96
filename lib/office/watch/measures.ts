/** What findFaults() judges, read from the database, this machine's disk and the public address. */
import { statfs } from "node:fs/promises";
import { connect } from "node:tls";
import { getPublicUrl } from "#lib/department/settings/public-address";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { isLoopback } from "#lib/machine/network/loopback";
import { type Fault, findFaults, idleSeconds, type Measures } from "./rules.ts";

/** The faults of this moment. @throws when the database does not answer. */
export async function listFaults(): Promise<Fault[]> {
  return findFaults(await measure());
}

/** Small tables, and the first due row of each campaign under way: it costs the same at any size. */
export async function measure(): Promise<Measures> {
  const [row] = await sql<Omit<Measures, "disk" | "certificateDays">>`
    select clock_timestamp() as now,
      (select extract(epoch from clock_timestamp() - max(heartbeat_at))::float8 from workers where stopped_at is null) as "heartbeatAge",
      (select min(created_at) from users) as "startedAt",
      (select max(finished_at) from backups) as "backupAt",
      (select error from backups order by day desc limit 1) as "backupError",
      (select drill_error from backups where drilled_at is not null order by drilled_at desc limit 1) as "drillError",
      (select max(drilled_at) from backups where drill_error is null) as "drilledAt",
      (select held_at is not null from installation) as held,
      (select coalesce(jsonb_agg(jsonb_build_object('relayId', r.id, 'name', r.name,
          'age', extract(epoch from clock_timestamp() - greatest(coalesce(m.read_at, r.created_at), m.progress_at)),
          'reading', m.failures = 0 and m.lease_until > clock_timestamp()) order by r.id), '[]')
        from mailboxes m join relays r on r.id = m.relay_id where r.archived_at is null) as mailboxes,
      (select coalesce(jsonb_agg(jsonb_build_object('campaignId', k.id, 'name', k.name,
          'late', extract(epoch from clock_timestamp() - idle.since))), '[]')
        from campaigns k join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
        cross join lateral (
          select due_at from deliveries where content_id = ct.id and status = 'queued' order by due_at, id limit 1) first
        cross join lateral (
          select min(greatest(first.due_at, k.resumed_at, r.paused_until, r.spent_until)) as since
          from open_routes o join relays r on r.id = o.relay_id
          where o.identity_id = ct.identity_id and not is_paused(r.pause_reason, r.paused_until)
            and (r.spent_until is null or r.spent_until <= clock_timestamp())
            and not exists (select from relay_usage u
              where u.relay_id = r.id and u.bucket > clock_timestamp() - make_interval(secs => ${idleSeconds}))) idle
        where k.status = 'sending' and idle.since is not null) as stuck,
      (select count(*)::int from (select from deliveries
        where status = 'sending' and lease_until < clock_timestamp() - make_interval(secs => ${idleSeconds}) limit 1000) lost) as unwritten,
      exists (select from pg_stat_replication where sync_state = 'async') as "asyncStandby"`;
  if (!row) throw new Error("nothing was measured");
  return { ...row, disk: await readDisk(), certificateDays: await daysOfCertificate(await getPublicUrl()) };
}

async function readDisk(): Promise<Measures["disk"]> {
  try {
    const { bavail, blocks, bsize } = await statfs(env.dataDir);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return null;
  }
}

const asked = new Map<string, { at: number; days: number | null }>();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Asked once a minute, of the address that the administrator gave; a handshake and nothing more. */
async function daysOfCertificate(publicUrl: string): Promise<number | null> {
  const url = URL.parse(publicUrl);
  if (url?.protocol !== "https:" || isLoopback(url.hostname)) return null;
  const known = asked.get(url.host);
  if (known && Date.now() - known.at < MINUTE) return known.days;
  const end = await endOfCertificate(url.hostname, Number(url.port || 443));
  const days = end && Math.floor((end.getTime() - Date.now()) / DAY);
  asked.set(url.host, { at: Date.now(), days });
  return days;
}

/** Null when nobody answers: the machine may not be allowed to reach itself by its public name. */
export function endOfCertificate(host: string, port: number): Promise<Date | null> {
  return new Promise((resolve) => {
    // One that has ended, or is nobody's, is read all the same: that is the question.
    const socket = connect({ host, port, servername: host, rejectUnauthorized: false, timeout: 3_000 });
    const give = (end: Date | null) => {
      socket.destroy();
      resolve(end);
    };
    socket.once("secureConnect", () => {
      const end = new Date(socket.getPeerCertificate().valid_to);
      give(Number.isNaN(end.getTime()) ? null : end);
    });
    socket.once("error", () => give(null));
    socket.once("timeout", () => give(null));
  });
}
