/** Pay of 2019 and after: main part, solde with what is deducted from it, and the additional contribution. */
import { money, type Slice } from "./base.ts";
import { additional, decimal } from "./csa.ts";
import { divide, exact, ONE, percentOf, sum } from "./exact.ts";
import { type Figure, figureAt, needFigure, type Rates, rowAt } from "./rates.ts";
import type { Employer } from "./schema.ts";
import { type Step, step } from "./steps.ts";

export function solde(employer: Employer, slices: Slice[], rates: Rates) {
  const main = rated(slices, rates, "main");
  const gross = rated(slices, rates, "solde");
  const credit = workStudyCredit(employer, rates);
  const gifts = giftsToCfa(employer, rates);
  const csa = additional(employer, slices, rates);
  const deduction = credit.cents + gifts.cents;
  const net = gross.cents > deduction ? gross.cents - deduction : 0n;
  const amounts = {
    mainCents: main.cents,
    soldeGrossCents: gross.cents,
    deductionCents: deduction,
    soldeCents: net,
    csaCents: csa.cents,
  };
  const december = `${employer.year}-12`;
  const law = needFigure(rates, "gifts", december);
  const left = [
    step("soldeNet", net, [needFigure(rates, "solde", december), law], {
      gross: { cents: gross.cents },
      deduction: { cents: deduction },
    }),
  ];
  if (deduction > gross.cents)
    left.push(
      step("deductionLost", deduction - gross.cents, [law], { lost: { cents: deduction - gross.cents } }),
    );
  const steps = [...main.steps, ...gross.steps, ...credit.steps, ...gifts.steps, ...left, ...csa.steps];
  return { amounts, steps: [...steps, ...dueInEuros(employer.year, [main.cents, net, csa.cents], rates)] };
}

/** A rate on each establishment, to the cent, then added. In Alsace-Moselle the main part has its own, and there is no solde. */
function rated(slices: Slice[], rates: Rates, key: "main" | "solde") {
  const steps = slices.map(({ place, zone, month, euros }) => {
    const local = zone === "alsaceMoselle";
    const row = rowAt(rates, local ? "main.alsaceMoselle" : key, month);
    if (!row) throw new Error(`no ${key} in ${month}`);
    if (local && key === "solde") return step("soldeMoselle", 0n, [row], { place });
    if (typeof row.value !== "string") return step("mainNone", 0n, [row], { place });
    const cents = percentOf(euros, row.value);
    const values = { place, rate: { percent: row.value }, base: { cents: euros * 100n } };
    return step(local ? "mainMoselle" : key, cents, [row], values);
  });
  return { cents: sum(steps.map((one) => one.cents)), steps };
}

/** Above the share of work-study contracts: (share − 5, at most 2 points) × headcount × 4 €. At exactly 5 %, nothing. */
function workStudyCredit({ year, headcount, workStudyPercent: share }: Employer, rates: Rates) {
  const [staff, above, cap, euros] = ["staff", "above", "cap", "euros"].map((key) =>
    needFigure(rates, `creance.${key}`, `${year}-12`),
  ) as [Figure, Figure, Figure, Figure];
  const heads = exact(headcount ?? 0);
  const over = exact(share ?? 0) - exact(above.value);
  if (heads < exact(staff.value) || over <= 0n) return { cents: 0n, steps: [] };
  let points = exact(cap.value);
  if (over < points) points = over;
  const cents = divide(points * heads * exact(euros.value) * 100n, ONE ** 3n);
  const values = {
    points: { number: decimal(points) },
    heads: { number: decimal(heads) },
    each: money(euros),
  };
  return { cents, steps: [step("credit", cents, [euros], values)] };
}

function giftsToCfa({ year, cfaGifts }: Employer, rates: Rates) {
  if (!cfaGifts) return { cents: 0n, steps: [] };
  const cents = divide(exact(cfaGifts) * 100n, ONE);
  return {
    cents,
    steps: [step("gifts", cents, [needFigure(rates, "gifts", `${year}-12`)], { gifts: { cents } })],
  };
}

/** What is declared: since Urssaf collects, each amount to the nearest euro. */
function dueInEuros(year: number, amounts: bigint[], rates: Rates): Step[] {
  const unit = figureAt(rates, "due.unit", `${year}-12`);
  if (!unit) return [];
  const [main, left, csa] = amounts.map((cents) => divide(cents, 100n) * 100n) as [bigint, bigint, bigint];
  const values = { main: { cents: main }, solde: { cents: left }, csa: { cents: csa } };
  return [step("due", main + left + csa, [unit], values)];
}
