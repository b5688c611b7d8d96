import type { SuppressionReason } from "#db/enums";
import { pool, type Runner, sqlOn } from "#lib/machine/db";

/** `topicId` null: all mail. The hash is `hashAddress()` of lib/machine/seal: it outlives the address. */
export type SuppressionKey = { addressHash: Uint8Array; topicId: number | null; reason: SuppressionReason };

/**
 * Stops mail to an address; each reason stands by itself. Returns false when it already stood.
 * @unaudited The row says why and when; when staff ask, changeSubscription audits.
 */
export async function suppress(key: SuppressionKey, runner: Runner = pool()): Promise<boolean> {
  const rows = await sqlOn(runner)`
    insert into suppressions (address_hash, topic_id, reason)
    values (${Buffer.from(key.addressHash)}, ${key.topicId}::int, ${key.reason}::"SuppressionReason")
    on conflict (address_hash, topic_id, reason) where lifted_at is null do nothing
    returning id`;
  return rows.length === 1;
}

/**
 * Ends one suppression; the other reasons not to write stay. Returns false when it did not stand.
 * @unaudited The row says when; when staff ask, changeSubscription audits.
 */
export async function liftSuppression(key: SuppressionKey, runner: Runner = pool()): Promise<boolean> {
  const rows = await sqlOn(runner)`
    update suppressions set lifted_at = clock_timestamp()
    where address_hash = ${Buffer.from(key.addressHash)} and topic_id is not distinct from ${key.topicId}::int
      and reason = ${key.reason}::"SuppressionReason" and lifted_at is null
    returning id`;
  return rows.length > 0;
}
