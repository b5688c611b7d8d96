/** Queued deliveries that will not leave after all: cancelled, erased, or with no relay left. */
import { type Runner, sqlOn, transaction } from "#lib/machine/db";

type Aside = { status: "skipped" | "failed"; reason: "cancelled" | "erased" | "relayRetired" | "restored" };

/** Those of `ids` still queued are settled, each with a line in its log. Returns how many of which campaign (null: letters). */
export async function setAside(
  client: Runner,
  ids: number[],
  { status, reason }: Aside,
): Promise<{ campaignId: number | null; n: number }[]> {
  return sqlOn(client)<{ campaignId: number | null; n: number }>`
    with aside as (
      update deliveries set status = ${status}::"DeliveryStatus", reason = ${reason}, settled_at = clock_timestamp(),
        lease_token = null, lease_until = null
      where id = any(${ids}::int[]) and status = 'queued' returning id, attempts, relay_id, campaign_id
    ), logged as (
      insert into attempts (delivery_id, n, relay_id, outcome, reason)
      select id, attempts, relay_id, ${status}, ${reason} from aside
    )
    select campaign_id as "campaignId", count(*)::int as n from aside group by campaign_id`;
}

/**
 * At most so many of cancelled campaigns. From the campaigns to their queue: planned the other way it would read the
 * whole queue, every two seconds.
 */
export async function setCancelledAside(client: Runner, atOnce: number) {
  const late = await sqlOn(client)<{ id: number }>`
    select late.id from campaigns k
    join contents ct on ct.campaign_id = k.id and ct.kind = 'campaign'
    cross join lateral (
      select d.id from deliveries d where d.content_id = ct.id and d.status = 'queued'
      order by d.due_at, d.id limit ${atOnce} for update skip locked
    ) late
    where k.status = 'cancelled' and k.finished_at is null
    limit ${atOnce}`;
  const ids = late.map(({ id }) => id);
  return ids.length === 0 ? [] : setAside(client, ids, { status: "skipped", reason: "cancelled" });
}

/** The worker's task: letters whose identity has no relay left would wait for ever. Returns how many failed. */
export const failStrandedLetters = (): Promise<number> =>
  transaction(async (client) => {
    const stranded = await sqlOn(client)<{ id: number }>`
      select d.id from deliveries d join contents ct on ct.id = d.content_id
      where d.status = 'queued' and d.campaign_id is null and not exists (
        select 1 from routes x join relays r on r.id = x.relay_id where x.identity_id = ct.identity_id and r.archived_at is null)
      order by d.id for update of d skip locked`;
    const ids = stranded.map(({ id }) => id);
    const [letters] = await setAside(client, ids, { status: "failed", reason: "relayRetired" });
    return letters?.n ?? 0;
  });

/** Letters that a backup brought back: they may have left, and their links are old. Returns how many there were. */
export async function setLettersAside(client: Runner): Promise<number> {
  const waiting = await sqlOn(client)<{ id: number }>`
    select id from deliveries where status = 'queued' and campaign_id is null order by id for update`;
  const aside = await setAside(
    client,
    waiting.map(({ id }) => id),
    { status: "skipped", reason: "restored" },
  );
  return aside.reduce((sum, { n }) => sum + n, 0);
}
