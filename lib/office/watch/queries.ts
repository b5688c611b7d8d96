/** The faults of this moment, as the page Installation shows them. */
import { sql } from "#lib/machine/db";
import { listFaults } from "./measures.ts";
import type { Fault } from "./rules.ts";

export type KnownFault = Fault & { since: Date | null; toldAt: Date | null };

export async function listKnownFaults(): Promise<KnownFault[]> {
  const [faults, known] = await Promise.all([
    listFaults(),
    sql<{ kind: string; subject: number; since: Date; toldAt: Date | null }>`
      select kind, subject, since, told_at as "toldAt" from faults where ended_at is null`,
  ]);
  return faults.map((fault) => {
    const row = known.find(({ kind, subject }) => kind === fault.kind && subject === fault.subject);
    return { ...fault, since: row?.since ?? null, toldAt: row?.toldAt ?? null };
  });
}
