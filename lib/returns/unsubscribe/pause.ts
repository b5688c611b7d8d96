/** A reader who wants to be left alone for six months, or not any more. */
import { transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { pauseNewsletters, resumeNewsletters } from "#lib/people/subscriptions/pause";
import { lockReader } from "#lib/returns/unsubscribe/reader";

/**
 * `paused` false takes it back. A contact erased since has nothing to pause.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const setPause = (
  deliveryId: number,
  paused: boolean,
): Promise<Result<{ changed: boolean }, "notFound" | "rehearsal" | "nobodyAnyMore">> =>
  transaction(async (client) => {
    const reader = await lockReader(client, deliveryId);
    if (!reader) return refused("notFound");
    if (reader.isRehearsal) return refused("rehearsal");
    const { contactId } = reader;
    if (contactId === null) return refused("nobodyAnyMore");
    const wish = { contactId, via: paused ? "page" : "undo", proof: { deliveryId } } as const;
    const changed = await (paused ? pauseNewsletters : resumeNewsletters)(client, wish);
    return { ...ok, changed };
  });
