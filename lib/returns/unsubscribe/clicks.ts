/** A reader who tells the department which letters they follow, or no more. */
import { transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { giveClickConsent, withdrawClickConsent } from "#lib/people/consents/mutations";
import { lockReader } from "#lib/returns/unsubscribe/reader";

/**
 * `text`: the words that the reader accepts, as the page showed them; null takes the consent back, and forgets every
 * click that was noted under it.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const setClickConsent = (
  deliveryId: number,
  text: string | null,
): Promise<Result<{ changed: boolean }, "notFound" | "rehearsal" | "nobodyAnyMore">> =>
  transaction(async (client) => {
    const reader = await lockReader(client, deliveryId);
    if (!reader) return refused("notFound");
    if (reader.isRehearsal) return refused("rehearsal");
    const { contactId } = reader;
    if (contactId === null) return refused("nobodyAnyMore");
    const wish = { contactId, via: "page", proof: { deliveryId } } as const;
    const changed = await (text === null
      ? withdrawClickConsent(client, wish)
      : giveClickConsent(client, wish, text));
    return { ...ok, changed };
  });
