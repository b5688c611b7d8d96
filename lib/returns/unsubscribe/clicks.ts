/** A reader who tells the department which letters they follow, or no more. */
import { giveClickConsent, withdrawClickConsent } from "#lib/people/consents/mutations";
import { asContact } from "#lib/returns/unsubscribe/reader";

/**
 * `text`: the words that the reader accepts, as the page showed them; null takes the consent back, and forgets every
 * click that was noted under it.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const setClickConsent = (deliveryId: number, text: string | null) =>
  asContact(deliveryId, async (client, contactId) => {
    const wish = { contactId, via: "page", proof: { deliveryId } } as const;
    const given = text === null ? withdrawClickConsent(client, wish) : giveClickConsent(client, wish, text);
    return { changed: await given };
  });
