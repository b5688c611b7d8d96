import { listOfDraft } from "#lib/letters/attachments/queries";
import { peopleOf } from "#lib/letters/drafts/send";
import { pool, sql } from "#lib/machine/db";

export type DraftDetail = {
  id: number;
  version: number;
  subject: string;
  html: string;
  identityId: number | null;
  threadId: number | null;
  answersId: number | null;
  together: boolean;
  updatedAt: Date;
  threadVersion: number | null;
};

/** One's own, not sent; anybody else's is nobody's. */
export async function findDraft(id: number, by: number) {
  const [draft] = await sql<DraftDetail>`
    select id, version, subject, html, identity_id as "identityId", thread_id as "threadId", answers_id as "answersId", together,
      updated_at as "updatedAt", (select t.version from threads t where t.id = thread_id) as "threadVersion"
    from drafts where id = ${id} and author_id = ${by} and sent_at is null`;
  return draft
    ? { ...draft, people: await peopleOf(pool(), draft), files: await listOfDraft(draft.id) }
    : null;
}

/** One's drafts, the last touched first; those never sent are few. */
export const listDrafts = (by: number) => sql<{
  id: number;
  subject: string;
  to: string;
  people: number;
  updatedAt: Date;
}>`
  select d.id, d.subject, d.updated_at as "updatedAt", count(r.id)::int as people,
    coalesce(min(coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), r.address)), '') as to
  from drafts d left join draft_recipients r on r.draft_id = d.id left join contacts c on c.id = r.contact_id
  where d.author_id = ${by} and d.sent_at is null group by d.id order by d.updated_at desc, d.id desc limit 100`;

/** Whom one may write as. */
export const listSenders = () => sql<{ id: number; displayName: string; address: string; sandbox: boolean }>`
  select i.id, i.display_name as "displayName", i.address, r.kind = 'sandbox' as sandbox
  from identities i join relays r on r.id = i.relay_id
  where i.archived_at is null and r.archived_at is null order by i.is_default desc, i.display_name, i.id`;

export async function findSignature(by: number): Promise<string> {
  const [row] = await sql<{ html: string }>`select html from letter_signatures where user_id = ${by}`;
  return row?.html ?? "";
}
