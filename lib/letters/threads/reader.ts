/** Who may read which thread: whoever answers for the department all of them, others those they take part in. */

import type { Role } from "#db/enums";
import { may } from "#lib/department/permissions";
import { pool, type Runner, sqlOn } from "#lib/machine/db";

export type Reader = { id: number; role: Role };

export const readsAll = (reader: Reader): boolean => may(reader.role, "received.read");

/** They wrote in it, it was given to them, or it answers a campaign of theirs. `$1`: may read all; `$2`: the user. */
export const visible = `($1::boolean or t.assignee_id = $2::int or exists (
  select from letters l left join received_mails m on m.id = l.received_mail_id
  left join deliveries d on d.id = m.delivery_id left join campaigns k on k.id = d.campaign_id
  where l.thread_id = t.id and (l.author_id = $2::int or k.author_id = $2::int)))`;

/** Whether this person may read, and so act upon, this thread. */
export async function seenBy(client: Runner, reader: Reader, threadId: number): Promise<boolean> {
  const { rows } = await client.query<{ id: number }>({
    text: `select t.id from threads t where t.id = $3 and ${visible}`,
    values: [readsAll(reader), reader.id, threadId],
  });
  return rows.length > 0;
}

/** Colleagues a thread may be given to. */
export const listColleagues = () => sqlOn(pool())<{ id: number; name: string }>`
  select id, name from users where disabled_at is null and role <> 'reader' order by name, id`;
