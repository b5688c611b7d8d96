import { cleanRich, richOf, textOf } from "#lib/letters/drafts/rich";
import { type AddInput, type DraftInput, mostRecipients } from "#lib/letters/drafts/schema";
import { type Runner, sql, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";

/**
 * A draft to these people, or the one that its author left unfinished to exactly them: nothing typed is lost behind a
 * second click. With a subject and a text of its own it opens on them, and only a draft of that subject is taken up.
 * @unaudited Nothing is said to anybody before it is sent, and sending is audited.
 */
export const startDraft = (
  contactIds: number[],
  by: number,
  { subject = "", text = "" } = {},
): Promise<Result<{ id: number }, "nobody" | "tooMany">> =>
  transaction(async (client) => {
    if (contactIds.length > mostRecipients) return refused("tooMany");
    const query = sqlOn(client);
    // One at a time a person: two clicks make one draft.
    await query`select 1 from users where id = ${by} for update`;
    const people = await query<{ id: number }>`
      select id from contacts where id = any(${contactIds}::int[]) and archived_at is null order by id`;
    if (people.length === 0) return refused("nobody");
    const ids = people.map(({ id }) => id);
    const [known] = await query<{ id: number }>`
      select d.id from drafts d where d.author_id = ${by} and d.sent_at is null and d.thread_id is null
        and ${subject} in ('', d.subject) and (select array_agg(r.contact_id order by r.contact_id) from draft_recipients r where r.draft_id = d.id) = ${ids}::int[]
      order by d.id desc limit 1`;
    if (known) return { ...ok, id: known.id };
    const id = await newDraft(client, by, { ...alone, subject, html: richOf(text) });
    await query`insert into draft_recipients (draft_id, contact_id) select ${id}, unnest(${ids}::int[])`;
    return { ...ok, id };
  });

type Fresh = {
  subject: string;
  html?: string;
  threadId: number | null;
  answersId: number | null;
  identityId: number | null;
};

const alone = { threadId: null, answersId: null, identityId: null };

/**
 * Opens on the author's signature, from the identity asked for, else the one they last wrote from, else the default.
 * @unaudited A draft: nothing was said to anybody yet.
 */
export async function newDraft(client: Runner, by: number, fresh: Fresh): Promise<number> {
  const [row] = await sqlOn(client)<{ id: number }>`
    insert into drafts (author_id, subject, thread_id, answers_id, identity_id, html)
    select ${by}, ${fresh.subject}, ${fresh.threadId}::int, ${fresh.answersId}::int, coalesce(
        (select i.id from identities i where i.id = ${fresh.identityId}::int and i.archived_at is null),
        (select d.identity_id from drafts d join identities i on i.id = d.identity_id and i.archived_at is null
          where d.author_id = ${by} and d.sent_at is not null order by d.sent_at desc limit 1),
        (select i.id from identities i where i.is_default and i.archived_at is null)),
      ${fresh.html ?? ""} || coalesce((select '<p><br></p>' || html from letter_signatures where user_id = ${by}), '')
    returning id`;
  return row?.id ?? 0;
}

type Saved = Result<{ version: number; savedAt: Date }, "conflict" | "notDraft">;

/**
 * What is typed, a second after it was. Zero rows: another tab wrote first, or it was sent.
 * @unaudited A draft: nothing was said to anybody yet.
 */
export async function saveLetter(
  { id, version, identityId, subject, html }: DraftInput,
  by: number,
): Promise<Saved> {
  const [row] = await sql<{ version: number; savedAt: Date }>`
    update drafts set subject = ${subject}, html = ${cleanRich(html)}, version = version + 1, updated_at = clock_timestamp(),
      identity_id = (select i.id from identities i join relays r on r.id = i.relay_id
        where i.id = ${identityId} and i.archived_at is null and r.archived_at is null)
    where id = ${id} and author_id = ${by} and version = ${version} and sent_at is null
    returning version, updated_at as "savedAt"`;
  if (row) return { ...ok, ...row };
  const [there] = await sql`select 1 from drafts where id = ${id} and author_id = ${by} and sent_at is null`;
  return refused(there ? "conflict" : "notDraft");
}

/** @unaudited A draft: nobody had been written to. */
export async function discardDraft(id: number, by: number): Promise<Result<object, "notDraft">> {
  const rows =
    await sql`delete from drafts where id = ${id} and author_id = ${by} and sent_at is null returning id`;
  return rows.length === 1 ? ok : refused("notDraft");
}

/**
 * One person more, as long as they are at most `mostRecipients`. An answer goes to whoever wrote: others get a copy. An
 * address of the address book is its contact.
 * @unaudited A draft: nobody had been written to.
 */
export const addRecipient = (
  { id, role, contactId, address }: AddInput,
  by: number,
): Promise<Result<object, "notDraft" | "tooMany" | "nobody" | "alreadyThere" | "copyOnly">> =>
  transaction(async (client) => {
    const query = sqlOn(client);
    const [draft] = await query<{ people: number; answer: boolean }>`
      select (select count(*)::int from draft_recipients r where r.draft_id = d.id) as people, thread_id is not null as answer
      from drafts d where id = ${id} and author_id = ${by} and sent_at is null for update`;
    if (!draft) return refused("notDraft");
    if (draft.answer && role === "to") return refused("copyOnly");
    if (draft.people >= mostRecipients) return refused("tooMany");
    const folded = contactId === null ? foldAddress(address) : "";
    const [person] = await query<{ id: number }>`
      select c.id from contacts c where c.archived_at is null and (c.id = ${contactId}::int or exists (
        select from email_addresses a where a.contact_id = c.id and a.address = ${folded}))`;
    if (!person && contactId !== null) return refused("nobody");
    const added = await query`
      insert into draft_recipients (draft_id, contact_id, address, role)
      values (${id}, ${person?.id ?? null}::int, ${folded}, ${role}::"RecipientRole") on conflict do nothing returning id`;
    return added.length === 1 ? ok : refused("alreadyThere");
  });

/**
 * One mail to all of them, or each their own.
 * @unaudited A draft: nobody had been written to.
 */
export async function sendTogether(
  id: number,
  together: boolean,
  by: number,
): Promise<Result<object, "notDraft">> {
  const rows = await sql`
    update drafts set together = ${together} where id = ${id} and author_id = ${by} and sent_at is null returning id`;
  return rows.length === 1 ? ok : refused("notDraft");
}

/** @unaudited One person leaves the draft before anything is said to them; the last one it is to stays. */
export async function dropRecipient(id: number, by: number): Promise<Result<object, "notDraft">> {
  const rows = await sql`
    delete from draft_recipients r using drafts d
    where r.id = ${id} and d.id = r.draft_id and d.author_id = ${by} and d.sent_at is null
      and (r.role <> 'to' or (select count(*) from draft_recipients o where o.draft_id = d.id and o.role = 'to') > 1)
    returning r.id`;
  return rows.length === 1 ? ok : refused("notDraft");
}

/** @unaudited How one's own letters end; the letters themselves are audited. */
export async function saveSignature(html: string, by: number): Promise<Result> {
  const clean = cleanRich(html);
  if (textOf(clean) === "") await sql`delete from letter_signatures where user_id = ${by}`;
  else
    await sql`
      insert into letter_signatures (user_id, html) values (${by}, ${clean})
      on conflict (user_id) do update set html = excluded.html`;
  return ok;
}

/**
 * The worker's task: what was sent is kept as a draft only for as long as that may be undone, and a day.
 * @unaudited Housekeeping; nobody asked for it.
 */
export async function forgetSent(): Promise<number> {
  const rows = await sql`
    delete from drafts d where d.sent_at < clock_timestamp() - interval '1 day' and not exists (
      select from letters l join deliveries o on o.id = l.delivery_id join deliveries x on x.content_id = o.content_id and x.campaign_id is null
      where l.draft_id = d.id and x.status in ('queued', 'sending'))
    returning id`;
  return rows.length;
}
