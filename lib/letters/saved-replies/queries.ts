import { fillReply } from "#lib/letters/saved-replies/rules";
import { mostReplies } from "#lib/letters/saved-replies/schema";
import { sql } from "#lib/machine/db";

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

/** Its words for the person that this draft of one's own is to; to several, they say what they say to anybody. */
export async function fillFor(id: number, draftId: number, by: number): Promise<string | null> {
  const reply = await findReply(id, by);
  if (!reply) return null;
  const people = await sql<{ variables: Record<string, Record<string, string>> }>`
    select jsonb_build_object(
      'contact', jsonb_build_object('firstName', coalesce(c.first_name, ''), 'lastName', coalesce(c.last_name, ''),
        'graduationYear', coalesce(c.graduation_year::text, '')),
      'organisation', jsonb_build_object('name', coalesce((
        select o.name from affiliations a join organisations o on o.id = a.organisation_id
        where a.contact_id = c.id and a.ended_at is null order by a.id desc limit 1), ''))) as variables
    from drafts d join draft_recipients r on r.draft_id = d.id and r.role = 'to' left join contacts c on c.id = r.contact_id
    where d.id = ${draftId} and d.author_id = ${by} limit 2`;
  return fillReply(reply.html, (people.length === 1 && people[0]?.variables) || {});
}
