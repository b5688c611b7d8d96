/** The draft that answers a conversation: to whoever wrote, or to everybody whom they wrote to. */
import { addressedOf } from "#lib/letters/drafts/addressed";
import { newDraft } from "#lib/letters/drafts/mutations";
import { mostRecipients } from "#lib/letters/drafts/schema";
import { type Reader, seenBy } from "#lib/letters/threads/reader";
import { answerSubject } from "#lib/letters/threads/rules";
import { pool, type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { foldAddress, hashAddress } from "#lib/machine/seal";

type Last = {
  id: number;
  contactId: number | null;
  subject: string;
  mine: boolean;
  automatic: boolean;
  answered: boolean;
  address: string | null;
  identityId: number | null;
  receivedMailId: number | null;
};
type Somebody = { contactId: number | null; address: string };
/** `all`: everybody whom the mail was to gets a copy. `mailId`: that mail of the thread, instead of the last. */
type Asked = { all?: boolean; mailId?: number | null };

/**
 * The answer to a thread that its reader began, or a new one: to whoever wrote last, where they ask to be answered, from
 * the identity that the thread was written to. A draft that was begun goes on, with the copies asked for. One answer a mail: a colleague's later draft answers the same, and only the first leaves.
 * @unaudited A draft: nothing was said to anybody yet.
 */
export const startAnswer = (
  threadId: number,
  reader: Reader,
  { all = false, mailId = null }: Asked = {},
): Promise<Result<{ id: number }, "notFound" | "nobody" | "tooMany">> =>
  transaction(async (client) => {
    const query = sqlOn(client);
    await query`select 1 from users where id = ${reader.id} for update`;
    if (!(await seenBy(client, reader, threadId))) return refused("notFound");
    const letters = await lettersOf(client, threadId);
    const last = lastOf(letters, mailId);
    const asked = last && (await peopleFor(client, last, reader.id));
    if (!asked) return refused("nobody");
    const copies = all ? asked.copies : [];
    if (copies.length >= mostRecipients) return refused("tooMany");
    const [known] = await query<{ id: number }>`
      select id from drafts where author_id = ${reader.id} and thread_id = ${threadId} and sent_at is null order by id desc limit 1`;
    const id =
      known?.id ?? (await newAnswer(client, { threadId, letters, last, to: asked.to, by: reader.id }));
    await copyTo(client, id, copies);
    return { ...ok, id };
  });

const lettersOf = (client: Runner, threadId: number) => sqlOn(client)<Last>`
  select l.id, coalesce(l.contact_id, d.contact_id) as "contactId", l.subject, l.author_id is not null as mine, l.automatic,
    exists (select from letters a where a.answers_id = l.id) as answered,
    coalesce(d.address, case when l.author_id is null then coalesce(
      substring(m.sender from '<([^<>\\s]+@[^<>\\s]+)>'), substring(m.sender from '^[^<>\\s]+@[^<>\\s]+$')) end) as address,
    coalesce(ct.identity_id, answered.identity_id) as "identityId", l.received_mail_id as "receivedMailId"
  from letters l left join deliveries d on d.id = l.delivery_id left join contents ct on ct.id = d.content_id
  left join received_mails m on m.id = l.received_mail_id
  left join deliveries ad on ad.id = m.delivery_id left join contents answered on answered.id = ad.content_id
  where l.thread_id = ${threadId} order by l.id desc`;

const isTheirs = ({ mine, automatic }: Last) => !mine && !automatic;
const lastOf = (letters: Last[], mailId: number | null): Last | undefined =>
  letters.find((one) => isTheirs(one) && (mailId === null || one.receivedMailId === mailId)) ??
  letters.find(isTheirs) ??
  letters[0];

/** Whom the answer to that letter is to, and who else was named in it. */
async function peopleFor(client: Runner, last: Last, by: number) {
  const { contactId, address, receivedMailId } = last;
  if (!contactId && !address) return null;
  const sender: Somebody = { contactId, address: foldAddress(address ?? "") };
  if (!isTheirs(last) || receivedMailId === null) return { to: sender, copies: [] };
  const { replyTo, others } = await addressedOf(client, receivedMailId, by);
  const [wanted, ...more] = replyTo.filter((one) => one !== sender.address);
  const to = (wanted && (await reachedAt(client, wanted, sender))) || sender;
  const named = to === sender ? [...replyTo, ...others] : [...more, ...others];
  return { to, copies: [...new Set(named)].filter((one) => one !== to.address && one !== sender.address) };
}

/** Whoever is named in Reply-To did not write to us: one who opposes letters is not answered instead of who did. */
async function reachedAt(client: Runner, address: string, sender: Somebody): Promise<Somebody | null> {
  const [found] = await sqlOn(client)<{ contactId: number | null; reason: string | null }>`
    select a.contact_id as "contactId", o.reason from (select) one
    left join email_addresses a on a.address = ${address}
    cross join lateral opposition(${Buffer.from(hashAddress(address))}::bytea, a.contact_id, null, purpose_of('personal', 'letter', 'to')) o`;
  return found?.reason == null ? { contactId: found?.contactId ?? sender.contactId, address } : null;
}

type Fresh = { threadId: number; letters: Last[]; last: Last; to: Somebody; by: number };

async function newAnswer(client: Runner, { threadId, letters, last, to, by }: Fresh): Promise<number> {
  const answersId = isTheirs(last) && !last.answered ? last.id : null;
  const identityId = letters.find((one) => one.identityId !== null)?.identityId ?? null;
  const id = await newDraft(client, by, {
    subject: answerSubject(last.subject),
    threadId,
    answersId,
    identityId,
  });
  await sqlOn(client)`
    insert into draft_recipients (draft_id, contact_id, address) values (${id}, ${to.contactId}, ${to.address})`;
  return id;
}

/** Whoever is there already stays as they are; somebody of the address book is written once, whatever their addresses. */
const copyTo = (client: Runner, draftId: number, addresses: string[]) => sqlOn(client)`
  insert into draft_recipients (draft_id, contact_id, address, role)
  select ${draftId}, (select a.contact_id from email_addresses a where a.address = n.address limit 1), n.address, 'cc'
  from unnest(${addresses}::text[]) with ordinality n (address, i) order by n.i on conflict do nothing`;

/** How many others the last mail of a thread, or that one, was to; its reader was let in. */
export async function countOthers(
  threadId: number,
  by: number,
  mailId: number | null = null,
): Promise<number> {
  const last = lastOf(await lettersOf(pool(), threadId), mailId);
  return (last && (await peopleFor(pool(), last, by))?.copies.length) || 0;
}
