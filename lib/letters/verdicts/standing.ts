/** What verdicts do to an address. Only the recipient's own fault counts: blame on sender, content or network punishes nobody. */
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { liftSuppression, suppress } from "#lib/people/suppressions/mutations";

/** Campaigns in a row refused for a passing reason before we stop writing. */
const softLimit = 3;

/** A dead address: no mail of any kind until staff corrects it. */
export async function markDead(client: Runner, addressHash: Uint8Array): Promise<void> {
  await sqlOn(client)`
    update email_addresses set standing = 'hard', standing_at = clock_timestamp()
    where address_hash = ${Buffer.from(addressHash)} and standing in ('ok', 'soft')`;
  await suppress({ addressHash, topicId: null, reason: "hard_bounce" }, client);
}

/** A full or resting mailbox: counted by campaign, and left alone after the third in a row. */
export async function countSoftBounce(
  client: Runner,
  addressHash: Uint8Array,
  contactId: number | null,
): Promise<void> {
  const [run] = await sqlOn(client)<{ soft: number }>`
    with latest as (
      select d.id, row_number() over (order by d.id desc) as n,
        exists (
          select 1 from bounces b where b.delivery_id = d.id and b.verdict = 'soft' and b.blame = 'recipient' and b.overturned_at is null
            and (d.bounce = 'soft' or b.class = 'refusal')) as soft
      from deliveries d
      where d.contact_id = ${contactId}::int and d.address_hash = ${Buffer.from(addressHash)}
        and d.campaign_id is not null and d.status in ('sending', 'unknown', 'sent', 'failed')
      order by d.id desc limit ${softLimit}
    )
    select count(*)::int as soft from latest
    where soft and n < coalesce((select min(n) from latest where not soft), ${softLimit + 1})`;
  const soft = Math.max(1, run?.soft ?? 0);
  await sqlOn(client)`
    update email_addresses set standing = 'soft', soft_bounces = ${soft}, standing_at = clock_timestamp()
    where address_hash = ${Buffer.from(addressHash)} and standing in ('ok', 'soft')`;
  if (soft >= softLimit) await suppress({ addressHash, topicId: null, reason: "hard_bounce" }, client);
}

/** Somebody wrote from it, or a server says that a mail arrived: it lives, and what its resting stopped goes on. */
export async function markAlive(client: Runner, addressHash: Uint8Array): Promise<void> {
  const revived = await sqlOn(client)`
    update email_addresses set standing = 'ok', soft_bounces = 0, standing_at = clock_timestamp()
    where address_hash = ${Buffer.from(addressHash)} and standing = 'soft' returning id`;
  if (revived.length > 0)
    await liftSuppression({ addressHash, topicId: null, reason: "hard_bounce" }, client);
}

/** Days after which a mail that nobody returned has arrived: servers give up sooner (RFC 5321, 4.5.4.1). */
const arrivedDays = 5;

/**
 * A mail that left after the last passing refusal, and that nobody returned since, arrived: its address lives. Several
 * workers may look at once: whoever comes second finds nothing to do. Returns how many.
 */
export const reviveRested = (): Promise<number> =>
  transaction(async (client) => {
    const resting = await sqlOn(client)<{ addressHash: Buffer }>`
      select a.address_hash as "addressHash" from email_addresses a
      where a.standing = 'soft' and a.standing_at < clock_timestamp() - make_interval(days => ${arrivedDays})
        and exists (select from deliveries d where d.contact_id = a.contact_id and d.address_hash = a.address_hash
          and d.status = 'sent' and d.bounced_at is null and d.settled_at > a.standing_at
          and d.settled_at < clock_timestamp() - make_interval(days => ${arrivedDays}))
      order by a.standing_at limit 500 for no key update of a skip locked`;
    for (const { addressHash } of resting) await markAlive(client, addressHash);
    return resting.length;
  });

/**
 * Verdicts on a delivery were taken back: it keeps the gravest of the others, and its address is in service again unless
 * another says that it is dead.
 * @unaudited Whoever takes a verdict back audits it.
 */
export async function standAgain(client: Runner, deliveryId: number): Promise<void> {
  const [row] = await sqlOn(client)<{ addressHash: Buffer }>`
    select address_hash as "addressHash" from deliveries where id = ${deliveryId} for no key update`;
  if (!row) return;
  await sqlOn(client)`
    update deliveries d set bounce = left_over.verdict, bounced_at = case when left_over.verdict is not null then d.bounced_at end
    from (select (select b.verdict from bounces b
      where b.delivery_id = ${deliveryId} and b.class = 'bounce' and b.overturned_at is null and b.reason <> 'delayed'
      order by array_position(array['hard', 'soft', 'unknown'], b.verdict) limit 1) as verdict) left_over
    where d.id = ${deliveryId}`;
  await liftAddress(client, row.addressHash);
}

/**
 * One after another: of two people who take back the last two verdicts, the second sees what the first did. A statement
 * sees what was there as it began, so that waiting in the one that judges would not do.
 */
const lockAddress = (client: Runner, addressHash: Uint8Array) => sqlOn(client)`
  select from email_addresses where address_hash = ${Buffer.from(addressHash)} for no key update`;

/**
 * A verdict was taken back: in service again, unless another that acted and stands says that it is dead.
 * @unaudited Whoever takes a verdict back audits it.
 */
export async function liftAddress(client: Runner, addressHash: Uint8Array): Promise<void> {
  await lockAddress(client, addressHash);
  const lifted = await sqlOn(client)`
    update email_addresses set standing = 'ok', soft_bounces = 0, standing_at = clock_timestamp()
    where address_hash = ${Buffer.from(addressHash)} and standing in ('hard', 'soft')
      and not exists (select from bounces b join deliveries d on d.id = b.delivery_id
        where d.address_hash = email_addresses.address_hash and d.created_at >= email_addresses.created_at
          and b.verdict = 'hard' and b.blame = 'recipient' and b.overturned_at is null and b.proof <> 'none')
    returning id`;
  if (lifted.length > 0) await liftSuppression({ addressHash, topicId: null, reason: "hard_bounce" }, client);
}
