import type { AuditSubject } from "#lib/department/audit/actions";
import type { AuditSearch } from "#lib/department/audit/schema";
import { db, pool } from "#lib/machine/db";
import { type Page, pageOf, readCursor, Values } from "#lib/machine/keyset";

export type AuditRow = {
  id: number;
  at: Date;
  action: string;
  subject: string;
  subjectId: number | null;
  data: Record<string, unknown>;
  /** Who did it; null when it was the worker or a command. */
  user: string | null;
  /** What it is about, as it is called now; null when it is gone or has no name. */
  name: string | null;
  /** Whom or what else `data` names: the contact of an affiliation, a newsletter, an identity. */
  other: string | null;
  /** Where a sign-in came from, as long as it is kept. */
  network: string | null;
  /** The campaign of a delivery. */
  campaignId: number | null;
};

const size = 50;

const names = `case a.subject
      when 'contact' then (select nullif(btrim(c.first_name || ' ' || c.last_name), '') from contacts c where c.id = a.subject_id)
      when 'organisation' then (select name from organisations where id = a.subject_id)
      when 'campaign' then (select nullif(name, '') from campaigns where id = a.subject_id)
      when 'pledge' then (select o.name from pledges p join organisations o on o.id = p.organisation_id where p.id = a.subject_id)
      when 'thread' then (select nullif(subject, '') from threads where id = a.subject_id)
      when 'transfer' then (select campaign_year || ' · ' || number from transfers where id = a.subject_id)
      when 'task' then (select title from tasks where id = a.subject_id)
      when 'relay' then (select name from relays where id = a.subject_id)
      when 'source' then (select name from sources where id = a.subject_id)
      when 'segment' then (select name from segments where id = a.subject_id)
      when 'domain' then a.data ->> 'domain'
      when 'user' then (select name from users where id = a.subject_id)
      when 'image' then (select name from campaign_images where name = a.data ->> 'name')
      when 'file' then (select title from campaign_files where name = a.data ->> 'name')
    end as name,
    case
      when a.data ? 'contactId' then (select nullif(btrim(c.first_name || ' ' || c.last_name), '') from contacts c where c.id::text = a.data ->> 'contactId')
      when a.data ? 'topicId' then (select name from topics where id::text = a.data ->> 'topicId')
      when a.data ? 'identityId' then (select display_name from identities where id::text = a.data ->> 'identityId')
    end as other,
    case a.subject when 'delivery' then (select campaign_id from deliveries where id = a.subject_id) end as "campaignId"`;

/** One page of the journal, latest first; names are those of today, so that what was renamed is still found. */
export async function listAudit(search: AuditSearch): Promise<Page<AuditRow>> {
  const cursor = readCursor(search, ["instant", "id"]);
  const values = new Values();
  const where = conditions(search, values);
  if (cursor) {
    const [at, id] = cursor.keys.map((key) => values.add(String(key)));
    where.push(`(a.at, a.id) ${cursor.backward ? ">" : "<"} (${at}::timestamptz, ${id}::int)`);
  }
  const way = cursor?.backward ? "" : " desc";
  const { rows } = await pool().query<AuditRow>({
    text: `select a.id, a.at, a.action, a.subject, a.subject_id as "subjectId", a.data, u.name as "user",
        (select network from sign_in_networks where audit_entry_id = a.id) as network, ${names}
      from (
        select * from audit_entries a where ${where.join(" and ") || "true"}
        order by a.at${way}, a.id${way} limit ${size + 1}
      ) a left join users u on u.id = a.user_id
      order by a.at${way}, a.id${way}`,
    values: values.list,
  });
  return pageOf(rows, size, cursor, ({ at, id }) => [at.toISOString(), id]);
}

function conditions({ by, subject, from, to }: AuditSearch, values: Values): string[] {
  const midnight = (day: string) => `${values.add(day)}::date::timestamp at time zone 'Europe/Paris'`;
  const after = (day: string) => `(${values.add(day)}::date + 1)::timestamp at time zone 'Europe/Paris'`;
  return [
    by === "system" ? "a.user_id is null" : by !== "" && `a.user_id = ${values.add(by)}`,
    subject && `a.subject = ${values.add(subject)}`,
    from && `a.at >= ${midnight(from)}`,
    to && `a.at < ${after(to)}`,
  ].filter((condition) => typeof condition === "string" && condition !== "") as string[];
}

/** Whoever may appear in the journal, for its filter: some hundreds at most. */
export function listAuditors() {
  return db.user.findMany({
    select: { id: true, name: true },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 500,
  });
}

/** Who wrote what was written at `at`, by the journal; null when it was no person, or is not told. */
export async function findEditor(subject: AuditSubject, subjectId: number, at: Date): Promise<string | null> {
  const around = { gte: new Date(at.getTime() - 5000), lte: new Date(at.getTime() + 5000) };
  const entry = await db.auditEntry.findFirst({
    where: { subject, subjectId, userId: { not: null }, at: around },
    orderBy: { id: "desc" },
    select: { user: { select: { name: true } } },
  });
  return entry?.user?.name ?? null;
}
