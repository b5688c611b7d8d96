/** The consent to be known by the letters one follows: given and taken back by the reader alone, never by the staff. */
import { type Runner, sqlOn } from "#lib/machine/db";
import { clickConsentVersion } from "#lib/people/consents/rules";
import { recordWish, type Wish } from "#lib/people/subscriptions/mutations";

type Consenting = Wish & { contactId: number };

/**
 * Gives it for today’s words, `text` being what was read. One for older words is forgotten first, with what it had
 * allowed. Returns whether it did not stand already.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export async function giveClickConsent(client: Runner, wish: Consenting, text: string): Promise<boolean> {
  await sqlOn(client)`
    delete from click_consents where contact_id = ${wish.contactId} and version <> ${clickConsentVersion}`;
  const rows = await sqlOn(client)`
    insert into click_consents (contact_id, version, since) values (${wish.contactId}, ${clickConsentVersion}, clock_timestamp())
    on conflict do nothing returning contact_id`;
  const proof = { ...wish.proof, version: clickConsentVersion, text };
  if (rows.length > 0) await recordWish(client, { ...wish, proof }, "clicks_allowed");
  return rows.length > 0;
}

/**
 * Takes it back, whatever its words: every click it had allowed goes with its row. Returns false when nothing stood.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export async function withdrawClickConsent(client: Runner, wish: Consenting): Promise<boolean> {
  const rows = await sqlOn(client)<{ version: number }>`
    delete from click_consents where contact_id = ${wish.contactId} returning version`;
  const [gone] = rows;
  if (gone)
    await recordWish(client, { ...wish, proof: { ...wish.proof, version: gone.version } }, "clicks_refused");
  return gone !== undefined;
}
