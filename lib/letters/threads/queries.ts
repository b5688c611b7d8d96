import { beginningOf } from "#lib/letters/threads/quoted";
import { type Reader, readsAll, visible } from "#lib/letters/threads/reader";
import type { View } from "#lib/letters/threads/schema";
import { type Condition, searchFor } from "#lib/letters/threads/search";
import { pool, sql } from "#lib/machine/db";

const perPage = 40;

/** Waiting for us: they wrote last, and nobody said it was done or put off. */
const open = "t.closed_at is null and coalesce(t.snoozed_until, '-infinity') <= now()";
const theirTurn = "coalesce(t.last_in_at, '-infinity') > coalesce(t.last_out_at, '-infinity')";
const where: Record<Exclude<View, "drafts">, string> = {
  toDo: `${open} and ${theirTurn}`,
  mine: `${open} and ${theirTurn} and t.assignee_id = $2::int`,
  waiting: `t.closed_at is null and not (${open} and ${theirTurn})`,
  done: "t.closed_at is not null",
};

export type ThreadRow = {
  id: number;
  subject: string;
  at: Date;
  who: string;
  contactId: number | null;
  assignee: string | null;
  snoozedUntil: Date | null;
  letters: number;
  /** How the last message begins; empty when it has no words, or is read on its own page by who may. */
  begins: string;
  /** Who of us wrote it. */
  author: string | null;
  authorId: number | null;
};

/** The last message of the thread `t`, a machine's only when there is no other; never one that carries a one-time link. */
const lastSaid = `
  select l.author_id, w.name as author, case when r.carries_secret then '' else left(l.text, 2000) end as text
  from (select l.* from letters l where l.thread_id = t.id order by l.automatic, l.id desc limit 1) l
  left join users w on w.id = l.author_id left join received_mails r on r.id = l.received_mail_id`;

/** Of a search, so many of the newest are walked first: most words fill a page from them, and no index is needed. */
const NEWEST = 1_000;

type Asked = { view: Exclude<View, "drafts">; before?: number | undefined };

/** One page of threads that this person may read, newest first; `before` is the last id of the page above. */
export async function listThreads({ q, ...asked }: Asked & { q: string }, reader: Reader) {
  if (!q) return pageOf(asked, reader);
  const { holds, listed } = await searchFor(q);
  const near = await pageOf(asked, reader, holds, NEWEST);
  return near.next ? near : pageOf(asked, reader, (await listed()) ?? holds);
}

async function pageOf({ view, before }: Asked, reader: Reader, found?: Condition, among?: number) {
  const values: unknown[] = [readsAll(reader), reader.id];
  const add = (value: unknown) => `$${values.push(value)}`;
  const time = "greatest(t.last_in_at, t.last_out_at, t.created_at)";
  const after = before
    ? `and (${time}, t.id) < (select greatest(b.last_in_at, b.last_out_at, b.created_at), b.id from threads b where b.id = ${add(before)})`
    : "";
  const listed = `select t.*, ${time} as at from threads t where ${visible} and ${where[view]} ${after}`;
  const first = (limit: number) => `order by at desc, t.id desc limit ${limit}`;
  const held = found?.(add);
  // The page first, so that only what it shows is read: the letters of forty threads, and how the last ones begin.
  const { rows } = await pool().query<Omit<ThreadRow, "begins"> & { text: string | null }>(
    `with page as (${
      held && among
        ? `select t.* from (${listed} ${first(among)}) t where ${held} ${first(perPage + 1)}`
        : `${listed} ${held ? `and ${held}` : ""} ${first(perPage + 1)}`
    })
     select t.id, t.subject, t.at, u.name as assignee, t.snoozed_until as "snoozedUntil", n.letters, last.contact_id as "contactId",
       coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(m.sender, ''), d.address, '') as who,
       said.text, said.author, said.author_id as "authorId"
     from page t left join users u on u.id = t.assignee_id
     cross join lateral (select count(*)::int as letters from letters l where l.thread_id = t.id) n
     left join lateral (select l.* from letters l where l.thread_id = t.id order by l.automatic, (l.author_id is not null), l.id desc limit 1) last on true
     left join lateral (${lastSaid}) said on true
     left join contacts c on c.id = last.contact_id left join received_mails m on m.id = last.received_mail_id
     left join deliveries d on d.id = last.delivery_id
     order by t.at desc, t.id desc`,
    values,
  );
  const last = rows[perPage - 1];
  return {
    rows: rows.slice(0, perPage).map(({ text, ...row }) => ({ ...row, begins: beginningOf(text ?? "") })),
    next: rows.length > perPage && last ? last.id : null,
  };
}

export type Counts = { toDo: number; mine: number; waiting: number };

/** What this person may read, at most a thousand of each: for the tabs and the dashboard. */
export async function countThreads(reader: Reader): Promise<Counts> {
  const { rows } = await pool().query<Counts>(
    `select count(*)::int as "toDo", (count(*) filter (where assignee_id = $2::int))::int as mine,
       (select count(*)::int from (select from threads t where ${visible} and ${where.waiting} limit 1000) w) as waiting
     from (select t.assignee_id from threads t where ${visible} and ${where.toDo} limit 1000) t`,
    [readsAll(reader), reader.id],
  );
  return rows[0] ?? { toDo: 0, mine: 0, waiting: 0 };
}

export type ThreadDetail = {
  id: number;
  subject: string;
  version: number;
  assigneeId: number | null;
  snoozedUntil: Date | null;
  closedAt: Date | null;
  yourTurn: boolean;
};

/** A thread that this person may read, or null. */
export async function findThread(id: number, reader: Reader) {
  const { rows } = await pool().query<ThreadDetail>(
    `select t.id, t.subject, t.version, t.assignee_id as "assigneeId", t.closed_at as "closedAt",
       case when t.snoozed_until > now() then t.snoozed_until end as "snoozedUntil", ${theirTurn} as "yourTurn"
     from threads t where t.id = $3 and ${visible}`,
    [readsAll(reader), reader.id, id],
  );
  return rows[0] ?? null;
}

export type LetterRow = {
  id: number;
  at: Date;
  subject: string;
  text: string;
  contactId: number | null;
  who: string;
  address: string;
  author: string | null;
  authorId: number | null;
  sureness: string | null;
  automatic: boolean;
  receivedMailId: number | null;
  /** Of a letter of ours: its journey, the draft it may become again. */
  draftId: number | null;
  status: string | null;
  reason: string | null;
  bounce: string | null;
  dueAt: Date | null;
  campaign: string | null;
  /** It quotes a one-time link: read on its own page, by who may. */
  hidden: boolean;
};

/** The letters of a thread, oldest first; the last hundred. */
export const listLetters = async (threadId: number): Promise<LetterRow[]> =>
  (
    await sql<LetterRow>`
      select l.id, l.at, l.subject, l.text, l.contact_id as "contactId", u.name as author, l.author_id as "authorId", l.sureness, l.automatic,
        l.received_mail_id as "receivedMailId", l.draft_id as "draftId", d.status::text, d.reason, d.bounce, d.due_at as "dueAt", k.name as campaign,
        coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(m.sender, ''), d.address, '') as who,
        coalesce(d.address, m.sender, '') as address, coalesce(m.carries_secret, false) as hidden
      from letters l left join contacts c on c.id = l.contact_id left join users u on u.id = l.author_id
      left join deliveries d on d.id = l.delivery_id left join received_mails m on m.id = l.received_mail_id
      left join deliveries ad on ad.id = m.delivery_id left join campaigns k on k.id = ad.campaign_id
      where l.thread_id = ${threadId} order by l.id desc limit 100`
  ).reverse();

export type RecipientRow = {
  letterId: number;
  id: number;
  role: "to" | "cc" | "bcc";
  who: string;
  contactId: number | null;
  status: string;
  reason: string | null;
  bounce: string | null;
};

/** Everybody of the mails to several of a thread, by letter. */
export async function listRecipients(threadId: number): Promise<Map<number, RecipientRow[]>> {
  const rows = await sql<RecipientRow>`
    select l.id as "letterId", d.id, d.role::text, d.contact_id as "contactId", d.status::text, d.reason, d.bounce,
      coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), case when d.erased_at is null then d.address end, '') as who
    from letters l join deliveries first on first.id = l.delivery_id and first.role is not null
    join deliveries d on d.content_id = first.content_id and d.campaign_id is null
    left join contacts c on c.id = d.contact_id where l.thread_id = ${threadId} order by d.role, d.id`;
  return Map.groupBy(rows, ({ letterId }) => letterId);
}

export const listNotes = (threadId: number) => sql<{
  id: number;
  at: Date;
  text: string;
  who: string | null;
}>`
  select n.id, n.at, n.text, u.name as who from thread_notes n left join users u on u.id = n.user_id
  where n.thread_id = ${threadId} order by n.id desc limit 100`;

/** Colleagues who are writing here now, and how far the thread has come. */
export async function findPresence(threadId: number, but: number) {
  const [thread] = await sql<{ version: number }>`select version from threads where id = ${threadId}`;
  const writers = await sql<{ name: string }>`
    select u.name from thread_beats b join users u on u.id = b.user_id
    where b.thread_id = ${threadId} and b.user_id <> ${but} and b.at > clock_timestamp() - interval '25 seconds' order by u.name`;
  return { version: thread?.version ?? 0, writers: writers.map(({ name }) => name) };
}
