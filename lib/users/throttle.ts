/** Sign-in attempts are counted before they are judged, under a lock: a hundred at once get no more tries than one by one. */
import { createHmac } from "node:crypto";
import { sql, sqlOn, transaction } from "#lib/db";
import { keyFor } from "#lib/seal";
import { type Limit, limits, waitAfter } from "./rules.ts";

type Count = { failures: number; since: number };

/**
 * Counts a try of `email` from `address` (both only kept as keyed hashes).
 * @returns 0 when it may go on, otherwise the seconds to wait; a try that had to wait is not counted.
 */
export async function countAttempt(email: string, address: string): Promise<number> {
  const account = fingerprint("account", email);
  const network = fingerprint("address", address);
  return transaction(async (client) => {
    const on = sqlOn(client);
    await on`select pg_advisory_xact_lock(hashtextextended(${account.toString("hex")}, 0))`;
    await on`select pg_advisory_xact_lock(hashtextextended(${network.toString("hex")}, 0))`;
    const [ofAccount] = await on<Count>`
      select count(*)::int as failures, coalesce(extract(epoch from now() - max(at)), 0)::float as since
      from sign_in_failures where account_hash = ${account} and at > now() - interval '1 day'`;
    const [ofNetwork] = await on<Count>`
      select count(*)::int as failures, coalesce(extract(epoch from now() - max(at)), 0)::float as since
      from sign_in_failures where address_hash = ${network} and at > now() - interval '1 day'`;
    const wait = Math.max(left(ofAccount, limits.account), left(ofNetwork, limits.address));
    if (wait <= 0)
      await on`insert into sign_in_failures (account_hash, address_hash) values (${account}, ${network})`;
    return Math.max(0, Math.ceil(wait));
  });
}

/** A good password clears the account's count; its network keeps the other accounts' failures. */
export async function forgetAttempts(email: string): Promise<void> {
  await sql`delete from sign_in_failures where account_hash = ${fingerprint("account", email)}`;
}

const left = (count: Count | undefined, limit: Limit) =>
  count ? waitAfter(count.failures, limit) - count.since : 0;

const fingerprint = (kind: string, value: string) =>
  createHmac("sha256", keyFor("sign-in")).update(`${kind}:${value}`).digest();
