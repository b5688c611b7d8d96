import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectedOf } from "#lib/tax/pledges/rules";
import { ratesWith } from "#lib/tax/rules/rates";
import { estimateBase, sectorNames, type Tie, type Ties, whyYes } from "./rules.ts";

describe("a base that nobody told", () => {
  it("is a range of two digits around a year's pay of that many people", () => {
    // 40 × 12 × 3 613 € × 1.02 = 1 768 925 €, from 0.7 to 1.4 of it.
    assert.deepEqual(estimateBase(40, "any"), { low: 120_000_000n, high: 250_000_000n });
    const solde = expectedOf(10_000, estimateBase(40, "any"), 2026, ratesWith());
    assert.deepEqual(solde, { low: 108_000n, high: 225_000n }, "between 1 080 and 2 250 €");
  });
  it("grows with the staff, whatever the sector, and never is one figure", () => {
    for (const sector of sectorNames) {
      let before = 0n;
      for (const headcount of [1, 5, 9, 10, 11, 49, 250, 4999, 5000, 5_000_000]) {
        const { low, high } = estimateBase(headcount, sector);
        assert.ok(low < high && low >= before, `${headcount} ${sector}`);
        assert.match(String(low), /^\d\d?0*$/);
        before = low;
      }
    }
  });
  it("is higher in finance, lower in hotels, and lower per head in small firms", () => {
    assert.ok(estimateBase(100, "finance").low > estimateBase(100, "any").low);
    assert.ok(estimateBase(100, "hospitality").high < estimateBase(100, "any").high);
    assert.deepEqual(estimateBase(9, "any"), { low: 23_000_000n, high: 45_000_000n });
    assert.deepEqual(estimateBase(10, "any"), { low: 31_000_000n, high: 62_000_000n });
  });
});

const nobody: Ties = {
  ...{ people: [], pledges: [], letters: 12, lastLetterAt: null, answers: 0, lastAnswerAt: null },
  ...{ lastCallAt: null, lastCallBy: null, lastCallNote: null },
};
let made = 0;
const tie = (more: Partial<Tie>): Tie => ({
  ...{ id: ++made, name: "", kind: "professional", graduationYear: null, role: "employee", jobTitle: "" },
  ...{ past: false, place: "", elsewhere: false, ...more },
});
const gift = (campaignYear: number, receivedCents: string) => ({
  ...{ id: ++made, campaignYear, state: "received", share: null, receivedCents, place: "" },
});
const keys = (ties: Partial<Ties>) =>
  whyYes({ ...nobody, ...ties }, 2026).map(({ key, count, year }) => [key, count, year]);

describe("why a company might say yes", () => {
  it("nothing when nothing ties us", () => assert.deepEqual(keys({}), []));
  it("it gave in an earlier year; a promise that brought nothing is no reason", () => {
    assert.deepEqual(keys({ pledges: [gift(2023, "5"), gift(2025, "900"), gift(2025, "1")] }), [
      ["gave", 2, 2025],
    ]);
    assert.deepEqual(keys({ pledges: [gift(2025, "0"), gift(2026, "900"), gift(2027, "9")] }), []);
  });
  it("former students, the one who decides first; the same person counts once", () => {
    const chief = tie({ kind: "former_src", role: "decision_maker" });
    assert.deepEqual(keys({ people: [chief, { ...chief, role: "payroll" }] }), [["alumnusDecides", 1, null]]);
    const employed = { ...tie({ kind: "former_src" }), id: chief.id };
    assert.deepEqual(keys({ people: [employed] }), [["alumni", 1, null]], "works there, decides nothing");
    const others = [tie({ kind: "former_pub" }), tie({ role: "alumnus" })];
    assert.deepEqual(keys({ people: [chief, ...others] }), [
      ["alumnusDecides", 1, null],
      ["alumni", 3, null],
    ]);
    assert.deepEqual(keys({ people: [tie({ kind: "former_src", past: true })] }), []);
  });
  it("interns and tutors, even of former years; lecturers of today; answers", () => {
    const people = [
      tie({ role: "intern", kind: "student_src", past: true }),
      tie({ role: "tutor" }),
      tie({ kind: "guest_lecturer" }),
      tie({ kind: "associate_lecturer", past: true }),
    ];
    assert.deepEqual(keys({ people, answers: 2 }), [
      ["interns", 2, null],
      ["lecturers", 1, null],
      ["answered", 2, null],
    ]);
  });
  it("three at most", () => {
    const people = [
      tie({ kind: "former_src", role: "decision_maker" }),
      tie({ role: "tutor" }),
      tie({ kind: "guest_lecturer" }),
      tie({ kind: "former_pub" }),
    ];
    assert.deepEqual(
      keys({ people, pledges: [gift(2025, "1")], answers: 1 }).map(([key]) => key),
      ["gave", "alumnusDecides", "interns"],
    );
  });
});
