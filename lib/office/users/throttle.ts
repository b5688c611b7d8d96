/** Tries are counted before they are judged, under a lock: a hundred at once get no more than one by one. */
import { createHmac } from "node:crypto";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { keyFor } from "#lib/machine/seal";
import type { Device } from "./device.ts";
import { type Limit, limits, networkOf, waitAfter } from "./rules.ts";

/** Who asks: from where, and with a browser that is known to which account. */
export type Visitor = { network: string; device: Device | null };
export const unknownVisitor: Visitor = { network: "unknown", device: null };

/**
 * Counts a sign-in as `email`. A browser that signed in to this account before has its own tries: whoever guesses
 * elsewhere uses up none of them, not even behind the same address.
 * @returns 0 when it may go on, otherwise the seconds to wait; a try that had to wait is not counted.
 */
export async function countSignIn(email: string, userId: number | undefined, from: Visitor): Promise<number> {
  const own = ownBucket("device", userId, from);
  if (own) return count(own, own);
  return count(bucket("account", email), bucket("address", networkOf(from.network)));
}

/** May this visitor have a reset written to this address? By address, so that nobody's mailbox is flooded. */
export async function mayAskReset(
  email: string,
  userId: number | undefined,
  from: Visitor,
): Promise<boolean> {
  const own = ownBucket("deviceReset", userId, from);
  if (own) return (await count(own, own)) === 0;
  return (await count(bucket("reset", email), bucket("addressReset", networkOf(from.network)))) === 0;
}

/** May this person's own password be tried? A stolen session must not guess it. */
export async function mayTryPassword(userId: number): Promise<boolean> {
  const own = bucket("current", String(userId));
  return (await count(own, own)) === 0;
}

/** May an invitation be written to this address by this administrator (null: the command line)? */
export async function mayInvite(email: string, by: { id: number } | null): Promise<boolean> {
  if (!by) return true;
  return (await count(bucket("invitation", email), bucket("inviter", String(by.id)))) === 0;
}

/** A good password clears what was counted of its account or browser; a network keeps the other accounts' failures. */
export const forgetSignIns = (email: string, userId: number, from: Visitor): Promise<void> =>
  forget(ownBucket("device", userId, from) ?? bucket("account", email));

/** The person's own password was right. */
export const forgetPasswordTries = (userId: number): Promise<void> =>
  forget(bucket("current", String(userId)));

async function forget({ hash }: Bucket): Promise<void> {
  await sql`delete from sign_in_failures where account_hash = ${hash}`;
}

type Bucket = { hash: Buffer; limit: Limit };

const limitOf = {
  account: limits.account,
  device: limits.account,
  reset: limits.account,
  deviceReset: limits.account,
  current: limits.account,
  invitation: limits.account,
  address: limits.address,
  addressReset: limits.address,
  inviter: limits.inviter,
};

/** Only kept as a keyed hash. */
const bucket = (kind: keyof typeof limitOf, value: string): Bucket => ({
  hash: createHmac("sha256", keyFor("sign-in")).update(`${kind}:${value}`).digest(),
  limit: limitOf[kind],
});

/** Null unless this browser is known to this very account. */
function ownBucket(kind: "device" | "deviceReset", userId: number | undefined, { device }: Visitor) {
  return device && device.userId === userId ? bucket(kind, device.id) : null;
}

type Count = { failures: number; since: number };

async function count(first: Bucket, second: Bucket): Promise<number> {
  return transaction(async (client) => {
    const on = sqlOn(client);
    await on`select pg_advisory_xact_lock(hashtextextended(${first.hash.toString("hex")}, 0))`;
    await on`select pg_advisory_xact_lock(hashtextextended(${second.hash.toString("hex")}, 0))`;
    const [ofFirst] = await on<Count>`
      select count(*)::int as failures, coalesce(extract(epoch from clock_timestamp() - max(at)), 0)::float as since
      from sign_in_failures where account_hash = ${first.hash} and at > now() - interval '1 day'`;
    const [ofSecond] = await on<Count>`
      select count(*)::int as failures, coalesce(extract(epoch from clock_timestamp() - max(at)), 0)::float as since
      from sign_in_failures where address_hash = ${second.hash} and at > now() - interval '1 day'`;
    const wait = Math.max(left(ofFirst, first.limit), left(ofSecond, second.limit));
    if (wait <= 0)
      await on`insert into sign_in_failures (account_hash, address_hash, at) values (${first.hash}, ${second.hash}, clock_timestamp())`;
    return Math.max(0, Math.ceil(wait));
  });
}

/** Who waited for the lock began before the last try was written: below the limit nobody waits, whatever the clocks say. */
function left(counted: Count | undefined, limit: Limit): number {
  const wait = counted ? waitAfter(counted.failures, limit) : 0;
  return wait && counted ? wait - counted.since : 0;
}
