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
  /** The next mail: one delivery, or several that leave together. Null when the queue has been empty for a while or the worker stops. */
  next(): Promise<Held[] | null>;
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
 * `lanes`: connections to serve. Batches are about half a second's work, up to `most` a lane: a letter that arrives, or
 * another worker, never waits behind a long one (`npm run bench letters`).
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
    const held = claims.map((one) => ({ claim: one, renewedAt: asked }));
    // A letter that somebody just wrote does not wait behind what was claimed of a campaign before it.
    waiting.unshift(...held.filter(({ claim }) => claim.letter));
    waiting.push(...held.filter(({ claim }) => !claim.letter));
    if (claims.length === 0) return stopping() ? undefined : sleep(IDLE);
    const lasted = asked.steady - lastFilled;
    if (claims.length >= batch && lasted < 400) batch = Math.min(batch * 2, lanes * most);
    else if (lasted > 900) batch = Math.max(lanes, Math.ceil(batch / 2));
    lastFilled = asked.steady;
  };
  const claimMore = () => {
    claiming ??= refill().finally(() => {
      claiming = undefined;
    });
    return claiming;
  };

  /** A mail to several people is one message: whoever of them was claimed leaves in it. Nobody else takes one meanwhile. */
  const take = (): Held[] => {
    const first = waiting.shift();
    if (!first) return [];
    const isCompanion = ({ claim }: Held) => claim.together && claim.contentId === first.claim.contentId;
    const mail = first.claim.together ? [first, ...waiting.filter(isCompanion)] : [first];
    for (const one of mail.slice(1)) waiting.splice(waiting.indexOf(one), 1);
    for (const one of mail) out.add(one);
    return mail;
  };

  const next = async (): Promise<Held[] | null> => {
    while (!stopping()) {
      const mail = take();
      // The next batch is fetched while this one is worked off.
      if (waiting.length < batch / 2) claimMore().catch(() => {});
      if (mail.length > 0) return mail;
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
