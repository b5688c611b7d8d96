/** Pay of 2004 to 2018: the tax, how it was shared out until 2013, and the contributions beside it. */
import type { Slice, Zone } from "./base.ts";
import { additional, decimal, number } from "./csa.ts";
import { exact, ONE, percentOf, shareOf, sum } from "./exact.ts";
import { figureAt, needFigure, type Rates } from "./rates.ts";
import type { Employer } from "./schema.ts";
import { type Step, step } from "./steps.ts";

type Outcome = { amounts: Record<string, bigint>; steps: Step[] };
/** The tax of an establishment, in cents. */
type Taxed = Slice & { cents: bigint; step: Step };

/** Pay of 2004–2008: the tax, quota and barème down to the categories, and the CDA. */
export function quotaYears(employer: Employer, slices: Slice[], rates: Rates): Outcome {
  const raise = raiseOf(employer, rates);
  const taxes = slices.map((slice) => taxOf(slice, raise.raised, rates));
  const cda = development(slices, rates);
  const shared = sharing(employer.year, taxes, rates);
  return {
    amounts: { ...shared.amounts, cdaCents: cda.cents },
    steps: [...raise.steps, ...taxes.map((one) => one.step), ...shared.steps, ...cda.steps],
  };
}

/** Pay of 2009–2018: the raise has become a contribution of its own. */
export function contributionYears(employer: Employer, slices: Slice[], rates: Rates): Outcome {
  const taxes = slices.map((slice) => taxOf(slice, false, rates));
  const csa = additional(employer, slices, rates);
  const cda = development(slices, rates);
  const tax = sum(taxes.map(({ cents }) => cents));
  const shared = figureAt(rates, "quota", `${employer.year}-12`)
    ? sharing(employer.year, taxes, rates)
    : null;
  return {
    amounts: { taxCents: tax, ...shared?.amounts, csaCents: csa.cents, cdaCents: cda.cents },
    steps: [...taxes.map((one) => one.step), ...(shared?.steps ?? []), ...cda.steps, ...csa.steps],
  };
}

/** Fewer work-study contracts than 3 % of the staff, that threshold rounded down to a whole number (CGI 225). */
function raiseOf({ year, headcount, workStudyPercent: share }: Employer, rates: Rates) {
  const month = `${year}-12`;
  const plain = { raised: false, steps: [] as Step[] };
  const [staff, below] = [figureAt(rates, "raised.staff", month), figureAt(rates, "raised.below", month)];
  if (!staff || !below) return plain;
  if (headcount == null)
    return { ...plain, steps: [step("raiseNoHeadcount", 0n, [staff], { staff: number(staff) })] };
  const heads = exact(headcount);
  if (heads < exact(staff.value)) return plain;
  const unit = 100n * ONE;
  const contracts = exact(share ?? 0) * heads;
  const threshold = (exact(below.value) * heads) / (unit * ONE);
  if (contracts >= threshold * unit * ONE) return plain;
  const values = {
    contracts: { number: decimal(contracts / unit) },
    threshold: { number: String(threshold) },
  };
  return { raised: true, steps: [step("raised", 0n, [below], values)] };
}

function taxOf(slice: Slice, raised: boolean, rates: Rates): Taxed {
  const key = `${raised ? "raised" : "tax"}${slice.zone === "alsaceMoselle" ? ".alsaceMoselle" : ""}`;
  const figure = needFigure(rates, key, slice.month);
  const cents = percentOf(slice.euros, figure.value);
  const values = { place: slice.place, rate: { percent: figure.value }, base: { cents: slice.euros * 100n } };
  return { ...slice, cents, step: step("tax", cents, [figure], values) };
}

/** Contribution au développement de l’apprentissage, at the same rate everywhere; not to be given to schools. */
function development(slices: Slice[], rates: Rates) {
  const steps = slices.flatMap(({ place, month, euros }) => {
    const figure = figureAt(rates, "cda", month);
    if (!figure) return [];
    const cents = percentOf(euros, figure.value);
    return [
      step("cda", cents, [figure], { place, rate: { percent: figure.value }, base: { cents: euros * 100n } }),
    ];
  });
  return { cents: sum(steps.map((one) => one.cents)), steps };
}

function sharing(year: number, taxes: Taxed[], rates: Rates): Outcome {
  const month = `${year}-12`;
  const of = (zone: Zone) => sum(taxes.filter((one) => one.zone === zone).map(({ cents }) => cents));
  const parts = { general: of("general"), overseas: of("overseas"), alsaceMoselle: of("alsaceMoselle") };
  const tax = parts.general + parts.overseas + parts.alsaceMoselle;
  const share = needFigure(rates, "quota", month);
  const quota = shareOf(tax - parts.alsaceMoselle, share.value) + parts.alsaceMoselle;
  const bareme = tax - quota;
  const steps = [step("quota", quota, [share], { rate: { percent: share.value } })];
  if (parts.alsaceMoselle > 0n)
    steps.push(step("quotaMoselle", parts.alsaceMoselle, [needFigure(rates, "tax.alsaceMoselle", month)]));
  const first = treasury(parts, quota, month, rates);
  const amounts = { taxCents: tax, quotaCents: quota, ...first.amounts, baremeCents: bareme };
  steps.push(...first.steps, step("bareme", bareme, [share]));
  const levels = categories(tax, bareme, month, rates);
  return { amounts: { ...amounts, ...levels.amounts }, steps: [...steps, ...levels.steps] };
}

/** What the State took out of the quota before the schools for apprentices (CFA) had theirs. */
function treasury(taxes: Record<Zone, bigint>, quota: bigint, month: string, rates: Rates): Outcome {
  const plain = figureAt(rates, "treasury", month);
  if (!plain) return { amounts: {}, steps: [] };
  const far = needFigure(rates, "treasury.overseas", month);
  const taken = (
    [
      [plain, taxes.general],
      [far, taxes.overseas],
    ] as const
  )
    .filter(([, tax]) => tax > 0n)
    .map(([figure, tax]) =>
      step("treasury", shareOf(tax, figure.value), [figure], { rate: { percent: figure.value } }),
    );
  const cents = sum(taken.map((one) => one.cents));
  if (taxes.alsaceMoselle > 0n)
    taken.push(step("treasuryMoselle", 0n, [needFigure(rates, "treasury.alsaceMoselle", month)]));
  return {
    amounts: { treasuryCents: cents, cfaCents: quota - cents },
    steps: [...taken, step("cfa", quota - cents, [plain])],
  };
}

/** The barème by level of training: A and B by their share, C what is left; free under a small tax. */
function categories(tax: bigint, bareme: bigint, month: string, rates: Rates): Outcome {
  const [a, b] = [figureAt(rates, "categoryA", month), figureAt(rates, "categoryB", month)];
  const none = { categoryACents: 0n, categoryBCents: 0n, categoryCCents: 0n };
  if (!a || !b)
    return { amounts: none, steps: [step("noCategories", 0n, [needFigure(rates, "quota", month)])] };
  const waiver = needFigure(rates, "waiver", month);
  const limit = exact(waiver.value);
  if (tax * ONE <= limit * 100n)
    return {
      amounts: none,
      steps: [step("waived", bareme, [waiver], { limit: { cents: (limit * 100n) / ONE } })],
    };
  const amounts = {
    categoryACents: shareOf(bareme, a.value),
    categoryBCents: shareOf(bareme, b.value),
    categoryCCents: 0n,
  };
  amounts.categoryCCents = bareme - amounts.categoryACents - amounts.categoryBCents;
  return {
    amounts,
    steps: [
      step("categoryA", amounts.categoryACents, [a], { rate: { percent: a.value } }),
      step("categoryB", amounts.categoryBCents, [b], { rate: { percent: b.value } }),
      step("categoryC", amounts.categoryCCents, [a, b]),
    ],
  };
}
