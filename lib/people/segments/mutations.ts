import { actOn, auditedRows, type By } from "#lib/department/audit/mutations";
import { ok, type Result, refused } from "#lib/machine/result";
import type { Criteria } from "#lib/people/segments/schema";

export const createSegment = (name: string, criteria: Criteria, by: By): Promise<{ ok: true; id: number }> =>
  auditedRows(
    ({ id }: { id: number }) => actOn("segment.created", id, by),
    async (rows) => {
      const { id } = await rows.segment.create({ data: { name, criteria }, select: { id: true } });
      return { ok: true, id };
    },
  );

/** Campaigns already launched keep the audience they froze; scheduled ones will use the new criteria. */
export const updateSegment = (id: number, name: string, criteria: Criteria, by: By): Promise<Result> =>
  auditedRows(actOn("segment.updated", id, by), async (rows) => {
    const { count } = await rows.segment.updateMany({
      where: { id, archivedAt: null },
      data: { name, criteria },
    });
    return count === 1 ? ok : refused("notFound");
  });

/** Refused while a draft or scheduled campaign still means to use it. */
export const archiveSegment = (id: number, by: By): Promise<Result> =>
  auditedRows(actOn("segment.archived", id, by), async (rows) => {
    const { count } = await rows.segment.updateMany({
      where: {
        id,
        archivedAt: null,
        campaigns: { none: { archivedAt: null, status: { in: ["draft", "scheduled"] } } },
      },
      data: { archivedAt: new Date() },
    });
    if (count === 1) return ok;
    const kept = await rows.segment.findUnique({ where: { id }, select: { archivedAt: true } });
    return refused(kept && kept.archivedAt === null ? "inUse" : "notFound");
  });

export const restoreSegment = (id: number, by: By): Promise<Result> =>
  auditedRows(actOn("segment.restored", id, by), async (rows) => {
    const { count } = await rows.segment.updateMany({
      where: { id, archivedAt: { not: null } },
      data: { archivedAt: null },
    });
    return count === 1 ? ok : refused("notFound");
  });
