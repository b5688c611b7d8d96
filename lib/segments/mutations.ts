import { db } from "#lib/db";
import { ok, type Result, refused } from "#lib/result";
import type { Criteria } from "#lib/segments/schema";

export async function createSegment(name: string, criteria: Criteria): Promise<{ ok: true; id: number }> {
  const { id } = await db.segment.create({ data: { name, criteria }, select: { id: true } });
  return { ok: true, id };
}

/** Campaigns already launched keep the audience they froze; scheduled ones will use the new criteria. */
export async function updateSegment(id: number, name: string, criteria: Criteria): Promise<Result> {
  const { count } = await db.segment.updateMany({
    where: { id, archivedAt: null },
    data: { name, criteria },
  });
  return count === 1 ? ok : refused("notFound");
}

/** Refused while a draft or scheduled campaign still means to use it. */
export async function archiveSegment(id: number): Promise<Result> {
  const { count } = await db.segment.updateMany({
    where: {
      id,
      archivedAt: null,
      campaigns: { none: { archivedAt: null, status: { in: ["draft", "scheduled"] } } },
    },
    data: { archivedAt: new Date() },
  });
  if (count === 1) return ok;
  const kept = await db.segment.findUnique({ where: { id }, select: { archivedAt: true } });
  return refused(kept && kept.archivedAt === null ? "inUse" : "notFound");
}

export async function restoreSegment(id: number): Promise<Result> {
  const { count } = await db.segment.updateMany({
    where: { id, archivedAt: { not: null } },
    data: { archivedAt: null },
  });
  return count === 1 ? ok : refused("notFound");
}
