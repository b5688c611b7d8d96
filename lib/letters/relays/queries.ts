import { pauseOf } from "#lib/letters/relays/rules";
import { db, sql } from "#lib/machine/db";

/** Secrets never leave: a screen is told only whether one is kept. */
const select = {
  id: true,
  name: true,
  kind: true,
  host: true,
  port: true,
  security: true,
  username: true,
  maxConnections: true,
  perMinute: true,
  perHour: true,
  perDay: true,
  pausedUntil: true,
  pauseReason: true,
  testedAt: true,
  triedAt: true,
  probing: true,
  spentUntil: true,
  spentWindow: true,
  mailbox: {
    select: {
      ...{ host: true, port: true, security: true, username: true, folder: true, sentFolder: true },
      ...{ readAt: true, error: true, readJunk: true, moreFolders: true },
      folders: { select: { path: true, error: true }, orderBy: { path: "asc" } },
      listener: { select: { leaseUntil: true } },
    },
  },
  authservId: true,
  sentReader: { select: { path: true, filesCopies: true, readAt: true, error: true } },
  identities: {
    where: { archivedAt: null },
    select: { id: true, displayName: true, address: true, replyTo: true, isDefault: true },
    orderBy: { id: "asc" },
  },
} as const;

/** Its hour or its day is used up; a minute's limit is only its pace. */
const isSpent = (relay: { spentUntil: Date | null; spentWindow: string | null }, now: Date) =>
  relay.spentWindow !== "minute" && relay.spentUntil !== null && relay.spentUntil > now;

/** Every relay in use, with what the last 24 hours used of it. */
export async function listRelays() {
  const [relays, used] = await Promise.all([
    db.relay.findMany({ where: { archivedAt: null }, select, orderBy: { id: "asc" } }),
    sql<{ relayId: number; sent: number }>`
      select relay_id as "relayId", sum(n)::int as sent from relay_usage
      where bucket > clock_timestamp() - interval '24 hours' group by relay_id`,
  ]);
  const now = new Date();
  return relays.map((relay) => ({
    ...relay,
    pause: pauseOf(relay, now),
    isSpent: isSpent(relay, now),
    sentToday: used.find((row) => row.relayId === relay.id)?.sent ?? 0,
  }));
}

export type RelayRow = Awaited<ReturnType<typeof listRelays>>[number];

export async function findRelay(id: number) {
  const [relay, secrets] = await Promise.all([
    db.relay.findFirst({ where: { id, archivedAt: null }, select }),
    sql<{ password: boolean; mailbox: boolean; sent: number }>`
      select sealed_password is not null as password, exists (select 1 from mailboxes m where m.relay_id = r.id and m.sealed_password is not null) as mailbox,
        (select coalesce(sum(n), 0)::int from relay_usage u
         where u.relay_id = r.id and bucket > clock_timestamp() - interval '24 hours') as sent
      from relays r where id = ${id}`,
  ]);
  if (!relay) return null;
  const now = new Date();
  return {
    ...relay,
    pause: pauseOf(relay, now),
    isSpent: isSpent(relay, now),
    hasPassword: secrets[0]?.password ?? false,
    hasMailboxPassword: secrets[0]?.mailbox ?? false,
    sentToday: secrets[0]?.sent ?? 0,
  };
}

export type RelayDetail = NonNullable<Awaited<ReturnType<typeof findRelay>>>;

/** How the latest trial message of a relay fares; null before the first. */
export async function findTrial(relayId: number) {
  const [row] = await sql<{ status: "queued" | "sending" | "unknown" | "sent" | "failed" | "skipped" }>`
    select d.status
    from contents c join identities i on i.id = c.identity_id join deliveries d on d.content_id = c.id
    where i.relay_id = ${relayId} and c.kind = 'test' and c.campaign_id is null order by d.id desc limit 1`;
  return row ?? null;
}

/** True while the application itself writes into the sandbox. */
export const isDefaultSandbox = async () =>
  (await db.identity.count({ where: { isDefault: true, archivedAt: null, relay: { kind: "sandbox" } } })) > 0;
