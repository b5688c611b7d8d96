import { db, sql } from "#lib/machine/db";
import { type Days, type MilestoneKind, milestoneKinds } from "./rules.ts";

export type TaxYear = {
  campaignYear: number;
  uai: string;
  ibanEnd: string;
  /** `2027-12-31` */
  accreditedUntil: string | null;
  goalCents: bigint | null;
  /** What an hour of work counts for. */
  hourlyCents: bigint | null;
  /** What the department does with the money, in its words. */
  uses: string;
  /** The note of thanks; empty: the one that ships. */
  thanks: string;
  updatedAt: Date;
};
export type Milestone = {
  id: number;
  kind: MilestoneKind;
  /** Null: the date was taken away. */
  day: string | null;
  source: string;
  recordedAt: Date;
  /** Null for what came with the application. */
  by: string | null;
  superseded: boolean;
};

/** Cents as a field holds them, in euros. */
export const eurosOf = (cents: bigint | null | undefined) =>
  cents == null ? "" : String(Number(cents) / 100).replace(".", ",");

const dayOf = (at: Date | null) => at?.toISOString().slice(0, 10) ?? null;

/** A campaign that nobody has told anything about is null. */
export async function findTaxYear(campaignYear: number): Promise<TaxYear | null> {
  const row = await db.taxYear.findUnique({
    where: { campaignYear },
    select: {
      campaignYear: true,
      uai: true,
      ibanEnd: true,
      accreditedUntil: true,
      goalCents: true,
      hourlyCents: true,
      uses: true,
      thanks: true,
      updatedAt: true,
    },
  });
  return row && { ...row, accreditedUntil: dayOf(row.accreditedUntil) };
}

export async function listCampaignYears(): Promise<number[]> {
  const rows = await sql<{
    year: number;
  }>`select campaign_year as year from tax_years order by 1 desc limit 100`;
  return rows.map(({ year }) => year);
}

/** The days in force of a campaign, by kind, with when and by whom the last was told; null before any was. */
export function inForce(milestones: Milestone[]) {
  const last = milestones.toSorted((a, b) => b.recordedAt.getTime() - a.recordedAt.getTime())[0];
  const days = milestones.filter((one) => !one.superseded).map(({ kind, day }) => [kind, day ?? ""]);
  return last ? { updatedAt: last.recordedAt, by: last.by, days: Object.fromEntries(days) as Days } : null;
}

/** Every date ever told of a campaign: those in force in the order of the year, then what they replaced, newest first. */
export async function listMilestones(campaignYear: number): Promise<Milestone[]> {
  const rows = await db.taxMilestone.findMany({
    where: { campaignYear },
    select: {
      id: true,
      kind: true,
      day: true,
      source: true,
      recordedAt: true,
      supersededAt: true,
      recordedBy: { select: { name: true } },
    },
    orderBy: { id: "desc" },
    take: 500,
  });
  const told = rows.map(({ recordedBy, supersededAt, ...row }) => ({
    ...row,
    kind: row.kind as MilestoneKind,
    day: dayOf(row.day),
    by: recordedBy?.name ?? null,
    superseded: supersededAt !== null,
  }));
  const place = (one: Milestone) =>
    one.superseded ? milestoneKinds.length : milestoneKinds.indexOf(one.kind);
  return told.sort((a, b) => place(a) - place(b));
}
