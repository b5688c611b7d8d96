import { sql } from "#lib/machine/db";
import type { RuleName } from "#lib/office/privacy/rules";

export type Rule = { rule: RuleName; amount: number; by: string | null; setAt: Date };

/** The durations in force, with who set them and when; `by` null: as installed. */
export const listRules = () => sql<Rule>`
  select r.rule, r.amount, u.name as "by", r.set_at as "setAt" from retention_rules r left join users u on u.id = r.user_id`;

/** The durations in force, for the sentences that quote them. */
export async function getAmounts(): Promise<Record<RuleName, number>> {
  const rules = await listRules();
  return Object.fromEntries(rules.map(({ rule, amount }) => [rule, amount])) as Record<RuleName, number>;
}

/** When the purge stopped because the clock leaped; null when it goes on. */
export async function findHeldClock(): Promise<{ heldAt: Date; seenAt: Date } | null> {
  const [held] = await sql<{ heldAt: Date; seenAt: Date }>`
    select held_at as "heldAt", seen_at as "seenAt" from purge_clock where held_at is not null`;
  return held ?? null;
}

export type ErasureRow = { id: string; at: Date; why: "request" | "useless" | "silence"; by: string | null };

/** The latest entries of the register, one page; `before` is the last one seen. */
export async function listErasures(before: { at: Date; id: string } | null, size = 20) {
  const rows = await sql<ErasureRow>`
    select e.id::text, e.at, e.why, u.name as "by" from erasures e left join users u on u.id = e.user_id
    where ${before?.at ?? null}::timestamptz is null or (e.at, e.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::uuid)
    order by e.at desc, e.id desc limit ${size + 1}`;
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last ? { at: last.at, id: last.id } : null };
}
