/** What is taxed of an employer's pay: liable or not, exempt or not, and the whole euros of each establishment. */
import { divide, exact, ONE, sum } from "./exact.ts";
import { type Figure, figureAt, monthsOf, needFigure, periodsOf, type Rates } from "./rates.ts";
import type { Employer } from "./schema.ts";
import { type Step, step, type Value } from "./steps.ts";

export type Zone = "general" | "overseas" | "alsaceMoselle";

/** Pay of one establishment under one set of rates, in whole euros. `month` is the first of those rates. */
export type Slice = { place: string; zone: Zone; month: string; euros: bigint };

export type Base =
  | { slices: Slice[]; steps: Step[] }
  | { notLiable: string; steps: Step[] }
  | { refused: string; values?: Record<string, Value> };

type Month = { month: string; pay: bigint; apprentices: number };

const alsaceMoselle = ["57", "67", "68"];
const overseas = /^97[1-4]$/;

export const zoneOf = (department: string): Zone =>
  alsaceMoselle.includes(department) ? "alsaceMoselle" : overseas.test(department) ? "overseas" : "general";

/** `year` must have verified rates. */
export function taxedBase(employer: Employer, rates: Rates): Base {
  const { year, status } = employer;
  const standing = monthsOf(year).map((month) => needFigure(rates, `liable.${status}`, month));
  const liable = monthsOf(year).filter((_, at) => standing[at]?.value === "1");
  const last = standing.at(-1) as Figure;
  const outside: Base = { notLiable: status, steps: [step(`notLiable.${status}`, 0n, [last])] };
  if (liable.length === 0) return outside;
  const steps = [step("liable", 0n, [last])];
  if (liable.length < 12)
    steps.push(step("firstYear", 0n, [last], { month: { month: liable[0] as string } }));
  if (!employer.months?.length) return byYear(employer, rates, liable, steps);
  const told = employer.months.map(({ month, base, apprentices }) => ({
    month,
    pay: exact(base),
    apprentices,
  }));
  if (!told.some(({ month }) => liable.includes(month))) return outside;
  return byMonth(employer, rates, liable, told, steps);
}

/** One figure for the year: no month can be set apart, so none is exempt and no rate may change within it. */
function byYear({ year, establishments }: Employer, rates: Rates, liable: string[], steps: Step[]): Base {
  const periods = periodsOf(rates, year).filter((months) => months.some((month) => liable.includes(month)));
  const [first, other] = periods;
  if (!first || other)
    return { refused: "midYear", values: { year: String(year), month: { month: other?.[0] ?? "" } } };
  const slices = establishments.map(({ siret, department, base }) => ({
    place: siret || department,
    zone: zoneOf(department),
    month: first.find((month) => liable.includes(month)) as string,
    euros: euros(exact(base ?? 0)),
  }));
  return { slices, steps: [...steps, ...slices.map((slice) => baseStep(rates, slice))] };
}

function byMonth(employer: Employer, rates: Rates, liable: string[], told: Month[], steps: Step[]): Base {
  const { year, establishments } = employer;
  const [home] = establishments as [Employer["establishments"][number]];
  const whole = told.filter(({ month }) => month.startsWith(String(year)));
  const freeYear = figureAt(rates, "exempt.year", `${year}-12`);
  if (freeYear && freeOfYear(whole, freeYear))
    return {
      notLiable: "exempt",
      steps: [...steps, step("exemptYear", 0n, [freeYear], { limit: money(freeYear) })],
    };
  const due = whole.filter(({ month }) => liable.includes(month));
  const free = freeYear ? [] : due.filter(({ month }) => freeOfMonth(month, told, rates));
  for (const { month } of free) steps.push(exemptStep(rates, month));
  const taxed = due.filter((one) => !free.includes(one));
  if (taxed.length === 0) return { notLiable: "exempt", steps };
  const slices = periodsOf(rates, year).flatMap((months) => {
    const mine = taxed.filter(({ month }) => months.includes(month));
    const pay = euros(sum(mine.map((one) => one.pay)));
    const place = home.siret || home.department;
    return mine.length
      ? [{ place, zone: zoneOf(home.department), month: months[0] as string, euros: pay }]
      : [];
  });
  if (establishments.length > 1)
    steps.push(step("monthsAtHome", 0n, [needFigure(rates, "base.unit", `${year}-12`)]));
  return { slices, steps: [...steps, ...slices.map((slice) => baseStep(rates, slice))] };
}

/** Until 2021: an apprentice in any month of the year, and a year's pay within the limit. */
const freeOfYear = (months: Month[], limit: Figure) =>
  months.some(({ apprentices }) => apprentices > 0) &&
  sum(months.map(({ pay }) => pay)) <= exact(limit.value);

/** Since 2022: both are tested on the month before, by the minimum wage of that month; one that is not told exempts nothing. */
function freeOfMonth(month: string, told: Month[], rates: Rates): boolean {
  const before = told.find((one) => one.month === previous(month));
  return (
    !!before &&
    before.apprentices > 0 &&
    before.pay <= exact(needFigure(rates, "exempt.month", before.month).value)
  );
}

function exemptStep(rates: Rates, month: string): Step {
  const limit = needFigure(rates, "exempt.month", previous(month));
  return step("exemptMonth", 0n, [limit], {
    month: { month },
    before: { month: previous(month) },
    limit: money(limit),
  });
}

const baseStep = (rates: Rates, { place, month, euros: whole }: Slice) =>
  step("base", whole * 100n, [needFigure(rates, "base.unit", month)], {
    place,
    amount: { cents: whole * 100n },
  });

export const money = ({ value }: Figure) => ({ cents: divide(exact(value) * 100n, ONE) });

const euros = (pay: bigint) => divide(pay, ONE);

function previous(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, "0")}`;
}
