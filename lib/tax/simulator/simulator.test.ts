import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ratesWith } from "#lib/tax/rules/rates";
import { acceptAmount, acceptDepartment, acceptPercent, payYear } from "./rules.ts";
import { visitorInput } from "./schema.ts";
import { simulate } from "./simulate.ts";

const now = new Date("2026-03-15T12:00:00Z");

describe("what a visitor types", () => {
  it("amounts as people write them", () => {
    const read: [string, number | null][] = [
      ["249 600", 249_600],
      ["249\u202f600,50\u00a0€", 249_600.5],
      ["249.600", 249_600],
      ["1.249.600,5", 1_249_600.5],
      ["249600.55", 249_600.55],
      ["0", 0],
      ["249.6000", null],
      ["-5", null],
      ["1e6", null],
      ["", null],
      ["douze", null],
      ["9999999999999", null],
    ];
    for (const [text, amount] of read) assert.equal(acceptAmount(text), amount, text);
  });
  it("départements, or the postcode of a place", () => {
    const read: [string, string | null][] = [
      ["33", "33"],
      [" 1 ", "01"],
      ["2a", "2A"],
      ["33 000", "33"],
      ["97410", "974"],
      ["20167", "2A"],
      ["20200", "2B"],
      ["20600", "2B"],
      ["98800", "988"],
      ["20", "20"],
      ["96", null],
      ["Gironde", null],
      ["", null],
    ];
    for (const [text, department] of read) assert.equal(acceptDepartment(text), department, text);
  });
  it("percentages", () =>
    assert.deepEqual(["1,5 %", "0", "100", "100.1", "", "x"].map(acceptPercent), [
      1.5,
      0,
      100,
      null,
      null,
      null,
    ]));
  it("faults stand at their field, and the share may stay empty", () => {
    const read = visitorInput.safeParse({ masse: "beaucoup", effectif: "12,5", departement: ["33", "75"] });
    assert.deepEqual(
      read.error?.issues.map(({ path, message }) => [path[0], message]),
      [
        ["masse", "amount"],
        ["effectif", "staff"],
      ],
    );
    assert.equal(
      visitorInput.parse({ masse: "1", effectif: "1 200", departement: "33" }).alternants,
      undefined,
    );
  });
});

describe("the year of pay", () => {
  const at = (day: string) => payYear(day, ratesWith());
  it("is the last one not spread yet", () =>
    assert.deepEqual(["2026-01-02", "2026-10-31", "2026-11-01"].map(at), [2025, 2025, 2026]));
  it("is never one that nobody verified", () =>
    assert.deepEqual(["2027-11-02", "2031-02-01"].map(at), [2026, 2026]));
});

describe("the simulation", () => {
  const ask = (told: Record<string, string>) => simulate(visitorInput.parse(told), now);
  it("gives what the rules give", () => {
    const told = ask({ masse: "249 600", effectif: "8", departement: "33" });
    assert.ok("amounts" in told);
    assert.deepEqual([told.year, told.amounts.soldeCents, told.amounts.mainCents], [2025, 22_464n, 147_264n]);
  });
  it("asks a large company for its share of work-study contracts", () => {
    const large = { masse: "42000000", effectif: "1000", departement: "33" };
    assert.equal((ask(large) as { refused: string }).refused, "noShare");
    const told = ask({ ...large, alternants: "6,4" });
    assert.ok("amounts" in told && told.amounts.soldeCents === 3_220_000n);
  });
  it("has no solde in Alsace-Moselle", () => {
    const told = ask({ masse: "1300000", effectif: "40", departement: "67000" });
    assert.ok("amounts" in told && told.amounts.soldeCents === 0n);
  });
});
