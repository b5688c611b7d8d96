import { type Runner, sqlOn } from "#lib/machine/db";

/** The topics that « tout arrêter » ended and nothing has changed since: what its undo brings back. */
export async function topicsEndedByAll(client: Runner, contactId: number | null): Promise<number[]> {
  const rows = await sqlOn(client)<{ topicId: number }>`
    select topic_id as "topicId" from (
      select distinct on (topic_id) topic_id, change, proof from subscription_events
      where contact_id = ${contactId}::int and topic_id is not null order by topic_id, id desc
    ) latest
    where change = 'unsubscribed' and proof ->> 'scope' = 'all'`;
  return rows.map((row) => row.topicId);
}
