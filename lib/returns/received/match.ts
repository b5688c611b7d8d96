/** Which delivery a mail answers. */

import { deliveryOf } from "#lib/letters/deliveries/message-id";
import type { Target } from "#lib/letters/verdicts/mutations";
import { type Runner, sqlOn } from "#lib/machine/db";
import { foldAddress } from "#lib/machine/seal";

type Row = { id: number; contact_id: number | null; campaign_id: number | null; address_hash: Buffer };

const toTarget = (row: Row | undefined): Target | null =>
  row
    ? {
        deliveryId: row.id,
        contactId: row.contact_id,
        campaignId: row.campaign_id,
        addressHash: row.address_hash,
      }
    : null;

/** By the Message-IDs it refers to: ours are signed, so nobody can name a delivery they never received. */
export async function matchReferences(client: Runner, references: string[]): Promise<Target | null> {
  const ids = references.slice(0, 200).flatMap((reference) => deliveryOf(reference) ?? []);
  if (ids.length === 0) return null;
  const [row] = await sqlOn(client)<Row>`
    select id, contact_id, campaign_id, address_hash from deliveries
    where id = any(${ids}::int[]) order by array_position(${ids}::int[], id) limit 1`;
  return toTarget(row);
}

/**
 * Failing that, by address: the last mail this relay took for it within `days`. A report without the Message-ID may
 * be anybody's, so the window is short and a mail we never sent is never blamed.
 */
export async function matchAddress(
  client: Runner,
  relayId: number,
  addresses: (string | null)[],
  days: number,
): Promise<Target | null> {
  const folded = addresses.flatMap((address) => (address ? [foldAddress(address)] : []));
  if (folded.length === 0) return null;
  const [row] = await sqlOn(client)<Row>`
    select d.id, d.contact_id, d.campaign_id, d.address_hash
    from email_addresses a
    join deliveries d on d.contact_id = a.contact_id and d.address = a.address
    where a.address = any(${folded.slice(0, 50)}::text[]) and d.relay_id = ${relayId} and d.status in ('sending', 'unknown', 'sent')
      and d.created_at > clock_timestamp() - make_interval(days => ${days})
    order by d.id desc limit 1`;
  return toTarget(row);
}

/** Who writes, when no delivery says so. */
export async function matchContact(client: Runner, address: string | null): Promise<number | null> {
  if (!address) return null;
  const [row] = await sqlOn(client)<{ contact_id: number }>`
    select contact_id from email_addresses where address = ${foldAddress(address)}`;
  return row?.contact_id ?? null;
}
