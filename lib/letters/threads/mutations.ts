import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { type Reader, seenBy } from "#lib/letters/threads/reader";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

type Told = Result<object, "notFound">;

/** One write of a thread that this person may see; zero rows: it is nobody's business of theirs, or gone. */
const onThread = async (
  client: Runner,
  reader: Reader,
  id: number,
  work: () => Promise<unknown[]>,
): Promise<Told> => {
  if (!(await seenBy(client, reader, id))) return refused("notFound");
  return (await work()).length > 0 ? ok : refused("notFound");
};

/** Gives a thread to a colleague, or back to everybody (null). */
export const assignThread = (id: number, userId: number | null, reader: Reader): Promise<Told> =>
  audited(actOn("thread.assigned", id, reader.id, { to: userId }), (client) =>
    onThread(
      client,
      reader,
      id,
      () => sqlOn(client)`
      update threads set assignee_id = (select u.id from users u where u.id = ${userId}::int and u.disabled_at is null and u.role <> 'reader'),
        version = version + 1
      where id = ${id} and (${userId}::int is null or exists (
        select from users u where u.id = ${userId}::int and u.disabled_at is null and u.role <> 'reader')) returning id`,
    ),
  );

/** Nothing more to do here, until they write again. The mails it is made of are handled in « Retours » too. */
export const closeThread = (id: number, reader: Reader): Promise<Told> =>
  audited(actOn("thread.closed", id, reader.id), (client) =>
    onThread(client, reader, id, async () => {
      await markMailsHandled(client, id);
      return sqlOn(client)`
        update threads set closed_at = clock_timestamp(), snoozed_until = null, version = version + 1
        where id = ${id} and closed_at is null returning id`;
    }),
  );

export const reopenThread = (id: number, reader: Reader): Promise<Told> =>
  audited(actOn("thread.reopened", id, reader.id), (client) =>
    onThread(
      client,
      reader,
      id,
      () => sqlOn(client)`
      update threads set closed_at = null, snoozed_until = null, version = version + 1
      where id = ${id} and (closed_at is not null or snoozed_until is not null) returning id`,
    ),
  );

/** Out of sight for so many days, or until they write. */
export const snoozeThread = (id: number, days: number, reader: Reader): Promise<Told> =>
  audited(actOn("thread.snoozed", id, reader.id, { days }), (client) =>
    onThread(
      client,
      reader,
      id,
      () => sqlOn(client)`
      update threads set snoozed_until = clock_timestamp() + make_interval(days => ${days}), version = version + 1
      where id = ${id} and closed_at is null returning id`,
    ),
  );

/** A word for colleagues; it never leaves. */
export const noteOnThread = (id: number, text: string, reader: Reader): Promise<Told> =>
  audited(actOn("thread.noted", id, reader.id), (client) =>
    onThread(client, reader, id, async () => {
      await sqlOn(
        client,
      )`insert into thread_notes (thread_id, user_id, text) values (${id}, ${reader.id}, ${text})`;
      return sqlOn(client)`update threads set version = version + 1 where id = ${id} returning id`;
    }),
  );

/** What was answered, or closed, is handled: one state, two screens. */
const markMailsHandled = (client: Runner, threadId: number) => sqlOn(client)`
  update received_mails m set handled_at = clock_timestamp() from letters l
  where l.thread_id = ${threadId} and l.received_mail_id = m.id and m.handled_at is null`;

/**
 * The other way round: a reply just ticked, or put back, in « Retours » closes or opens the thread that waits for it.
 * @unaudited Part of that tick, which says so itself.
 */
export const followTick = (client: Runner, receivedMailId: number, handled: boolean) => sqlOn(client)`
  update threads t set version = version + 1, closed_at = case when ${handled} then clock_timestamp() end
  from letters l where l.received_mail_id = ${receivedMailId} and l.thread_id = t.id and (t.closed_at is null) = ${handled}
    and not (${handled} and exists (
      select from letters o join received_mails m on m.id = o.received_mail_id
      where o.thread_id = t.id and m.handled_at is null and not o.automatic))`;

export type Outgoing = {
  threadId: number | null;
  subject: string;
  text: string;
  contactId: number | null;
  answersId: number | null;
  deliveryId: number;
  draftId: number;
};

/**
 * A letter of ours, beside its delivery, in the transaction that queues it. Its author keeps the thread.
 * @unaudited Part of sending, whose entry names the draft.
 */
export async function writeLetter(client: Runner, letter: Outgoing, by: number): Promise<number> {
  const query = sqlOn(client);
  const [thread] = letter.threadId
    ? [{ id: letter.threadId }]
    : await query<{ id: number }>`
        insert into threads (subject, assignee_id) values (${letter.subject}, ${by}) returning id`;
  const threadId = thread?.id ?? 0;
  await query`
    insert into letters (thread_id, contact_id, subject, text, author_id, answers_id, delivery_id, draft_id)
    values (${threadId}, ${letter.contactId}, ${letter.subject}, ${letter.text}, ${by}, ${letter.answersId}, ${letter.deliveryId}, ${letter.draftId})`;
  await query`
    update threads set version = version + 1, last_out_at = clock_timestamp(),
      assignee_id = coalesce(assignee_id, ${by}), closed_at = null, snoozed_until = null where id = ${threadId}`;
  await markMailsHandled(client, threadId);
  return threadId;
}

/**
 * Takes the letters of a draft back out of their threads; a thread that held nothing else goes too. What was handled by
 * them waits again.
 * @unaudited Part of taking a letter back, which audits.
 */
export async function removeLetters(client: Runner, draftId: number): Promise<void> {
  const query = sqlOn(client);
  const gone = await query<{ threadId: number; answersId: number | null }>`
    delete from letters where draft_id = ${draftId} returning thread_id as "threadId", answers_id as "answersId"`;
  const threads = [...new Set(gone.map(({ threadId }) => threadId))];
  await query`
    update received_mails m set handled_at = null from letters l
    where l.id = any(${gone.flatMap(({ answersId }) => answersId ?? [])}::int[]) and l.received_mail_id = m.id`;
  await query`
    update threads t set version = version + 1,
      last_out_at = (select max(l.at) from letters l where l.thread_id = t.id and l.delivery_id is not null)
    where id = any(${threads}::int[])`;
  await query`
    delete from threads t where id = any(${threads}::int[]) and not exists (select from letters l where l.thread_id = t.id)
      and not exists (select from drafts d where d.thread_id = t.id)`;
}

/**
 * Somebody writes in a thread: told every ten seconds, forgotten after twenty-five.
 * @unaudited A sign of life, not an act.
 */
export async function beat(threadId: number, userId: By): Promise<void> {
  await sql`
    insert into thread_beats (thread_id, user_id, at) select id, ${userId}, clock_timestamp() from threads where id = ${threadId}
    on conflict (thread_id, user_id) do update set at = excluded.at`;
}
