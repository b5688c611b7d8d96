/** *Remind if unanswered*: a task that waits for the answer to a letter, and what comes back does to it. */
import { type Runner, sqlOn } from "#lib/machine/db";

/**
 * A person answered one of these letters: whoever waited for that is done. Returns how many tasks were closed.
 * @unaudited The answer did it, which the task names.
 */
export async function closeAnswered(
  client: Runner,
  deliveryIds: number[],
  receivedMailId: number,
): Promise<number> {
  const rows = await sqlOn(client)`
    update tasks set done_at = clock_timestamp(), answer_id = ${receivedMailId}, version = version + 1
    where awaits_id in (
        -- Of a mail to several, whoever answers answers it.
        select unnest(${deliveryIds}::int[]) union all
        select o.id from deliveries d join deliveries o on o.content_id = d.content_id and o.campaign_id is null
        where d.id = any(${deliveryIds}::int[]) and d.role is not null) and done_at is null returning id`;
  return rows.length;
}

/**
 * A machine answered that the person is away until `backOn` (`YYYY-MM-DD`): nobody is reminded before. Never earlier
 * than it was. Returns how many tasks were moved.
 * @unaudited The absence did it, which the contact's page tells.
 */
export async function awaitReturn(client: Runner, deliveryIds: number[], backOn: string): Promise<number> {
  const rows = await sqlOn(client)`
    update tasks set due_on = ${backOn}::date, version = version + 1
    where awaits_id = any(${deliveryIds}::int[]) and done_at is null and due_on < ${backOn}::date returning id`;
  return rows.length;
}

/**
 * These letters were taken back before they left: nobody waits for their answer.
 * @unaudited Part of taking a letter back, which audits.
 */
export async function forgetAwaiting(client: Runner, deliveryIds: number[]): Promise<void> {
  await sqlOn(client)`delete from tasks where awaits_id = any(${deliveryIds}::int[]) and done_at is null`;
}
