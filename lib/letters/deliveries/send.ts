/**
 * The engine of one worker: for each relay with something due, some connections, each sending one delivery after
 * the other. A connection announces and settles through the journal, so a crash can leave at most one delivery a
 * connection unknown.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { attempt } from "#lib/letters/deliveries/attempt";
import type { Claim } from "#lib/letters/deliveries/claim";
import { type Prepared, prepare } from "#lib/letters/deliveries/compose";
import { applyConsequences } from "#lib/letters/deliveries/consequences";
import {
  type Desk,
  type Held,
  IDLE,
  type Instant,
  isSafe,
  now,
  openDesk,
} from "#lib/letters/deliveries/desk";
import { type Journal, notBegun, openJournal } from "#lib/letters/deliveries/journal";
import { withoutSecrets } from "#lib/letters/deliveries/secrets";
import { forgetCarrier, recordCarrier, together } from "#lib/letters/deliveries/together";
import { freeSlot, LEASE_SECONDS, renewSlots, takeSlots } from "#lib/letters/ledger/usage";
import { listSendingRelays, type SendingRelay } from "#lib/letters/relays/access";
import type { RelayConnection } from "#lib/letters/relays/connection";
import { type Settlement, settleLetter } from "#lib/letters/relays/rules";
import { log } from "#lib/machine/log";

const RENEW_EVERY = (LEASE_SECONDS / 4) * 1000;
/** Connections one worker keeps to one relay at most; the rest is for its colleagues. */
const MAX_LANES = 20;
const CLAIMS_PER_LANE = 20;
const WIDEN_EVERY = 1_000;
const MOST_CONTENTS = 50;
/** Milliseconds a relay is left alone after the engine itself failed on it. */
const AFTER_FAULT = 2_000;

export type Engine = {
  /** Finishes what is in flight, gives the rest back, and resolves. */
  stop(): Promise<void>;
};

/** What the connections of one relay share. */
type Service = {
  relay: SendingRelay;
  desk: Desk;
  journal: Journal;
  contents: Map<number, Promise<Prepared>>;
  /** When the right to these connections was last renewed. */
  slotsRenewedAt: Instant;
};

export function startEngine(workerId: string): Engine {
  const journal = openJournal(workerId);
  const services = new Map<number, Promise<void>>();
  let stopping = false;

  const loop = (async () => {
    while (!stopping) {
      try {
        for (const relay of await listSendingRelays()) {
          if (services.has(relay.id)) continue;
          const service = serveRelay(relay, workerId, journal, () => stopping)
            .catch(async (error) => {
              log.error({ err: error, relay: relay.id }, "relay served no more");
              await sleep(AFTER_FAULT);
            })
            .finally(() => services.delete(relay.id));
          services.set(relay.id, service);
        }
      } catch (error) {
        log.error({ err: error }, "queue not read");
      }
      await sleep(IDLE);
    }
  })();

  return {
    stop: async () => {
      stopping = true;
      await loop;
      await Promise.all(services.values());
      await journal.close();
    },
  };
}

/** Works through one relay's queue until nothing is due, then gives its connections back. */
async function serveRelay(relay: SendingRelay, workerId: string, journal: Journal, stopping: () => boolean) {
  const wanted = Math.min(relay.maxConnections, MAX_LANES);
  const service: Service = {
    relay,
    desk: openDesk(relay.id, wanted, CLAIMS_PER_LANE, stopping),
    journal,
    contents: new Map(),
    slotsRenewedAt: now(),
  };
  const lanes = new Set<Promise<void>>();
  let closed = false;
  const widen = async () => {
    const asked = now();
    const slots =
      lanes.size < wanted && !stopping() ? await takeSlots(relay.id, workerId, wanted - lanes.size) : [];
    if (closed) return void (await Promise.all(slots.map((slot) => freeSlot(relay.id, workerId, slot))));
    if (lanes.size === 0) service.slotsRenewedAt = asked;
    for (const slot of slots) {
      const lane = runLane(service)
        .catch((error) => log.error({ err: error, relay: relay.id }, "connection given up"))
        .then(() => freeSlot(relay.id, workerId, slot).catch(() => {}))
        .finally(() => lanes.delete(lane));
      lanes.add(lane);
    }
  };
  await widen();
  const timers = [
    setInterval(() => void renew(service, workerId, lanes.size), RENEW_EVERY),
    // Connections that another worker gave back, or that a limit lifted since allows.
    setInterval(() => void widen().catch(() => {}), WIDEN_EVERY),
  ];
  while (lanes.size > 0) await Promise.race(lanes);
  closed = true;
  for (const timer of timers) clearInterval(timer);
  await service.desk.close();
}

async function renew(service: Service, workerId: string, slots: number) {
  const asked = now();
  try {
    await service.desk.renew();
    const kept = await renewSlots(service.relay.id, workerId);
    if (kept.length >= slots) service.slotsRenewedAt = asked;
  } catch (error) {
    log.warn({ err: error, relay: service.relay.id }, "leases not renewed");
  }
}

/** One connection's life. The settlement of a delivery and the mark of the next travel in the same commit. */
async function runLane(service: Service) {
  const { relay, desk, journal, contents } = service;
  let connection: RelayConnection | undefined;
  let settled: Promise<unknown> = Promise.resolve();
  /** Taken from the desk and not yet on their way to be settled. */
  let open: Held[] = [];
  try {
    for (let mail = await desk.next(); mail?.[0]; mail = await desk.next()) {
      const current = mail;
      const [{ claim: first }] = mail;
      open = mail;
      const mayBegin = () => isSafe(service.slotsRenewedAt) && current.every((one) => isSafe(one.renewedAt));
      // Leases not renewed in time: this connection's right is doubtful, and so is the next delivery.
      if (!mayBegin()) {
        break;
      }
      const prepared = await contentOf(contents, first.contentId);
      const [marks] = await Promise.all([Promise.all(open.map(({ claim }) => journal.mark(claim))), settled]);
      for (const [i, one] of open.entries()) if (!marks[i]) desk.done(one);
      open = open.filter((_, i) => marks[i]);
      if (open.length === 0) continue;
      const claims = open.map(({ claim }) => claim);
      if (first.together) await recordCarrier(claims.map(({ id }) => id));
      const tried = await attempt(relay, connection, prepared, claims, mayBegin);
      connection = tried.connection;
      const settlements = await meaningOf(relay.id, prepared, claims, tried.settlements);
      const marked = open;
      settled = Promise.all(
        marked.map((one, i) =>
          journal.settle(one.claim, settlements[i] ?? notBegun).then(() => desk.done(one)),
        ),
      );
      open = [];
    }
  } finally {
    connection?.close();
    // Not announced, it goes back to the queue; announced, its lease must end, and show it as unknown.
    for (const one of open) await desk.giveBack(one).catch(() => {});
    await settled;
  }
}

/** What the answers say, and do to others than these deliveries. */
async function meaningOf(relayId: number, content: Prepared, claims: Claim[], settlements: Settlement[]) {
  const known = content.secret === null ? [] : [content.secret];
  const said = together(content.kind === "campaign" ? settlements : settlements.map(settleLetter));
  const meant: Settlement[] = [];
  for (const [i, claim] of claims.entries()) {
    const one = said[i] ?? notBegun;
    meant.push(await applyConsequences(relayId, claim, { ...one, reply: withoutSecrets(one.reply, known) }));
  }
  const later = claims.filter((_, i) => claims.length > 1 && meant[i]?.status === "queued");
  if (later.length > 0) await forgetCarrier(later.map(({ id }) => id));
  return meant;
}

function contentOf(contents: Service["contents"], id: number): Promise<Prepared> {
  const known = contents.get(id);
  if (known) return known;
  const prepared = prepare(id);
  // Each letter has its own: a relay that is never idle would keep them all.
  for (const oldest of contents.keys()) if (contents.size >= MOST_CONTENTS) contents.delete(oldest);
  contents.set(id, prepared);
  // A database away for a moment must not be remembered as the content's fault.
  prepared.catch(() => contents.delete(id));
  return prepared;
}
