/** What a company's payroll may be when nobody told it, and why it might say yes. */
import type { Range } from "#lib/tax/pledges/rules";

/**
 * Pay of a sector beside the mean of all, from net pay in full-time equivalents: Insee Première 1971 and its edition on
 * 2021 (2 524 € for all; finance 3 779, information 3 635, construction 2 269, hotels and restaurants 1 811), industry
 * from that on 2020 (2 773 €). Others are counted at the mean.
 */
export const sectors = {
  any: 100,
  finance: 150,
  information: 144,
  industry: 110,
  construction: 90,
  hospitality: 72,
} as const;
export type Sector = keyof typeof sectors;
export const sectorNames = Object.keys(sectors) as Sector[];

/** Gross monthly pay, full-time, all sectors: 3 613 € in 2023 (Insee Première 2020). Part-time makes it high. */
const meanMonthlyCents = 361_300n;

/** By size, from net pay of 2022 (Insee Références 2024): 2 170 € under 10 staff, 3 070 € from 5 000, so 2 690 € between, for 2 630. */
const sizePercent = (headcount: number) => (headcount < 10 ? 83n : headcount < 5000 ? 102n : 117n);

/** Our own guess of the spread, until enough bases have been deduced from money received. */
const [lowPercent, highPercent] = [70n, 140n];

/** A year's payroll of `headcount` people in cents, two significant digits: a range, never a fact. */
export function estimateBase(headcount: number, sector: Sector): Range {
  const mean = BigInt(headcount) * 12n * meanMonthlyCents * BigInt(sectors[sector]) * sizePercent(headcount);
  const part = (percent: bigint) => twoDigits((mean * percent) / 1_000_000n);
  return { low: part(lowPercent), high: part(highPercent) };
}

function twoDigits(cents: bigint): bigint {
  const unit = 10n ** BigInt(Math.max(0, String(cents).length - 2));
  return ((cents + unit / 2n) / unit) * unit;
}

export type Tie = {
  id: number;
  name: string;
  kind: string;
  graduationYear: number | null;
  role: string;
  jobTitle: string;
  past: boolean;
  /** Which establishment, when it is another one of the same company. */
  place: string;
  elsewhere: boolean;
};
export type PastPledge = {
  id: number;
  campaignYear: number;
  state: string;
  share: number | null;
  receivedCents: string;
  place: string;
};
export type Ties = {
  people: Tie[];
  pledges: PastPledge[];
  /** Sent to those who are there today. */
  letters: number;
  lastLetterAt: string | null;
  answers: number;
  lastAnswerAt: string | null;
  lastCallAt: string | null;
  lastCallBy: string | null;
  lastCallNote: string | null;
};

export type Reason = { key: ReasonKey; count: number; year: number | null };
export type ReasonKey = "gave" | "alumnusDecides" | "interns" | "lecturers" | "alumni" | "answered";

/** Why a company might say yes in `campaignYear`: at most three reasons, what weighs most first. */
export function whyYes({ people, pledges, answers }: Ties, campaignYear: number): Reason[] {
  const now = people.filter(({ past }) => !past);
  const count = (list: Tie[]) => new Set(list.map(({ id }) => id)).size;
  const former = (tie: Tie) => tie.kind.startsWith("former_") || tie.role === "alumnus";
  const gave = pledges.filter((one) => one.campaignYear < campaignYear && BigInt(one.receivedCents) > 0n);
  const told: Record<ReasonKey, number> = {
    gave: new Set(gave.map((one) => one.campaignYear)).size,
    alumnusDecides: count(
      now.filter((tie) => tie.role === "decision_maker" && tie.kind.startsWith("former_")),
    ),
    interns: count(people.filter(({ role }) => role === "intern" || role === "tutor")),
    lecturers: count(now.filter(({ kind }) => kind.endsWith("_lecturer"))),
    alumni: count(now.filter(former)),
    answered: answers,
  };
  const year = gave.length > 0 ? Math.max(...gave.map((one) => one.campaignYear)) : null;
  return (Object.keys(told) as ReasonKey[])
    .filter((key) => told[key] > 0 && !(key === "alumni" && told.alumni === told.alumnusDecides))
    .slice(0, 3)
    .map((key) => ({ key, count: told[key], year: key === "gave" ? year : null }));
}
