/** Whom a link in a mail speaks for: the reader of one delivery, even when the contact was erased since. */
import type pg from "pg";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

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

/**
 * Locks the delivery's row: two clicks on the same link act one after the other. The contact before it, as whoever erases
 * them does, so that neither waits for the other for ever.
 */
export async function lockReader(client: Runner, deliveryId: number): Promise<Reader | null> {
  await sqlOn(client)`
    select from contacts c join deliveries d on d.contact_id = c.id where d.id = ${deliveryId} for key share of c`;
  const [row] = await sqlOn(client)<{
    contactId: number | null;
    campaignId: number | null;
    topicId: number | null;
    addressHash: Buffer;
    addressHashes: Buffer[];
    kind: string;
  }>`
    select d.contact_id as "contactId", d.campaign_id as "campaignId", coalesce(ct.topic_id, k.topic_id) as "topicId",
      d.address_hash as "addressHash", ct.kind,
      array(select d.address_hash union select m.address_hash from email_addresses m where m.contact_id = d.contact_id) as "addressHashes"
    from deliveries d
    join contents ct on ct.id = d.content_id
    left join campaigns k on k.id = d.campaign_id
    where d.id = ${deliveryId} for no key update of d`;
  if (!row) return null;
  const { kind, ...reader } = row;
  return { deliveryId, ...reader, isRehearsal: kind === "test" || kind === "transactional" };
}

/**
 * What readers ask for themselves, as the contact they are today: one transaction, and what `act` says.
 * @unaudited The reader acts, and no account: what they ask keeps its own proof.
 */
export const asContact = <T extends object>(
  deliveryId: number,
  act: (client: pg.PoolClient, contactId: number) => Promise<T>,
): Promise<Result<T, "notFound" | "rehearsal" | "nobodyAnyMore">> =>
  transaction(async (client) => {
    const reader = await lockReader(client, deliveryId);
    if (!reader) return refused("notFound");
    if (reader.isRehearsal) return refused("rehearsal");
    if (reader.contactId === null) return refused("nobodyAnyMore");
    return { ...ok, ...(await act(client, reader.contactId)) };
  });
