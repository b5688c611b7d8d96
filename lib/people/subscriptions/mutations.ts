/**
 * Subscriptions and their append-only history: what a person wants today, and the proof of each change. Both are written
 * here and nowhere else, in one statement, for one person or for a file of a hundred thousand.
 */
import { type Runner, sqlOn } from "#lib/machine/db";

/** Who asked, and how. Without a contact (erased since) there is nothing to change. */
export type Wish = {
  contactId: number | null;
  via: "staff" | "page" | "one_click" | "mailto" | "undo" | "complaint";
  /** Kept with the change: the mail whose link was followed, the words of a colleague. */
  proof: Record<string, unknown>;
  /** The colleague who wrote it down; null when the person acted. */
  by?: number | null;
};

/**
 * CTEs that start what a query asks for: `asked` yields contact_id, topic_id, at, basis, via, proof and user_id, each
 * pair once. `kept`: a line that is there already, whatever it says, is the person's last word; otherwise who left
 * comes back. Gives `started` (contact_id, topic_id), what changed.
 * @unaudited The history of subscriptions is its own journal; when staff act, changeSubscription audits.
 */
export const starting = (asked: string, { kept }: { kept: boolean }) => `
  asked as (${asked}), started as (
    insert into subscriptions as s (contact_id, topic_id, subscribed_at)
    select contact_id, topic_id, at from asked order by contact_id, topic_id
    on conflict (contact_id, topic_id) ${
      kept
        ? "do nothing"
        : `do update set subscribed_at = excluded.subscribed_at, unsubscribed_at = null
          where s.subscribed_at is null or s.unsubscribed_at >= s.subscribed_at`
    }
    returning contact_id, topic_id
  ), ${recorded("started", "subscribed")}`;

/** The same for who leaves. Gives `ended` (contact_id, topic_id). */
const ending = (asked: string) => `
  asked as (${asked}), ended as (
    insert into subscriptions as s (contact_id, topic_id, unsubscribed_at)
    select contact_id, topic_id, at from asked order by contact_id, topic_id
    on conflict (contact_id, topic_id) do update set unsubscribed_at = excluded.unsubscribed_at
      where s.unsubscribed_at is null or s.unsubscribed_at < s.subscribed_at
    returning contact_id, topic_id
  ), ${recorded("ended", "unsubscribed")}`;

const recorded = (changed: string, change: string) => `recorded as (
    insert into subscription_events (contact_id, topic_id, change, basis, via, proof, user_id)
    select contact_id, topic_id, '${change}', a.basis, a.via, a.proof, a.user_id
    from ${changed} join asked a using (contact_id, topic_id)
  )`;

/** One person's topics `t`, those that `where` keeps. */
const wished = (basis: string, where: string) => `
  select $1::int as contact_id, t.id as topic_id, clock_timestamp() as at, ${basis} as basis, $2::text as via,
    $3::jsonb as proof, $4::int as user_id
  from topics t where $1::int is not null and (${where})`;

const of = ({ contactId, via, proof, by }: Wish) => [contactId, via, JSON.stringify(proof), by ?? null];

/**
 * Starts the subscriptions to these topics, at the person's own wish: it is consent. Returns the topics that changed.
 * @unaudited The history of subscriptions is its own journal; when staff act, changeSubscription audits.
 */
export async function startSubscriptions(client: Runner, wish: Wish, topicIds: number[]): Promise<number[]> {
  const asked = wished(`'consent'::"LegalBasis"`, "t.id = any($5::int[])");
  const { rows } = await client.query<{ topicId: number }>({
    text: `with ${starting(asked, { kept: false })} select topic_id as "topicId" from started order by topic_id`,
    values: [...of(wish), topicIds],
  });
  return rows.map((row) => row.topicId);
}

/**
 * Ends the subscriptions to these topics (null: every newsletter they would receive, those that need no subscription
 * too, or another address of theirs would still be written to). Returns the topics that changed.
 * @unaudited The history of subscriptions is its own journal; when staff act, changeSubscription audits.
 */
export async function endSubscriptions(
  client: Runner,
  wish: Wish,
  topicIds: number[] | null,
): Promise<number[]> {
  const asked = wished(
    `null::"LegalBasis"`,
    `t.id = any($5::int[]) or ($5::int[] is null and (t.legal_basis <> 'consent' or exists (
      select from subscriptions o where o.contact_id = $1::int and o.topic_id = t.id)))`,
  );
  const { rows } = await client.query<{ topicId: number }>({
    text: `with ${ending(asked)} select topic_id as "topicId" from ended order by topic_id`,
    values: [...of(wish), topicIds],
  });
  return rows.map((row) => row.topicId);
}

/**
 * What a person wants of all our letters alike, in the same history.
 * @unaudited The history of subscriptions is its own journal.
 */
export const recordWish = (
  client: Runner,
  { contactId, via, proof, by }: Wish,
  change: "paused" | "resumed" | "clicks_allowed" | "clicks_refused",
) => sqlOn(client)`
    insert into subscription_events (contact_id, change, via, proof, user_id)
    values (${contactId}, ${change}, ${via}, ${JSON.stringify(proof)}::jsonb, ${by ?? null}::int)`;

/**
 * Somebody who is no contact any more asked: there is no subscription to change, the history says it.
 * @unaudited The history of subscriptions is its own journal.
 */
export async function recordOrphanWish(
  client: Runner,
  { via, proof }: Wish,
  change: "subscribed" | "unsubscribed",
  topicId: number | null,
): Promise<void> {
  await sqlOn(client)`
    insert into subscription_events (topic_id, change, via, proof)
    values (${topicId}::int, ${change}, ${via}, ${JSON.stringify(proof)}::jsonb)`;
}
