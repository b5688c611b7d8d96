import { fillReply, variablesOf } from "#lib/letters/drafts/merge";
import { mostReplies } from "#lib/letters/saved-replies/schema";
import { pool, sql } from "#lib/machine/db";

export type ReplyRow = {
  id: number;
  title: string;
  shared: boolean;
  mine: boolean;
  owner: string;
  updatedAt: Date;
};

/** One's own and those shared by others, by title. */
export const listReplies = (by: number) => sql<ReplyRow>`
  select r.id, r.title, r.shared, r.user_id = ${by} as mine, u.name as owner, r.updated_at as "updatedAt"
  from saved_replies r join users u on u.id = r.user_id where r.user_id = ${by} or r.shared
  order by lower(r.title), r.id limit ${mostReplies}`;

/** One that this person may use, and so change: their own, or a shared one. */
export async function findReply(id: number, by: number) {
  const [row] = await sql<{ id: number; title: string; html: string; shared: boolean }>`
    select id, title, html, shared from saved_replies where id = ${id} and (user_id = ${by} or shared)`;
  return row ?? null;
}

/**
 * Its words for the one person that this draft of one’s own is to. To several, each their own, they stay variables, merged
 * for each as it is sent; in one mail to all they say what they say to anybody.
 */
export async function fillFor(id: number, draftId: number, by: number): Promise<string | null> {
  const reply = await findReply(id, by);
  if (!reply) return null;
  const people = await sql<{ contactId: number | null; together: boolean }>`
    select r.contact_id as "contactId", d.together from drafts d join draft_recipients r on r.draft_id = d.id and r.role = 'to'
    where d.id = ${draftId} and d.author_id = ${by} limit 2`;
  const [one] = people;
  if (people.length > 1 && !one?.together) return reply.html;
  const known = await variablesOf(pool(), people.length === 1 && one?.contactId ? [one.contactId] : []);
  return fillReply(reply.html, known.get(one?.contactId ?? 0) ?? {});
}
