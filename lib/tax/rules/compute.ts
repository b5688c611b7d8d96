/**
 * The apprenticeship tax of an employer, from the pay of 2004 on: pure, exact, to the cent. Each figure comes with its
 * steps, each step with its law. The rounding and the conventions where the law is silent: docs/decisions/0036.
 */
import { type Base, taxedBase } from "./base.ts";
import { exact } from "./exact.ts";
import { contributionYears, quotaYears } from "./quota.ts";
import { figureAt, needFigure, type Rates } from "./rates.ts";
import type { Employer } from "./schema.ts";
import { solde } from "./solde.ts";
import type { Step, Value } from "./steps.ts";

/** What was told does not let anybody compute: `refused` is a key of the catalog, under `tax.refused`. */
export type Refusal = { refused: string; values?: Record<string, Value> };
export type Computed = { liable: boolean; reason: string; amounts: Record<string, bigint>; steps: Step[] };

const regimes = { quota: quotaYears, csa: contributionYears, solde } as const;

/** Amounts that are always told, in their order: zeros for whoever owes nothing. */
const told: Record<keyof typeof regimes, string[]> = {
  quota: ["tax", "quota", "treasury", "cfa", "bareme", "categoryA", "categoryB", "categoryC", "cda"],
  csa: ["tax", "csa", "cda"],
  solde: ["main", "soldeGross", "deduction", "solde", "csa"],
};

/** `employer.year` is the year of pay; amounts are cents, named as `npm run crm -- tax` prints them. */
export function compute(employer: Employer, rates: Rates): Computed | Refusal {
  const year = String(employer.year);
  if (employer.year < Math.min(...rates.years.keys())) return { refused: "tooOld", values: { year } };
  if (!rates.years.get(employer.year)?.verified) return { refused: "unverified", values: { year } };
  const base = taxedBase(employer, rates);
  if ("refused" in base) return base;
  const regime = needFigure(rates, "regime", `${year}-12`).value as keyof typeof regimes;
  if ("notLiable" in base) return owesNothing(base, regime);
  if (lacksShare(employer, rates)) return { refused: "noShare", values: { year } };
  const { amounts, steps } = regimes[regime](employer, base.slices, rates);
  return { liable: true, reason: "liable", amounts, steps: [...base.steps, ...steps] };
}

function owesNothing(
  { notLiable, steps }: Extract<Base, { notLiable: string }>,
  regime: keyof typeof regimes,
): Computed {
  const amounts = Object.fromEntries(told[regime].map((name) => [`${name}Cents`, 0n]));
  return { liable: false, reason: notLiable, amounts, steps };
}

/** A large employer owes according to its share of work-study contracts: nobody guesses it. */
function lacksShare({ year, headcount, workStudyPercent }: Employer, rates: Rates): boolean {
  if (workStudyPercent != null || headcount == null) return false;
  return ["csa.staff", "raised.staff", "creance.staff"].some((key) => {
    const staff = figureAt(rates, key, `${year}-12`);
    return staff && exact(headcount) >= exact(staff.value);
  });
}
