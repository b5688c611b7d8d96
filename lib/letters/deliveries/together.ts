/**
 * One mail to several people (decision 59): a delivery each, which share a content and leave in one message. It bears the
 * Message-ID of the first of those it leaves with, which is what a copy in the Sent folder then proves of all of them.
 */
import type { Outcome } from "#lib/letters/relays/outcome";
import type { Settlement } from "#lib/letters/relays/rules";
import { pool, type Runner, sql, sqlOn } from "#lib/machine/db";

/** Before the first byte of DATA: whose Message-ID the message bears, the first's of these. */
export const recordCarrier = ([first, ...others]: number[]) => sql`
  update deliveries set sent_as = case when id = ${first ?? 0} then null else ${first ?? 0}::int end
  where id = any(${[first ?? 0, ...others]}::int[])`;

/** They were not in it: no copy of that message says anything of them. */
export const forgetCarrier = (ids: number[]) => sql`
  update deliveries set sent_as = null where id = any(${ids}::int[])`;

/**
 * The message was taken, but not for the one whose Message-ID it bears: a second try of theirs could not be told from the
 * first in the Sent folder, so they are refused, and the page says so. Others try again by themselves.
 */
export function together(settlements: Settlement[]): Settlement[] {
  const [first, ...others] = settlements;
  const taken = others.some(({ status }) => status === "sent" || status === "unknown");
  if (!first || !taken || first.status !== "queued") return settlements;
  return [{ ...first, status: "failed", delay: 0, counts: true }, ...others];
}

/** No outcome of one that was handed over: nobody knows. */
export const noAnswer: Outcome = { kind: "lost", begun: true, stage: "data", reply: "" };

/** These deliveries, and those that left in the same message under their Message-ID. */
export async function withCarried(ids: number[]): Promise<number[]> {
  if (ids.length === 0) return ids;
  const carried = await sql<{ id: number }>`select id from deliveries where sent_as = any(${ids}::int[])`;
  return [...new Set([...ids, ...carried.map(({ id }) => id)])];
}

export type Companion = { id: number; address: string };

/** Everybody of the mail to several that this delivery is of; nobody when it is to one. */
export const companionsOf = (deliveryId: number, runner: Runner = pool()) => sqlOn(runner)<Companion>`
  select o.id, o.address from deliveries d join deliveries o on o.content_id = d.content_id and o.campaign_id is null and o.role is not null
  where d.id = ${deliveryId} and d.role is not null and o.erased_at is null order by o.id`;
