import { notify } from "#lib/department/notices/mutations";
import type { Target } from "#lib/letters/verdicts/attribution";
import type { Proof } from "#lib/letters/verdicts/proof";
import { type Runner, sqlOn } from "#lib/machine/db";
import { recordActivity } from "#lib/people/activities/mutations";
import { endSubscriptions } from "#lib/people/subscriptions/mutations";
import { suppress } from "#lib/people/suppressions/mutations";
import { lockReader } from "#lib/returns/unsubscribe/reader";

/**
 * « Courrier indésirable »: everything stops for this address, for good (RFC 5965; the person's undo does not lift it).
 * One without proof is only written down: anybody may write one.
 */
export async function recordComplaint(
  client: Runner,
  target: Target | null,
  receivedMailId: number,
  proof: Proof,
): Promise<void> {
  await sqlOn(client)`
    insert into bounces (delivery_id, received_mail_id, class, verdict, blame, reason, proof)
    values (${proof === "none" ? null : (target?.deliveryId ?? null)}::int, ${receivedMailId}, 'complaint', 'unknown', 'unknown', 'complaint', ${proof})`;
  if (proof !== "none") await unsubscribeComplainer(client, target, receivedMailId);
}

/** What a proven complaint, or one that somebody believed, does. */
export async function unsubscribeComplainer(
  client: Runner,
  target: Target | null,
  receivedMailId: number,
): Promise<void> {
  const reader = target && (await lockReader(client, target.deliveryId));
  const data = {
    receivedMailId,
    deliveryId: target?.deliveryId ?? null,
    campaignId: target?.campaignId ?? null,
  };
  await notify({ kind: "complaint", contactId: target?.contactId ?? null, data }, client);
  if (!reader) return;
  await sqlOn(
    client,
  )`update deliveries set complained_at = clock_timestamp() where id = ${reader.deliveryId} and complained_at is null`;
  await sqlOn(client)`
    update email_addresses set standing = 'complaint', standing_at = clock_timestamp()
    where address_hash = ${reader.addressHash} and standing <> 'complaint'`;
  await suppress({ addressHash: reader.addressHash, topicId: null, reason: "complaint" }, client);
  const proof = { deliveryId: reader.deliveryId, scope: "all" };
  await endSubscriptions(client, { contactId: reader.contactId, via: "complaint", proof }, null);
  const { contactId, campaignId } = reader;
  if (contactId !== null) await recordActivity({ kind: "complaint", contactId, campaignId, data }, client);
}
