/** Where the connections of a relay fetch their next delivery: claims in batches and knows until when each lease is safe. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Claim, claim, release, renewLeases } from "#lib/letters/deliveries/claim";
import { LEASE_SECONDS } from "#lib/letters/ledger/usage";

export type Held = { claim: Claim; renewedAt: Instant };

/** By both clocks: the steady one stops while the machine is suspended, the other one may be set back. */
export type Instant = { steady: number; wall: number };
export const now = (): Instant => ({ steady: performance.now(), wall: Date.now() });

/** Whether a lease renewed at that instant may still be relied on: a third is kept for what is on its way. */
export function isSafe({ steady, wall }: Instant): boolean {
  const elapsed = Math.max(performance.now() - steady, Date.now() - wall);
  return elapsed < (LEASE_SECONDS * 1000 * 2) / 3;
}

export type Desk = {
  /** The next delivery, or null when the queue has been empty for a while or the worker stops. */
  next(): Promise<Held | null>;
  done(held: Held): void;
  /** Returns one that was not announced. */
  giveBack(held: Held): Promise<void>;
  /** Prolongs all leases. */
  renew(): Promise<void>;
  /** Gives back what was claimed and not begun. */
  close(): Promise<void>;
};

/** How long to wait before looking at an empty queue again. */
export const IDLE = 500;
/** An idle relay's connections are given back after so long: opening one a minute would be « too many logins » at Gmail. */
const LINGER = 30_000;

/**
 * `lanes`: connections to serve. Batches are about a second's work, up to `most` a lane: a letter that arrives, or
 * another worker, never waits behind a long one.
 */
export function openDesk(relayId: number, lanes: number, most: number, stopping: () => boolean): Desk {
  const waiting: Held[] = [];
  const out = new Set<Held>();
  let claiming: Promise<void> | undefined;
  let lastFilled = performance.now();
  let batch = lanes;

  const refill = async () => {
    const asked = now();
    const claims = await claim(relayId, batch);
    for (const one of claims) waiting.push({ claim: one, renewedAt: asked });
    if (claims.length === 0) return stopping() ? undefined : sleep(IDLE);
    const lasted = asked.steady - lastFilled;
    if (claims.length === batch && lasted < 1_000) batch = Math.min(batch * 2, lanes * most);
    else if (lasted > 2_000) batch = Math.max(lanes, Math.ceil(batch / 2));
    lastFilled = asked.steady;
  };
  const claimMore = () => {
    claiming ??= refill().finally(() => {
      claiming = undefined;
    });
    return claiming;
  };

  const next = async (): Promise<Held | null> => {
    while (!stopping()) {
      const held = waiting.shift();
      // The next batch is fetched while this one is worked off.
      if (waiting.length < batch / 2) claimMore().catch(() => {});
      if (held) {
        out.add(held);
        return held;
      }
      await claimMore();
      if (waiting.length === 0 && performance.now() - lastFilled > LINGER) return null;
    }
    return null;
  };

  return {
    next,
    done: (held) => void out.delete(held),
    giveBack: async (held) => {
      out.delete(held);
      await release([held.claim]);
    },
    renew: async () => {
      const all = [...waiting, ...out];
      if (all.length === 0) return;
      const asked = now();
      const kept = await renewLeases(all.map((held) => held.claim));
      for (const held of all) if (kept.has(held.claim.id)) held.renewedAt = asked;
    },
    close: async () => {
      await claiming?.catch(() => {});
      await release(waiting.splice(0).map((held) => held.claim));
    },
  };
}
