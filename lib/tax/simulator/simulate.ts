/** The tax of a visitor's company: one establishment, taxed on a whole year. Nothing is kept. */
import { wallClock } from "#lib/machine/paris";
import { type Computed, compute, type Refusal } from "#lib/tax/rules/compute";
import { type Rates, ratesWith } from "#lib/tax/rules/rates";
import { payYear } from "./rules.ts";
import type { VisitorInput } from "./schema.ts";

export type Simulation = { year: number } & (Computed | Refusal);

/** `now` decides the year of pay; amounts are in cents. From 250 staff on, a share of work-study contracts must be told. */
export function simulate(input: VisitorInput, now: Date, rates: Rates = ratesWith()): Simulation {
  const year = payYear(wallClock(now).slice(0, 10), rates);
  const computed = compute(
    {
      year,
      status: "company",
      headcount: input.effectif,
      workStudyPercent: input.alternants,
      establishments: [{ siret: "", department: input.departement, base: input.masse }],
    },
    rates,
  );
  return { year, ...computed };
}

/** The campaign a company promises for today, and the solde it computed, whole; null where it did not or could not. */
export function promisedYear(input: VisitorInput | null, now: Date, rates: Rates) {
  const campaignYear = payYear(wallClock(now).slice(0, 10), rates) + 1;
  const told = input && simulate(input, now, rates);
  return { campaignYear, soldeCents: (told && "amounts" in told && told.amounts.soldeCents) || null };
}
