/** Employers of tests: what is not told is a company of 2025 in Bordeaux with a base of a million euros. */
import assert from "node:assert/strict";
import { type Computed, compute } from "#lib/tax/rules/compute";
import { type Rates, ratesWith } from "#lib/tax/rules/rates";
import { employerInput } from "#lib/tax/rules/schema";

const shipped = ratesWith();
const read = (told: Record<string, unknown>) =>
  employerInput.parse({
    year: 2025,
    status: "company",
    establishments: [{ department: "33", base: 1e6 }],
    ...told,
  });
export const ask = (told: Record<string, unknown>, rates: Rates = shipped) => compute(read(told), rates);
export function computed(told: Record<string, unknown>, rates: Rates = shipped): Computed {
  const one = ask(told, rates);
  assert.ok("amounts" in one, `refused: ${"refused" in one ? one.refused : ""}`);
  return one;
}
export const cents = (told: Record<string, unknown>, name: string, rates: Rates = shipped) =>
  Number(computed(told, rates).amounts[name]);
export const keys = (told: Record<string, unknown>) => computed(told).steps.map(({ key }) => key);
export const months = (list: [string, number, number?][], department = "33") => ({
  establishments: [{ department }],
  months: list.map(([month, base, apprentices = 0]) => ({ month, base, apprentices })),
});
