import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { giveCampaign, givePerson } from "#testing/received";
import { recordCost, removeCost } from "./mutations.ts";
import { listCosts, sumCosts } from "./queries.ts";
import { acceptHours, costOf, noReturn, returnOn } from "./rules.ts";
import { costInput } from "./schema.ts";

describe("what a campaign costs", () => {
  it("reads hours as people write them", () => {
    const told: [string, number | null][] = [
      ["1h30", 90],
      ["2 h", 120],
      ["2,5", 150],
      ["0.25", 15],
      ["45 min", 45],
      ["1h5", 65],
      ["1h75", null],
      ["0", null],
      ["", null],
      ["beaucoup", null],
      ["1000", 60_000],
      ["1000,02", null],
    ];
    for (const [text, minutes] of told) assert.equal(acceptHours(text), minutes, text);
  });
  it("counts hours at what an hour costs, and money; hours are no cost where that is not told", () => {
    assert.equal(costOf({ minutes: 90, cents: 1_000n }, 3_000n), 5_500n);
    assert.equal(costOf({ minutes: 1, cents: 0n }, 3_001n), 50n);
    assert.equal(costOf({ minutes: 1, cents: 0n }, 30n), 1n, "half a cent rounds up");
    assert.equal(costOf({ minutes: 90, cents: 1_000n }, null), null);
    assert.equal(costOf({ minutes: 0, cents: 1_000n }, null), 1_000n);
  });
  it("returns (received − cost) ÷ cost, never without a cost, with one half told, nor under ten donors", () => {
    assert.equal(returnOn(55_000n, 10_000n, 10), 450);
    assert.equal(returnOn(5_000n, 10_000n, 10), -50);
    assert.equal(returnOn(55_000n, 0n, 10), null);
    assert.equal(returnOn(55_000n, null, 10), null);
    const why = [null, 0n, 1n].map(noReturn);
    assert.deepEqual(why, ["noHour", "noCost", "tooFew"]);
    assert.equal(returnOn(55_000n, 10_000n, 9), null);
  });
  it("is written for the campaign or one of its letters, adds up by letter, and what was mistyped goes", async () => {
    const { campaignId } = (await giveCampaign([(await givePerson("a@src.example")).id])) as {
      campaignId: number;
    };
    const cost = (more: object) =>
      recordCost(costInput.parse({ campaignYear: 2027, what: "Appels", ...more }), null);
    const calls = await cost({ hours: "1h30", amount: "" });
    assert.equal((await cost({ hours: "", amount: "12,50", campaignId })).ok, true);
    assert.equal((await cost({ hours: "1", amount: "10", campaignId, spentOn: "2027-03-01" })).ok, true);
    assert.deepEqual(await cost({ hours: "1", amount: "", campaignId: 999_999 }), {
      ok: false,
      reason: "notFound",
    });
    await recordCost(costInput.parse({ campaignYear: 2028, what: "x", hours: "1", amount: "" }), null);
    const sums = await sumCosts(2027);
    assert.deepEqual(
      sums.toSorted((a, b) => (a.campaignId ?? 0) - (b.campaignId ?? 0)),
      [
        { campaignId: null, minutes: 90, cents: "0" },
        { campaignId, minutes: 60, cents: "2250" },
      ],
    );
    assert.deepEqual(
      (await listCosts(2027)).map(({ spentOn, minutes }) => [spentOn, minutes]),
      [
        ["2027-03-01", 60],
        [null, 0],
        [null, 90],
      ],
    );
    const id = calls.ok ? calls.id : 0;
    assert.equal((await removeCost(id, null)).ok, true);
    assert.deepEqual(await removeCost(id, null), { ok: false, reason: "notFound" });
    assert.equal((await listCosts(2027)).length, 2);
    const told = await sql`select action from audit_entries where action like 'pledge.cost%' order by id`;
    assert.deepEqual(
      told.map(({ action }) => action),
      [...Array(4).fill("pledge.costRecorded"), "pledge.costRemoved"],
    );
  });
  it("is hours, money or both, never nothing", () => {
    const faults = (more: object) =>
      costInput
        .safeParse({ campaignYear: 2027, what: "x", hours: "", amount: "", ...more })
        .error?.issues.map(({ message }) => message);
    assert.deepEqual(faults({}), ["pledges.errors.nothingSpent"]);
    assert.deepEqual(faults({ hours: "mille" }), ["pledges.errors.hours"]);
    assert.deepEqual(faults({ amount: "-3" }), ["pledges.errors.amount"]);
    assert.equal(faults({ amount: "3" }), undefined);
  });
});
