/** The additional contribution of large employers with few work-study contracts (CSA), from pay of 2009. */
import type { Slice } from "./base.ts";
import { exact, ONE, percentOf, sum } from "./exact.ts";
import { type Band, type Figure, figureAt, needFigure, type Rates, rowAt } from "./rates.ts";
import type { Employer } from "./schema.ts";
import { type Step, step } from "./steps.ts";

export function additional(
  employer: Employer,
  slices: Slice[],
  rates: Rates,
): { cents: bigint; steps: Step[] } {
  const none = (one: Step) => ({ cents: 0n, steps: [one] });
  const december = `${employer.year}-12`;
  const staff = needFigure(rates, "csa.staff", december);
  const { headcount, workStudyPercent: share } = employer;
  if (headcount == null) return none(step("csaNoHeadcount", 0n, [staff], { staff: number(staff) }));
  if (exact(headcount) < exact(staff.value))
    return none(step("csaSmall", 0n, [staff], { staff: number(staff) }));
  const now = exact(share ?? 0);
  const growth = grown(employer, now, rates);
  const parts = slices.map((slice) => part(slice, headcount, now, rates));
  const full = sum(parts.map(({ cents }) => cents));
  const steps = parts.map((one) => one.step);
  if (growth && parts.some((one) => one.banded))
    return {
      cents: 0n,
      steps: [step("csaGrown", 0n, [growth.figure], { ...growth.values, otherwise: { cents: full } })],
    };
  return { cents: full, steps };
}

function part(slice: Slice, headcount: number, now: bigint, rates: Rates) {
  const row = rowAt(rates, "csa", slice.month);
  if (!row || !Array.isArray(row.value)) throw new Error(`no csa in ${slice.month}`);
  const band = row.value.find(({ below }) => now < exact(below));
  const share = { percent: decimal(now) };
  if (!band) return { cents: 0n, banded: false, step: step("csaEnough", 0n, [row], { share }) };
  const plain = rateOf(band, headcount, slice.month, rates);
  const local = needFigure(rates, "csa.alsaceMoselle", slice.month);
  const inMoselle = slice.zone === "alsaceMoselle";
  const rate = inMoselle ? decimal((exact(plain) * exact(local.value)) / ONE) : plain;
  const cents = percentOf(slice.euros, rate);
  const values = { place: slice.place, share, rate: { percent: rate }, base: { cents: slice.euros * 100n } };
  return { cents, banded: true, step: step(inMoselle ? "csaMoselle" : "csa", cents, [row], values) };
}

/** Above the larger threshold, not at it: « excède ». */
function rateOf({ rate, large }: Band, headcount: number, month: string, rates: Rates): string {
  const threshold = figureAt(rates, "csa.largeStaff", month);
  return large && threshold && exact(headcount) > exact(threshold.value) ? large : rate;
}

/** The law compares numbers of work-study contracts; percentages are what is told. Unknown before: not exempt. */
function grown({ year, workStudyPercentBefore: before }: Employer, now: bigint, rates: Rates) {
  const figure = figureAt(rates, "csa.growth", `${year}-12`);
  const from = figureAt(rates, "csa.growthFrom", `${year}-12`);
  if (!figure || !from || before == null || now < exact(from.value)) return null;
  if (now * ONE < exact(before) * exact(figure.value)) return null;
  return { figure, values: { share: { percent: decimal(now) }, before: { percent: String(before) } } };
}

export const number = ({ value }: Figure) => ({ number: value });

/** Billionths back to a decimal. */
export const decimal = (value: bigint) =>
  `${value / ONE}.${String(value % ONE).padStart(9, "0")}`.replace(/\.?0+$/, "");
