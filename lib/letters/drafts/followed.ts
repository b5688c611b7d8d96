/** Which mails a letter of a conversation follows (RFC 5322, section 3.6.4). */
import { messageId } from "#lib/letters/deliveries/message-id";
import { referencesOf } from "#lib/letters/threads/rules";
import { type Runner, sqlOn } from "#lib/machine/db";

type Following = { threadId: number | null; answersId: number | null };
type Before = {
  theirs: string | null;
  refs: string;
  id: number | null;
  generation: number;
  domain: string | null;
};

/** In-Reply-To and References of a letter in a thread: of what it answers, else of the last mail there. */
export async function followed(client: Runner, { threadId, answersId }: Following) {
  if (!threadId) return {};
  const [last] = await sqlOn(client)<Before>`
    select l.message_id as theirs, coalesce(nullif(l.refs, ''), ct.refs, '') as refs, d.id, coalesce(d.generation, 0) as generation,
      split_part(i.address, '@', 2) as domain
    from letters l left join deliveries d on d.id = l.delivery_id left join contents ct on ct.id = d.content_id
    left join identities i on i.id = ct.identity_id
    where l.thread_id = ${threadId} and (l.id = ${answersId}::int or ${answersId}::int is null) and not l.automatic
      and (l.message_id is not null or d.id is not null)
    order by l.id desc limit 1`;
  if (!last) return {};
  const own =
    last.id === null
      ? ""
      : messageId({ id: last.id, generation: last.generation }, last.domain || "localhost");
  const inReplyTo = last.theirs ?? own;
  return inReplyTo ? { inReplyTo, refs: referencesOf(last.refs.split(" "), inReplyTo) } : {};
}
