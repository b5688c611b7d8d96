/** Which delivery a mail answers. */

import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { findNamed } from "#lib/letters/deliveries/names";
import { companionsOf } from "#lib/letters/deliveries/together";
import { names, type Target } from "#lib/letters/verdicts/attribution";
import { provenDays } from "#lib/letters/verdicts/proof";
import { type Runner, sqlOn } from "#lib/machine/db";
import { foldAddress } from "#lib/machine/seal";
import type { DeliveryName } from "#lib/machine/tokens";

type Row = {
  id: number;
  contactId: number | null;
  campaignId: number | null;
  addressHash: Buffer;
  address: string | null;
  old: boolean;
  answered: boolean;
};

const toTarget = (row: Row | undefined): Target | null =>
  row
    ? {
        deliveryId: row.id,
        contactId: row.contactId,
        campaignId: row.campaignId,
        addressHash: row.addressHash,
        address: row.address,
        old: row.old,
        answered: row.answered,
      }
    : null;

/** By the Message-IDs it refers to: ours are signed, so nobody can name a delivery they never received. */
export async function matchReferences(
  client: Runner,
  references: string[],
  at: Date,
): Promise<Target | null> {
  return matchDeliveries(
    client,
    references.slice(0, 200).flatMap((reference) => deliveryOf(reference) ?? []),
    at,
  );
}

/**
 * Of a mail to several people (decision 59), the one whom these addresses name; as it was when they name none of them, or
 * when it was to one.
 */
export async function memberOf(
  client: Runner,
  target: Target,
  addresses: (string | null)[],
  at: Date,
): Promise<Target> {
  const members = await companionsOf(target.deliveryId, client);
  if (members.length === 0) return target;
  const member = members.find(({ address }) =>
    addresses.some(
      (one) => one !== null && names({ recipient: one, originalRecipient: null }, address, false),
    ),
  );
  const found = member && (await matchDelivery(client, member.id, at));
  return { ...(found ?? target), together: true };
}

/** The first of these deliveries that is here. */
export async function matchDeliveries(
  client: Runner,
  names: DeliveryName[],
  at: Date,
): Promise<Target | null> {
  const [first] = await findNamed(names, client);
  return first === undefined ? null : matchDelivery(client, first, at);
}

/** The one that was matched before, as old as it was when the mail came. */
export async function matchDelivery(client: Runner, id: number, at: Date): Promise<Target | null> {
  const [row] = await sqlOn(client)<Row>`
    select id, contact_id as "contactId", campaign_id as "campaignId", address_hash as "addressHash", case when erased_at is null then address end as address,
      coalesce(settled_at, created_at) < least(${at}::timestamptz, clock_timestamp()) - make_interval(days => ${provenDays}) as old,
      replied_at is not null as answered
    from deliveries where id = ${id}`;
  return toTarget(row);
}

/**
 * Failing that, by address: the last mail this relay took for it within `days` before the mail came. A report without the Message-ID may
 * be anybody's, so the window is short and a mail we never sent is never blamed.
 */
export async function matchAddress(
  client: Runner,
  relayId: number,
  addresses: (string | null)[],
  { at, days }: { at: Date; days: number },
): Promise<Target | null> {
  const folded = addresses.flatMap((address) => (address ? [foldAddress(address)] : []));
  if (folded.length === 0) return null;
  const [row] = await sqlOn(client)<Row>`
    select d.id, d.contact_id as "contactId", d.campaign_id as "campaignId", d.address_hash as "addressHash", d.address, false as old, d.replied_at is not null as answered
    from email_addresses a
    join deliveries d on d.contact_id = a.contact_id and d.address = a.address
    where a.address = any(${folded.slice(0, 50)}::text[]) and d.relay_id = ${relayId} and d.status in ('sending', 'unknown', 'sent')
      and d.created_at > least(${at}::timestamptz, clock_timestamp()) - make_interval(days => ${days}) and d.created_at <= ${at}::timestamptz + interval '1 day'
    order by d.id desc limit 1`;
  return toTarget(row);
}

/** Who writes, when no delivery says so. */
export async function matchContact(client: Runner, address: string | null): Promise<number | null> {
  if (!address) return null;
  const [row] = await sqlOn(client)<{ contactId: number }>`
    select contact_id as "contactId" from email_addresses where address = ${foldAddress(address)}`;
  return row?.contactId ?? null;
}

/** The names by which this relay's provider, or we, would sign a report. */
export async function relayHosts(
  client: Runner,
  relayId: number,
): Promise<{ authservId: string; hosts: string[] }> {
  const [row] = await sqlOn(client)<{ authservId: string; hosts: string[] }>`
    select r.authserv_id as "authservId", array_remove(array[r.host, coalesce(m.host, '')] || array(
      select split_part(i.address, '@', 2) from identities i where i.relay_id = r.id and i.archived_at is null), '') as hosts
    from relays r left join mailboxes m on m.relay_id = r.id where r.id = ${relayId}`;
  return { authservId: row?.authservId ?? "", hosts: row?.hosts ?? [] };
}
