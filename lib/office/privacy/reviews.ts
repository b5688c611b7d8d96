/** Contacts nobody has heard from: proposed, then erased unless somebody keeps them or they give a sign of life. */
import { recordAudit } from "#lib/department/audit/mutations";
import { notify } from "#lib/department/notices/mutations";
import { pool, sql, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { eraseContact } from "#lib/office/privacy/erase";
import { namedLately, presentKinds, type RuleName } from "#lib/office/privacy/rules";

const BATCH = 2_000;

/**
 * The last thing the person did: answered, left or took up a newsletter, followed a link with their consent, came to
 * something; else when they were written down or somebody
 * last decided to keep them. Never an opening, nor a letter that we sent; a machine's answer or a complaint is no sign
 * of a link, and what the staff typed is not theirs.
 */
const lastAct = `greatest(c.created_at,
  (select v.kept_at from contact_reviews v where v.contact_id = c.id),
  (select max(a.at) from activities a where a.contact_id = c.id and a.kind in ('reply', 'unsubscribed', 'resubscribed')
    and coalesce(a.data ->> 'via', '') not in ('staff', 'complaint')),
  (select greatest(g.clicked_at, g.came_at) from contact_signs g where g.contact_id = c.id))`;

/** Here today, or still named by a source. */
const present = `c.kind in (${presentKinds.map((kind) => `'${kind}'`).join(", ")})
  or exists (select from external_identities e join sources s on s.id = e.source_id
    where e.contact_id = c.id and s.archived_at is null and e.seen_at > clock_timestamp() - interval '${namedLately}')`;

/** `$1`: the duration. */
const silent = `${lastAct} < clock_timestamp() - $1::interval and not (${present})`;

const proposeBatch = `
  with batch as materialized (
    select * from contacts where id > $2::int order by id limit ${BATCH}
  ), proposed as (
    insert into contact_reviews as v (contact_id, last_act_at)
    select c.id, ${lastAct} from batch c where ${silent}
    on conflict (contact_id) do update set last_act_at = excluded.last_act_at, proposed_at = clock_timestamp(), kept_at = null, user_id = null
      where v.kept_at is not null
    returning 1
  )
  select (select max(id) from batch) as last, (select count(*)::int from proposed) as proposed`;

/**
 * Walks the contact book once a day, a batch a transaction, and proposes whoever has been silent for `interval`.
 * Returns how many are new; the secretariat is told at the end of the walk.
 */
export async function proposeSilent(interval: string, until: number): Promise<number> {
  let proposed = 0;
  while (performance.now() < until) {
    const more = await transaction(async (client) => {
      const [cursor] = await sqlOn(client)<{ afterId: number }>`
        select after_id as "afterId" from purge_cursors where rule = 'contacts'
          and (after_id > 0 or coalesce(swept_at, '-infinity') < clock_timestamp() - interval '1 day') for update`;
      if (!cursor) return false;
      const { rows } = await client.query<{ last: number | null; proposed: number }>(proposeBatch, [
        interval,
        cursor.afterId,
      ]);
      const { last = null, proposed: added = 0 } = rows[0] ?? {};
      proposed += added;
      await sqlOn(client)`
        update purge_cursors set after_id = coalesce(${last}::int, 0),
          swept_at = case when ${last}::int is null then clock_timestamp() else swept_at end where rule = 'contacts'`;
      return last !== null;
    });
    if (!more) break;
  }
  if (proposed > 0) await notify({ kind: "erasuresProposed", data: {} });
  return proposed;
}

const dueReviews = `
  select contact_id as id from contact_reviews
  where kept_at is null and (erasing_at is not null or approved_at is not null or proposed_at < clock_timestamp() - $1::interval)
  order by proposed_at, contact_id limit 100`;

/**
 * Erases those whose time is over, one transaction each. Whoever gave a sign of life since, or is no longer silent by
 * the duration now in force, is taken off the list instead. Returns how many went.
 */
export async function eraseDue(intervals: Record<RuleName, string>, until: number): Promise<number> {
  await withdraw(intervals.contacts);
  const { rows } = await pool().query<{ id: number }>(dueReviews, [intervals.notice]);
  let erased = 0;
  for (const { id } of rows) {
    if (performance.now() > until) break;
    // Somebody may have clicked « keep » since the list was read; from here on it is too late.
    const { rowCount } = await pool().query(
      `update contact_reviews v set erasing_at = clock_timestamp() from contacts c
       where v.contact_id = $2 and c.id = v.contact_id and v.kept_at is null and ${silent}`,
      [intervals.contacts, id],
    );
    if (rowCount === 1 && (await eraseContact(id, "silence", null)).ok) erased++;
  }
  return erased;
}

async function withdraw(interval: string) {
  await pool().query(
    `delete from contact_reviews v using contacts c
     where c.id = v.contact_id and v.kept_at is null and v.erasing_at is null and not (${silent})`,
    [interval],
  );
}

/** « Garder le lien »: their silence counts anew from today. */
export const keepContact = (contactId: number, by: number): Promise<Result<unknown, "notProposed">> =>
  transaction(async (client) => {
    const rows = await sqlOn(client)`
      update contact_reviews set kept_at = clock_timestamp(), approved_at = null, user_id = ${by}
      where contact_id = ${contactId} and kept_at is null and erasing_at is null returning contact_id as "contactId"`;
    if (rows.length === 0) return refused("notProposed");
    await recordAudit(
      { userId: by, action: "contact.kept", subject: "contact", subjectId: contactId },
      client,
    );
    return ok;
  });

/** Not waiting for the end of the delay: the worker erases within minutes. `contactIds` are those the screen showed. */
export const approveErasures = (
  contactIds: number[],
  by: number,
): Promise<Result<{ count: number }, "notProposed">> =>
  transaction(async (client) => {
    const rows = await sqlOn(client)<{ contactId: number }>`
      update contact_reviews set approved_at = clock_timestamp(), user_id = ${by}
      where contact_id = any(${contactIds}::int[]) and kept_at is null and approved_at is null returning contact_id as "contactId"`;
    if (rows.length === 0) return refused("notProposed");
    for (const { contactId } of rows)
      await recordAudit(
        { userId: by, action: "contact.erasureApproved", subject: "contact", subjectId: contactId },
        client,
      );
    return { ok: true, count: rows.length };
  });

export type Proposal = {
  id: number;
  name: string;
  kind: string;
  lastActAt: Date;
  approvedAt: Date | null;
  /** When the worker erases them if nobody says otherwise. */
  dueAt: Date;
};

/** One page of those proposed, soonest first; `after` is the last one seen. */
export async function listProposals(after: { at: Date; id: number } | null, size = 50) {
  const rows = await sql<Proposal & { proposedAt: Date }>`
    select c.id, btrim(c.first_name || ' ' || c.last_name) as name, c.kind, v.last_act_at as "lastActAt",
      v.approved_at as "approvedAt", v.proposed_at as "proposedAt",
      v.proposed_at + (select make_interval(days => amount) from retention_rules where rule = 'notice') as "dueAt"
    from contact_reviews v join contacts c on c.id = v.contact_id
    where v.kept_at is null
      and (${after?.at ?? null}::timestamptz is null or (v.proposed_at, v.contact_id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? 0}::int))
    order by v.proposed_at, v.contact_id limit ${size + 1}`;
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), next: last ? { at: last.proposedAt, id: last.id } : null };
}
