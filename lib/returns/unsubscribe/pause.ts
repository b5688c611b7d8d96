/** A reader who wants to be left alone for six months, or not any more. */
import { pauseNewsletters, resumeNewsletters } from "#lib/people/subscriptions/pause";
import { asContact } from "#lib/returns/unsubscribe/reader";

/**
 * `paused` false takes it back. A contact erased since has nothing to pause.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const setPause = (deliveryId: number, paused: boolean) =>
  asContact(deliveryId, async (client, contactId) => {
    const wish = { contactId, via: paused ? "page" : "undo", proof: { deliveryId } } as const;
    return { changed: await (paused ? pauseNewsletters : resumeNewsletters)(client, wish) };
  });
