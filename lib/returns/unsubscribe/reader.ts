/** Whom a link in a mail speaks for: the reader of one delivery, even when the contact was erased since. */
import { type Runner, sqlOn } from "#lib/machine/db";

export type Reader = {
  deliveryId: number;
  contactId: number | null;
  campaignId: number | null;
  /** Null for letters of the application itself. */
  topicId: number | null;
  addressHash: Buffer;
  /** Theirs today, this one included: a stop is a person's, and so is its undo. */
  addressHashes: Buffer[];
  /** A test or a letter to staff: its links show what they would do, and do nothing. */
  isRehearsal: boolean;
};

/** Locks the delivery's row: two clicks on the same link act one after the other. */
export async function lockReader(client: Runner, deliveryId: number): Promise<Reader | null> {
  const [row] = await sqlOn(client)<{
    contact_id: number | null;
    campaign_id: number | null;
    topic_id: number | null;
    address_hash: Buffer;
    address_hashes: Buffer[];
    kind: string;
  }>`
    select d.contact_id, d.campaign_id, coalesce(ct.topic_id, k.topic_id) as topic_id, d.address_hash, ct.kind,
      array(select d.address_hash union select m.address_hash from email_addresses m where m.contact_id = d.contact_id) as address_hashes
    from deliveries d
    join contents ct on ct.id = d.content_id
    left join campaigns k on k.id = d.campaign_id
    where d.id = ${deliveryId} for no key update of d`;
  if (!row) return null;
  return {
    deliveryId,
    contactId: row.contact_id,
    campaignId: row.campaign_id,
    topicId: row.topic_id,
    addressHash: row.address_hash,
    addressHashes: row.address_hashes,
    isRehearsal: row.kind === "test" || row.kind === "transactional",
  };
}
