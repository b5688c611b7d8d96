/**
 * What the calendar asks for, pledge by pledge. A reminder is a row on the day it falls due and not before: a date that
 * moves takes its reminders with it, and what a colleague ticked is never asked again.
 */
import { notify } from "#lib/department/notices/mutations";
import { sql, sqlOn, transaction } from "#lib/machine/db";
import { wallClock } from "#lib/machine/paris";
import { ok, type Result, refused } from "#lib/machine/result";
import type { MilestoneKind } from "#lib/tax/years/rules";
import type { PledgeState } from "./rules.ts";

export type ReminderRule = {
  key: string;
  milestone: MilestoneKind;
  /** After the milestone; negative: before. */
  days: number;
  /** Whose pledges are concerned. */
  states: readonly PledgeState[];
  /** Days after it fell due during which it still makes sense. */
  lasts: number;
};

const promised = ["pledged"] as const;
const waiting = ["solicited", "pledged"] as const;
const expected = ["pledged", "allocated"] as const;

export const reminderRules: readonly ReminderRule[] = [
  { key: "opening1", milestone: "period1Opens", days: -7, states: waiting, lasts: 7 },
  { key: "closing1Soon", milestone: "period1Closes", days: -10, states: promised, lasts: 7 },
  { key: "closing1Last", milestone: "period1Closes", days: -2, states: promised, lasts: 2 },
  { key: "transfer1", milestone: "transfer1", days: 1, states: expected, lasts: 30 },
  { key: "opening2", milestone: "period2Opens", days: -7, states: waiting, lasts: 7 },
  { key: "closing2Soon", milestone: "period2Closes", days: -10, states: waiting, lasts: 7 },
  { key: "closing2Last", milestone: "period2Closes", days: -2, states: waiting, lasts: 2 },
  { key: "transfer2", milestone: "transfer2", days: 1, states: expected, lasts: 30 },
];

/**
 * The worker's task, safe in several at once. Rows that no longer hold (a date moved on or taken away, a pledge in
 * another state) go unless they were ticked; those of today come, once each; the secretariat is told how many are new.
 */
export async function remindOfPledges(now = new Date()): Promise<number> {
  const today = wallClock(now).slice(0, 10);
  const rules = JSON.stringify(reminderRules);
  return transaction(async (client) => {
    const on = sqlOn(client);
    await on`select pg_advisory_xact_lock(hashtext('pledge reminders'))`;
    await on`
      delete from pledge_reminders w using pledges p
      where p.id = w.pledge_id and w.done_at is null and not exists (
        select from json_to_recordset(${rules}::json) as r (key text, milestone text, days int, states json, lasts int)
        join tax_milestones m on m.campaign_year = p.campaign_year and m.kind = r.milestone and m.superseded_at is null
        where r.key = w.rule and m.day + r.days = w.due_on and ${today}::date between w.due_on and w.due_on + r.lasts
          and p.state in (select json_array_elements_text(r.states)))`;
    const rows = await on<{ campaignYear: number }>`
      insert into pledge_reminders (pledge_id, rule, due_on)
      select p.id, r.key, m.day + r.days
      from json_to_recordset(${rules}::json) as r (key text, milestone text, days int, states json, lasts int)
      join tax_milestones m on m.kind = r.milestone and m.superseded_at is null
        and ${today}::date between m.day + r.days and m.day + r.days + r.lasts
      join pledges p on p.campaign_year = m.campaign_year and p.state in (select json_array_elements_text(r.states))
      on conflict (pledge_id, rule) do nothing returning 1`;
    if (rows.length > 0) await notify({ kind: "pledgesDue", data: { count: rows.length } }, client);
    return rows.length;
  });
}

/** @unaudited A tick of the day’s work. */
export async function tickReminder(pledgeId: number, rule: string): Promise<Result<object, "notFound">> {
  const rows = await sql`
    update pledge_reminders set done_at = now() where pledge_id = ${pledgeId} and rule = ${rule} and done_at is null
    returning 1`;
  return rows.length === 1 ? ok : refused("notFound");
}
