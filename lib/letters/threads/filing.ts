/** Where a mail that came belongs: the thread of what it answers, or one of its own. */
import { bareSubject } from "#lib/letters/threads/rules";
import type { Sureness } from "#lib/letters/threads/schema";
import { type Runner, sqlOn } from "#lib/machine/db";
import { foldAddress } from "#lib/machine/seal";

export type Incoming = {
  receivedMailId: number;
  at: Date;
  /** Folded or not; null when the mail says none. */
  from: string | null;
  contactId: number | null;
  subject: string;
  text: string;
  /** Its own, and those it refers to, with their brackets. */
  messageId: string | null;
  refs: string;
  references: string[];
  /** Deliveries of ours whose signed Message-ID it refers to. */
  named: number[];
  /** Written by a machine: it answers nothing and opens nothing. */
  automatic: boolean;
  /** One of us sent it, from their own mail program: `from` and `contactId` are of whoever it is to. */
  authorId?: number;
};

type Place = { threadId: number; sureness: Sureness };

/**
 * Files one mail, in the transaction that records it. By reference first, since ours are signed; then by the Message-ID
 * of a mail that is here; then by address and subject, which is a guess and says so. Returns the thread, or null for a
 * machine's mail that answers no letter written by hand.
 * @unaudited What came by itself; nobody of the house did it.
 */
export async function fileLetter(client: Runner, mail: Incoming): Promise<number | null> {
  const place =
    (await byReference(client, mail)) ??
    (await byMessageId(client, mail)) ??
    (mail.automatic
      ? null
      : ((await bySameMail(client, mail)) ?? (await byAddress(client, mail)) ?? (await open(client, mail))));
  if (!place) return null;
  await sqlOn(client)`
    insert into letters (thread_id, contact_id, at, subject, text, received_mail_id, message_id, refs, sureness, automatic, author_id)
    values (${place.threadId}, ${mail.contactId}, ${mail.at}, ${mail.subject}, ${mail.text}, ${mail.receivedMailId},
      ${mail.messageId}, ${mail.refs}, ${place.sureness}, ${mail.automatic}, ${mail.authorId ?? null}::int)`;
  if (mail.authorId !== undefined) {
    await sqlOn(client)`
      update threads set version = version + 1, last_out_at = greatest(last_out_at, ${mail.at}::timestamptz),
        assignee_id = coalesce(assignee_id, ${mail.authorId}::int) where id = ${place.threadId}`;
    return place.threadId;
  }
  // A thread that was done or put off is to do again: somebody wrote. A machine's absence changes nothing but the page.
  await sqlOn(client)`
    update threads set version = version + 1,
      last_in_at = case when ${mail.automatic} then last_in_at else greatest(last_in_at, ${mail.at}::timestamptz) end,
      closed_at = case when ${mail.automatic} then closed_at end,
      snoozed_until = case when ${mail.automatic} then snoozed_until end
    where id = ${place.threadId}`;
  return place.threadId;
}

/** A letter of ours that it names. Whoever forwards a letter hands its Message-ID on: from another address it says so. */
async function byReference(client: Runner, { named, from }: Incoming): Promise<Place | null> {
  if (named.length === 0) return null;
  const [row] = await sqlOn(client)<{ threadId: number; same: boolean }>`
    select l.thread_id as "threadId", d.address = ${folded(from)} or exists (
        select from email_addresses a where a.address = ${folded(from)} and a.contact_id = l.contact_id) or exists (
        select from deliveries m where d.role is not null and m.content_id = d.content_id and m.campaign_id is null and m.address = ${folded(from)}) as same
    from unnest(${named}::int[]) with ordinality as n (id, i) join deliveries d on d.id = n.id
    -- A mail to several has one letter in its thread: that of the first of them.
    cross join lateral (
      select d.id union all
      select o.id from deliveries o where d.role is not null and o.content_id = d.content_id and o.campaign_id is null) o
    join letters l on l.delivery_id = o.id order by n.i limit 1`;
  return row ? { threadId: row.threadId, sureness: row.same ? "reference" : "elsewhere" } : null;
}

/** A mail of theirs that is here: they write again before we answered, or answer themselves. */
async function byMessageId(client: Runner, { references, from }: Incoming): Promise<Place | null> {
  if (references.length === 0) return null;
  const [row] = await sqlOn(client)<{ threadId: number; same: boolean }>`
    select l.thread_id as "threadId", exists (
        select from email_addresses a where a.address = ${folded(from)} and a.contact_id = l.contact_id) as same
    from letters l where l.message_id = any(${references.slice(0, 200)}::text[]) order by l.id desc limit 1`;
  // Message-IDs of others are signed by nobody: from somebody else it is a guess.
  return row ? { threadId: row.threadId, sureness: row.same ? "reference" : "elsewhere" } : null;
}

/** Another answer to the same letter of a campaign. */
async function bySameMail(client: Runner, { named }: Incoming): Promise<Place | null> {
  if (named.length === 0) return null;
  const [row] = await sqlOn(client)<{ threadId: number }>`
    select l.thread_id as "threadId" from received_mails m join letters l on l.received_mail_id = m.id
    where m.delivery_id = any(${named}::int[]) order by l.id desc limit 1`;
  return row ? { threadId: row.threadId, sureness: "reference" } : null;
}

/** The same person, the same subject, within thirty days: likely, not certain. */
async function byAddress(client: Runner, { contactId, subject, at }: Incoming): Promise<Place | null> {
  const bare = bareSubject(subject);
  if (contactId === null || bare.length < 3) return null;
  const rows = await sqlOn(client)<{ threadId: number; subject: string }>`
    select l.thread_id as "threadId", t.subject from letters l join threads t on t.id = l.thread_id
    where l.contact_id = ${contactId} and l.at > ${at}::timestamptz - interval '30 days' order by l.id desc limit 50`;
  const found = rows.find((row) => bareSubject(row.subject) === bare);
  return found ? { threadId: found.threadId, sureness: "address" } : null;
}

async function open(client: Runner, { subject, named, at }: Incoming): Promise<Place> {
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into threads (subject, created_at) values (${subject}, least(${at}::timestamptz, now())) returning id`;
  return { threadId: row?.id ?? 0, sureness: named.length > 0 ? "reference" : "new" };
}

const folded = (address: string | null) => (address === null ? "" : foldAddress(address));
