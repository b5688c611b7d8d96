/**
 * The reader's ears: one connection a mailbox waits at its main folder for a mail to come (IDLE, RFC 2177). It reads
 * nothing itself: it makes the mailbox due, and the readers go by their cursors. Polling stays: a server may have no IDLE,
 * and a connection that died may be quiet about it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ImapFlow } from "imapflow";
import { failureOf } from "#lib/letters/relays/failure";
import { pool, sql } from "#lib/machine/db";
import { mayLeave } from "#lib/machine/installation/beat";
import {
  backOff,
  type Lease,
  type LeasedRows,
  LeaseLost,
  releaseLease,
  renewLease,
  takeLease,
} from "#lib/machine/lease";
import { log } from "#lib/machine/log";
import { ordinary, type Patience, signIn } from "#lib/returns/mailbox/imap";
import { type AccountRow, accessOf } from "#lib/returns/mailbox/lease";
import { pollMailboxes } from "#lib/returns/mailbox/poll";

/** Milliseconds and bytes. `session`: a connection is made anew after that, whatever it seems; `pace`: between two answers. */
export type Ears = { session: number; renew: number; pace: number; bytes: number; patience: Patience };

const ordinaryEars: Ears = {
  session: 300_000,
  renew: 30_000,
  pace: 1_000,
  bytes: 4_000_000,
  patience: ordinary,
};

/** Connections that one worker keeps open, and how often it looks for another mailbox. */
const MOST = 20;
const LOOK_EVERY = 5_000;
/** Seconds until a server without IDLE is asked again. */
const WITHOUT = 3600;

/** Only where a reader has been let in: a wrong password is tried by one of us, and less and less often. */
const listeners: LeasedRows = {
  table: "mailbox_listeners",
  key: "relay_id",
  readable: `exists (
    select 1 from mailboxes m join relays r on r.id = m.relay_id
    where m.relay_id = due.relay_id and r.kind = 'smtp' and r.archived_at is null and m.read_at is not null and m.failures = 0)`,
};

/** Listens at every mailbox that nobody listens at, until stopped. */
export function startListening(ears: Ears = ordinaryEars): { stop(): Promise<void> } {
  const end = new AbortController();
  const sessions = new Set<Promise<void>>();
  const look = async () => {
    while (!end.signal.aborted) {
      try {
        for (let lease = await nextOf(sessions); lease; lease = await nextOf(sessions)) {
          const session = listenAt(lease, ears, end.signal).finally(() => sessions.delete(session));
          sessions.add(session);
        }
      } catch (error) {
        log.error({ err: error }, "listening failed");
      }
      await sleep(LOOK_EVERY, undefined, { signal: end.signal }).catch(() => {});
    }
  };
  const looking = look();
  return {
    stop: async () => {
      end.abort();
      await Promise.all([looking, ...sessions]);
    },
  };
}

async function nextOf(sessions: Set<unknown>): Promise<Lease | null> {
  if (sessions.size >= MOST || !(await mayLeave())) return null;
  await sql`
    insert into mailbox_listeners (relay_id)
    select m.relay_id from mailboxes m join relays r on r.id = m.relay_id
    where r.kind = 'smtp' and r.archived_at is null
    on conflict do nothing`;
  return takeLease(pool(), listeners);
}

/** One connection, from its first word to its last. Never rejects. */
async function listenAt(lease: Lease, ears: Ears, signal: AbortSignal): Promise<void> {
  try {
    const again = await session(lease, ears, signal);
    await releaseLease(pool(), listeners, lease, again);
  } catch (error) {
    if (error instanceof LeaseLost) return;
    const failure = failureOf(error);
    log.info({ err: error, relayId: lease.id, failure }, "no longer listening");
    await backOff(pool(), listeners, lease, failure).catch(() => {});
  }
}

/** Seconds until the next one. @throws what the network or the server says. */
async function session(lease: Lease, ears: Ears, signal: AbortSignal): Promise<number> {
  const [row] = await sql<AccountRow & { folder: string }>`
    select m.relay_id as "relayId", r.kind, m.host, m.port, m.security, m.username, m.sealed_password as "sealedPassword", m.folder
    from mailboxes m join relays r on r.id = m.relay_id where m.relay_id = ${lease.id}`;
  if (!row) return 0;
  const dialogue = await signIn(await accessOf(row, row.folder), ears.patience);
  const { client } = dialogue;
  const bell = new Bell();
  client.on("exists", () => bell.ring());
  const stopped = () => bell.end(null);
  signal.addEventListener("abort", stopped);
  try {
    if (!client.capabilities.has("IDLE")) return WITHOUT;
    await dialogue.ask((client) => client.mailboxOpen(row.folder, { readOnly: true }));
    // What came between the last reading and now rang nowhere.
    bell.ring();
    void idleFor(client, bell, ears);
    const endsAt = performance.now() + ears.session;
    while (!bell.ended && !signal.aborted && performance.now() < endsAt) {
      if (bell.rung) await answer(lease.id, bell, ears, signal);
      if (client.stats().received > ears.bytes)
        throw Object.assign(new Error("talks without end"), { code: "InvalidResponse" });
      await renewLease(pool(), listeners, lease);
      await bell.wait(Math.min(ears.renew, Math.max(0, endsAt - performance.now())));
    }
    if (bell.fault) throw bell.fault;
    return 0;
  } finally {
    signal.removeEventListener("abort", stopped);
    client.close();
  }
}

/** IDLE ends with each sign of life that the library gives after a quiet minute: it is said again. */
async function idleFor(client: ImapFlow, bell: Bell, { pace }: Ears): Promise<void> {
  try {
    while (!bell.ended) {
      if (!client.usable || (await client.idle()) === false)
        throw Object.assign(new Error("IDLE refused, or hung up"), { code: "NoConnection" });
      await sleep(pace);
    }
  } catch (error) {
    bell.end(error instanceof Error ? error : new Error("IDLE failed"));
  }
}

/** Due now, unless somebody reads it at this moment: then once he is done, since he may have passed the place. */
async function answer(relayId: number, bell: Bell, { pace }: Ears, signal: AbortSignal): Promise<void> {
  bell.rung = false;
  const [row] = await sql<{ reading: boolean }>`
    with rung as (
      update mailboxes set due_at = clock_timestamp()
      where relay_id = ${relayId} and failures = 0 and (lease_until is null or lease_until <= clock_timestamp()) returning 1)
    select not exists (select from rung) and exists (
      select from mailboxes where relay_id = ${relayId} and lease_until > clock_timestamp()) as reading`;
  if (row?.reading) bell.rung = true;
  else if (await mayLeave()) await pollMailboxes(signal, "smtp");
  await sleep(pace, undefined, { signal }).catch(() => {});
}

/** Rung as often as a server likes, it is answered once at a time. */
class Bell {
  rung = false;
  ended = false;
  fault: Error | null = null;
  #wake: (() => void) | null = null;

  ring() {
    this.rung = true;
    this.#wake?.();
  }

  end(fault: Error | null) {
    this.ended = true;
    this.fault ??= fault;
    this.#wake?.();
  }

  /** Until it is rung or ended, and so many milliseconds at most. */
  async wait(most: number): Promise<void> {
    if (this.rung || this.ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, most);
    this.#wake = resolve;
    await promise;
    this.#wake = null;
    clearTimeout(timer);
  }
}
