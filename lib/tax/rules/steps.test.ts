import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { computed, keys, months } from "#testing/employers";
import { sayRefusal, sayStep } from "./say.ts";

describe("steps", () => {
  it("name an establishment by its SIRET, else by its département", () => {
    const places = (siret: string) =>
      computed({ establishments: [{ siret, department: "33", base: 1000 }] }).steps.find(
        ({ key }) => key === "main",
      )?.values.place;
    assert.deepEqual([places("73282932000074"), places("")], ["73282932000074", "33"]);
    const told = {
      ...months([["2025-01", 1000]]),
      establishments: [{ siret: "73282932000074", department: "33" }],
    };
    assert.equal(computed(told).steps.find(({ key }) => key === "main")?.values.place, "73282932000074");
  });
  it("say months in words", () => {
    const told = computed(
      months([
        ["2025-01", 1000, 1],
        ["2025-02", 1000],
      ]),
    );
    const free = told.steps.find(({ key }) => key === "exemptMonth");
    assert.match(
      free ? sayStep(free, "fr") : "",
      /^Pas de taxe en février 2025\s: en janvier 2025, un apprenti/,
    );
    const mixed = { refused: "midYear", values: { year: "2027", month: { month: "2027-03" } } };
    assert.match(sayRefusal(mixed, "en"), /\(March 2027\)/);
  });
  it("speak of Alsace-Moselle and of several places only where there are some", () => {
    const local = ["quotaMoselle", "treasuryMoselle"];
    const of = (department: string) =>
      keys({ year: 2008, establishments: [{ department, base: 1e6 }] }).filter((key) => local.includes(key));
    assert.deepEqual([of("67"), of("33")], [local, []]);
    const one = months([["2025-01", 1000]]);
    assert.ok(!keys(one).includes("monthsAtHome"));
    assert.ok(
      keys({ ...one, establishments: [...one.establishments, { department: "75" }] }).includes(
        "monthsAtHome",
      ),
    );
  });
});
