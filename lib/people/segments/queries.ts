import type { ContactKind } from "#db/enums";
import { db, pool } from "#lib/machine/db";
import { compileCriteria } from "#lib/people/segments/compile";
import { type Criteria, criteriaSchema } from "#lib/people/segments/schema";

/** Counts are exact up to here, then the planner's estimate. */
export const exactUpTo = 10_000;

export type SegmentCount = { count: number; exact: boolean };

/** Living contacts who meet the criteria. Archived ones belong to no segment's figure. */
export async function countSegment(criteria: Criteria): Promise<SegmentCount> {
  const values: unknown[] = [];
  const where = `c.archived_at is null and ${compileCriteria(criteria, values)}`;
  const counted = await pool().query<{ n: number }>({
    text: `select count(*)::int as n from (select 1 from contacts c where ${where} limit ${exactUpTo + 1}) found`,
    values,
  });
  const n = counted.rows[0]?.n ?? 0;
  if (n <= exactUpTo) return { count: n, exact: true };
  type Plan = { "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] };
  const { rows } = await pool().query<Plan>({
    text: `explain (format json) select 1 from contacts c where ${where}`,
    values,
  });
  const estimate = rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? n;
  return { count: Math.max(estimate, exactUpTo), exact: false };
}

export type SegmentMember = {
  id: number;
  firstName: string;
  lastName: string;
  kind: ContactKind;
  graduationYear: number | null;
  city: string;
  address: string | null;
};

/** The first twenty by name, to see whom the criteria mean. */
export async function previewSegment(criteria: Criteria, limit = 20): Promise<SegmentMember[]> {
  const values: unknown[] = [limit];
  const { rows } = await pool().query<SegmentMember>({
    text: `select c.id, c.first_name as "firstName", c.last_name as "lastName", c.kind,
        c.graduation_year as "graduationYear", c.city, a.address
      from contacts c
      left join lateral address_to_write(c.id) a on true
      where c.archived_at is null and ${compileCriteria(criteria, values)}
      order by c.sort_name, c.id limit $1`,
    values,
  });
  return rows;
}

const listed = { id: true, name: true, criteria: true, updatedAt: true, archivedAt: true } as const;

/** Segments by name; there are tens of them, not pages. */
export async function listSegments(show: "current" | "archived" = "current") {
  const rows = await db.segment.findMany({
    where: { archivedAt: show === "current" ? null : { not: null } },
    select: { ...listed, _count: { select: { campaigns: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 200,
  });
  return rows.map(({ _count, criteria, ...row }) => ({
    ...row,
    criteria: criteriaSchema.parse(criteria),
    campaigns: _count.campaigns,
  }));
}

export type ListedSegment = Awaited<ReturnType<typeof listSegments>>[number];

export async function findSegment(id: number) {
  const row = await db.segment.findUnique({ where: { id }, select: listed });
  return row && { ...row, criteria: criteriaSchema.parse(row.criteria) };
}

/** What the criteria may name: the sources that bring contacts, and the newsletters. */
export async function listCriteriaChoices() {
  const [sources, topics] = await Promise.all([
    db.source.findMany({
      where: { archivedAt: null },
      select: { id: true, name: true },
      orderBy: { name: "asc" },
    }),
    db.topic.findMany({
      select: { id: true, name: true },
      orderBy: { position: "asc" },
    }),
  ]);
  return { sources, topics };
}

export type CriteriaChoices = Awaited<ReturnType<typeof listCriteriaChoices>>;
