import { sql } from "#lib/db";

export type AuditRow = {
  id: number;
  at: Date;
  action: string;
  subject: string;
  subjectId: number | null;
  data: Record<string, unknown>;
  user: string | null;
};

const size = 50;

/** One page of the log, latest first; `before` is the id of the last row already seen. One row more than shown tells whether there is a next page. */
export async function listAudit(filter: { before?: number; subject?: string }) {
  const rows = await sql<AuditRow>`
    select a.id, a.at, a.action, a.subject, a.subject_id as "subjectId", a.data, u.name as "user"
    from audit_entries a left join users u on u.id = a.user_id
    where (${filter.before ?? null}::int is null or a.id < ${filter.before ?? null}::int)
      and (${filter.subject ?? null}::text is null or a.subject = ${filter.subject ?? null}::text)
    order by a.id desc limit ${size + 1}`;
  return { rows: rows.slice(0, size), next: rows.length > size ? (rows[size - 1]?.id ?? null) : null };
}
