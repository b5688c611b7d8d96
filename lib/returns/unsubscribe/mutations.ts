import { notify } from "#lib/department/notices/mutations";
import { type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { recordActivity } from "#lib/people/activities/mutations";
import {
  endSubscriptions,
  recordOrphanWish,
  startSubscriptions,
  type Wish,
} from "#lib/people/subscriptions/mutations";
import { topicsEndedByAll } from "#lib/people/subscriptions/queries";
import { liftSuppression, suppress } from "#lib/people/suppressions/mutations";
import { listNewsletters } from "#lib/returns/unsubscribe/newsletters";
import { lockReader, type Reader } from "#lib/returns/unsubscribe/reader";
import type { Scope, Via } from "#lib/returns/unsubscribe/schema";

type Answer = Result<{ changed: boolean }, "notFound" | "rehearsal">;

/**
 * Ends mail to the reader of a delivery: its newsletter, or everything. At once, in one transaction with the
 * suppression (kept by hash, so that it survives erasure), the history, the timeline and the notice to the
 * secretariat. A second click changes nothing and writes nothing.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const unsubscribe = (input: { deliveryId: number; scope: Scope; via: Via }): Promise<Answer> =>
  transaction((client) => unsubscribeOn(client, input));

/**
 * The same, inside the transaction of whoever read the request (a mail, a complaint).
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export async function unsubscribeOn(
  client: Runner,
  input: { deliveryId: number; scope: Scope; via: Via },
): Promise<Answer> {
  const reader = await lockReader(client, input.deliveryId);
  if (!reader) return refused("notFound");
  if (reader.isRehearsal) return refused("rehearsal");
  const how = { via: input.via, scope: reader.topicId === null ? "all" : input.scope };
  const topicId = how.scope === "all" ? null : reader.topicId;
  const stopped = await atEveryAddress(suppress, client, reader, topicId);
  const topics = await endSubscriptions(client, wishOf(reader, how), topicId === null ? null : [topicId]);
  await mark(client, reader, true);
  if (!stopped && topics.length === 0) return { ...ok, changed: false };
  if (reader.contactId === null) await recordOrphanWish(client, wishOf(reader, how), "unsubscribed", topicId);
  await recordChoice(client, reader, "unsubscribed", { scope: how.scope, via: how.via, topicId });
  return { ...ok, changed: true };
}

/**
 * Takes the reader's own « stop » back, by whichever address they said it: lifts only the suppressions a reader made,
 * and brings back what it ended.
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const resubscribe = (input: { deliveryId: number; scope: Scope }): Promise<Answer> =>
  transaction(async (client) => {
    const reader = await lockReader(client, input.deliveryId);
    if (!reader) return refused("notFound");
    if (reader.isRehearsal) return refused("rehearsal");
    const how = { via: "undo" as const, scope: reader.topicId === null ? ("all" as const) : input.scope };
    const topicId = how.scope === "all" ? null : reader.topicId;
    const ended = topicId === null ? await topicsEndedByAll(client, reader.contactId) : [topicId];
    const lifted = await atEveryAddress(liftSuppression, client, reader, topicId);
    const topics = await startSubscriptions(client, wishOf(reader, how), ended);
    if (!lifted && topics.length === 0) return { ...ok, changed: false };
    if (reader.contactId === null) await recordOrphanWish(client, wishOf(reader, how), "subscribed", topicId);
    await mark(client, reader, false);
    await recordChoice(client, reader, "resubscribed", { scope: how.scope, via: how.via, topicId });
    return { ...ok, changed: true };
  });

/**
 * Makes the ticked newsletters the reader's only ones; nothing ticked is « tout arrêter ».
 * @unaudited The reader acts; the history of subscriptions keeps it as proof.
 */
export const choosePreferences = (input: { deliveryId: number; topicIds: number[] }): Promise<Answer> =>
  input.topicIds.length === 0
    ? unsubscribe({ deliveryId: input.deliveryId, scope: "all", via: "page" })
    : transaction((client) => chooseOn(client, input.deliveryId, input.topicIds));

async function chooseOn(client: Runner, deliveryId: number, wanted: number[]): Promise<Answer> {
  const reader = await lockReader(client, deliveryId);
  if (!reader) return refused("notFound");
  if (reader.isRehearsal) return refused("rehearsal");
  const how = { via: "page", scope: "topic" } as const;
  // Only what was changed is written: leaving a box as it was is no new consent.
  const before = await listNewsletters(client, reader);
  const unwanted = before.filter(({ id }) => !wanted.includes(id)).map(({ id }) => id);
  const missed = before
    .filter(({ id, subscribed }) => wanted.includes(id) && !subscribed)
    .map(({ id }) => id);
  let lifted = await atEveryAddress(liftSuppression, client, reader, null);
  let stopped = false;
  for (const id of missed) lifted = (await atEveryAddress(liftSuppression, client, reader, id)) || lifted;
  for (const id of unwanted) stopped = (await atEveryAddress(suppress, client, reader, id)) || stopped;
  const ended = await endSubscriptions(client, wishOf(reader, how), unwanted);
  const started = await startSubscriptions(client, wishOf(reader, how), missed);
  if (!lifted && !stopped && ended.length + started.length === 0) return { ...ok, changed: false };
  if (reader.topicId !== null) await mark(client, reader, !wanted.includes(reader.topicId));
  if (ended.length > 0)
    await recordChoice(client, reader, "unsubscribed", { scope: "topic", via: "page", topicIds: ended });
  if (started.length > 0)
    await recordChoice(client, reader, "resubscribed", { scope: "topic", via: "page", topicIds: started });
  return { ...ok, changed: true };
}

/** A stop is a person's: kept by the hash of each address, so that it survives any of them. Whether one changed. */
async function atEveryAddress(
  change: typeof suppress | typeof liftSuppression,
  client: Runner,
  reader: Reader,
  topicId: number | null,
): Promise<boolean> {
  let changed = false;
  for (const addressHash of reader.addressHashes)
    changed = (await change({ addressHash, topicId, reason: "unsubscribe" }, client)) || changed;
  return changed;
}

type How = { via: Via | "undo"; scope: Scope };

const wishOf = ({ contactId, deliveryId }: Reader, { via, scope }: How): Wish => ({
  contactId,
  via,
  proof: { deliveryId, scope },
});

/** What the campaign counts: once, and no more when taken back. */
const mark = (client: Runner, { deliveryId }: Reader, left: boolean) => sqlOn(client)`
  update deliveries set unsubscribed_at = case when ${left}::boolean then clock_timestamp() end
  where id = ${deliveryId} and (unsubscribed_at is null) = ${left}::boolean`;

/** The timeline of the contact and the secretariat. */
async function recordChoice(
  client: Runner,
  reader: Reader,
  kind: "unsubscribed" | "resubscribed",
  facts: Record<string, unknown>,
): Promise<void> {
  const data = { ...facts, deliveryId: reader.deliveryId, campaignId: reader.campaignId };
  const { contactId, campaignId } = reader;
  if (contactId !== null) await recordActivity({ kind, contactId, campaignId, data }, client);
  await notify({ kind, contactId: reader.contactId, data }, client);
}
