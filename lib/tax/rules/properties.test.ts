/** What holds for every employer, of every year, on a thousand drawn at random from a fixed seed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Computed, compute } from "./compute.ts";
import { ratesWith } from "./rates.ts";
import { sayRefusal, sayStep } from "./say.ts";
import { type Employer, employerInput, statuses } from "./schema.ts";

const rates = ratesWith();
const draws = Array.from({ length: 1500 }, (_, seed) => employer(generator(seed + 1)));

/** Mulberry32: the same employers at each run. */
function generator(seed: number) {
  let state = seed * 0x9e3779b9;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

function employer(below: (n: number) => number): Employer {
  const year = 2004 + below(23);
  const department = () => ["33", "67", "971", "2A", "57", "75"][below(6)] as string;
  const byMonth = below(3) === 0;
  return employerInput.parse({
    year,
    status: below(3) ? "company" : statuses[below(statuses.length)],
    headcount: [8, 249, 250, 251, 2000, 2001, 40_000][below(7)],
    workStudyPercent: below(1000) / 100,
    workStudyPercentBefore: below(2) ? below(1000) / 100 : undefined,
    cfaGifts: below(2) ? below(1_000_000) / 100 : undefined,
    establishments: Array.from({ length: 1 + below(3) }, () => ({
      department: department(),
      ...(!byMonth && { base: below(3_000_000_000) / 100 }),
    })),
    months: byMonth
      ? Array.from({ length: 13 }, (_, i) => ({
          month: i === 0 ? `${year - 1}-12` : `${year}-${String(i).padStart(2, "0")}`,
          base: below(2_400_000) / 100,
          apprentices: below(2),
        }))
      : undefined,
  });
}

function result(one: Employer): Computed {
  const computed = compute(one, rates);
  assert.ok("amounts" in computed, "every verified year is computed");
  return computed;
}
/** Amounts of an employer that has them all; 0 for those its year does not know. */
const amount = ({ amounts }: Computed, name: string) => amounts[`${name}Cents`] ?? 0n;
const stepsOf = ({ steps }: Computed, ...keys: string[]) =>
  steps.filter(({ key }) => keys.includes(key)).reduce((sum, { cents }) => sum + cents, 0n);

describe("for every employer", () => {
  it("no amount and no step is negative", () => {
    for (const one of draws) {
      const { amounts, steps } = result(one);
      for (const cents of [...Object.values(amounts), ...steps.map((step) => step.cents)])
        assert.ok(cents >= 0n);
    }
  });

  it("the parts add up to the whole", () => {
    for (const one of draws) {
      const told = result(one);
      if (one.year <= 2010) assert.equal(amount(told, "quota") + amount(told, "bareme"), amount(told, "tax"));
      if (one.year <= 2010)
        assert.equal(amount(told, "treasury") + amount(told, "cfa"), amount(told, "quota"));
      const levels = amount(told, "categoryA") + amount(told, "categoryB") + amount(told, "categoryC");
      assert.ok(levels === 0n || levels === amount(told, "bareme"));
      const [gross, cut] = [amount(told, "soldeGross"), amount(told, "deduction")];
      assert.equal(amount(told, "solde"), cut > gross ? 0n : gross - cut);
    }
  });

  it("the steps add up to the amounts", () => {
    for (const one of draws) {
      const told = result(one);
      assert.equal(stepsOf(told, "main", "mainMoselle"), amount(told, "main"));
      assert.equal(stepsOf(told, "solde"), amount(told, "soldeGross"));
      assert.equal(stepsOf(told, "credit", "gifts"), amount(told, "deduction"));
      assert.equal(stepsOf(told, "csa", "csaMoselle"), amount(told, "csa"));
      assert.equal(stepsOf(told, "tax"), amount(told, "tax"));
      assert.equal(stepsOf(told, "cda"), amount(told, "cda"));
      assert.equal(stepsOf(told, "treasury"), amount(told, "treasury"));
    }
  });

  it("a larger base never owes less, and a larger deduction never more", () => {
    for (const one of draws) {
      if (one.months) continue;
      const before = result(one);
      const more = one.establishments.map((place, at) => ({
        ...place,
        base: (place.base ?? 0) + (at ? 0 : 12_345.67),
      }));
      const after = result({ ...one, establishments: more });
      for (const [name, cents] of Object.entries(before.amounts))
        if (!/category/.test(name)) assert.ok((after.amounts[name] ?? 0n) >= cents, `${name} in ${one.year}`);
      const given = result({ ...one, cfaGifts: (one.cfaGifts ?? 0) + 500 });
      assert.ok(amount(given, "solde") <= amount(before, "solde"));
    }
  });

  it("the order of establishments and of months changes no amount", () => {
    for (const one of draws) {
      const turned = one.months
        ? { ...one, months: one.months.toReversed() }
        : { ...one, establishments: one.establishments.toReversed() };
      assert.deepEqual(result(turned).amounts, result(one).amounts);
    }
  });

  it("who is not liable owes zeros, and says why", () => {
    for (const one of draws) {
      const { liable, reason, amounts, steps } = result(one);
      assert.ok(steps.length > 0 && reason);
      if (!liable) assert.ok(Object.values(amounts).every((cents) => cents === 0n));
    }
  });

  it("every step has a law, and a label in both languages without a hole", () => {
    const seen = new Set<string>();
    for (const one of draws)
      for (const step of result(one).steps) {
        assert.ok(step.source.length > 5);
        if (seen.has(step.key)) continue;
        seen.add(step.key);
        for (const locale of ["fr", "en"] as const)
          assert.doesNotMatch(sayStep(step, locale), /[{}]|tax\.|undefined/);
      }
    assert.ok(seen.size >= 35, `${seen.size} kinds of step`);
    for (const refused of ["tooOld", "unverified", "midYear", "noShare"])
      assert.match(
        sayRefusal({ refused, values: { year: "2027", month: { month: "2027-03" } } }, "en"),
        /2027/,
      );
  });
});
