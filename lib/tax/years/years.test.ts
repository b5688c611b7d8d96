import "#testing/database";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { saveCalendar, saveEstablishment } from "./mutations.ts";
import { findTaxYear, inForce, listCampaignYears, listMilestones } from "./queries.ts";
import { acceptIban, acceptUai, calendarFaults } from "./rules.ts";
import { askedYear, calendarInput, establishmentInput } from "./schema.ts";

const by = 1;
before(async () => {
  await createUser(
    { email: "ada@src.example", name: "Ada", role: "administrator" },
    "une phrase bien longue",
  );
});

const establishment = (campaignYear: number, more: Record<string, string> = {}) =>
  saveEstablishment(establishmentInput.parse({ campaignYear, uai: "", iban: "", goal: "", ...more }), by);
const versionOf = async (year: number) => inForce(await listMilestones(year))?.updatedAt.toISOString() ?? "";
const calendar = async (campaignYear: number, days: Record<string, string>, source = "Arrêté du 4 mai") =>
  saveCalendar(
    calendarInput.parse({ campaignYear, version: await versionOf(campaignYear), source, ...days }),
    by,
  );
const daysOf = async (campaignYear: number) =>
  (await listMilestones(campaignYear)).filter((one) => !one.superseded).map(({ kind, day }) => [kind, day]);
const audits = async (action: string) =>
  Number((await sql<{ n: string }>`select count(*) as n from audit_entries where action = ${action}`)[0]?.n);

describe("keys", () => {
  it("an UAI ends with the letter of its number", () => {
    assert.equal(acceptUai("033 1420 p"), "0331420P");
    assert.equal(acceptUai("0331766R"), "0331766R");
    for (const wrong of ["0331420R", "033142P", "0331420", "03314200P", "0331420I"])
      assert.equal(acceptUai(wrong), null, wrong);
  });
  it("an IBAN has its key and, in France, its length", () => {
    assert.equal(acceptIban("fr76 3000 6000 0112 3456 7890 189"), "FR7630006000011234567890189");
    assert.ok(acceptIban("DE89370400440532013000"));
    for (const wrong of [
      "FR7630006000011234567890188",
      "FR76300060000112345678901",
      "FR76",
      "7630006000011234567890189",
      // Their keys are right: it is the length, the shape.
      "FR133000600001123456789018",
      "DE5212345678",
    ])
      assert.equal(acceptIban(wrong), null, wrong);
  });
});

describe("a calendar", () => {
  it("stands when its days are in the order of the year, some unknown, some equal", () =>
    assert.deepEqual(
      calendarFaults(2026, {
        accreditationCloses: "2026-01-16",
        transfer1: "2026-08-24",
        period2Opens: "2026-08-24",
      }),
      {},
    ));
  it("that is wrong says where", () => {
    const days = {
      period1Opens: "2026-06-27",
      period1Closes: "2026-05-26",
      transfer1: "2026-07-01",
      reliquat: "2028-01-01",
    };
    assert.deepEqual(calendarFaults(2026, days), { period1Closes: "order", reliquat: "outside" });
    assert.deepEqual(calendarFaults(2026, { contribution: "2025-08-31" }), { contribution: "outside" });
    assert.deepEqual(calendarFaults(2026, { accreditationCloses: "2025-09-01", reliquat: "2027-03-31" }), {});
    const read = calendarInput.safeParse({ campaignYear: 2026, ...days });
    assert.deepEqual(
      read.error?.issues.map(({ path, message }) => [path[0], message]),
      [
        ["period1Closes", "tax.errors.order"],
        ["reliquat", "tax.errors.outside"],
      ],
    );
  });
  it("of past campaigns came with the application", async () => {
    assert.deepEqual((await daysOf(2025)).at(-1), ["reliquat", "2025-11-27"]);
    for (const year of [2023, 2024, 2025, 2026])
      assert.deepEqual(calendarFaults(year, Object.fromEntries(await daysOf(year))), {}, `${year} stands`);
  });
  it("moves twice in one year, and each date keeps its history", async () => {
    const first = { period1Opens: "2027-05-26", period1Closes: "2027-08-02" };
    assert.deepEqual(await calendar(2027, first), { ok: true });
    assert.deepEqual(await calendar(2027, { ...first, period1Closes: "2027-08-23" }, "SOLTéA, 9 juillet"), {
      ok: true,
    });
    assert.deepEqual(await calendar(2027, { ...first, period1Closes: "2027-09-01" }, "SOLTéA, 20 août"), {
      ok: true,
    });
    const told = await listMilestones(2027);
    assert.deepEqual(
      told.map(({ kind, day, source, superseded }) => [kind, day, source, superseded]),
      [
        ["period1Opens", "2027-05-26", "Arrêté du 4 mai", false],
        ["period1Closes", "2027-09-01", "SOLTéA, 20 août", false],
        ["period1Closes", "2027-08-23", "SOLTéA, 9 juillet", true],
        ["period1Closes", "2027-08-02", "Arrêté du 4 mai", true],
      ],
    );
    assert.equal(told[0]?.by, "Ada");
    const ends = await sql<{ n: number }>`
      select count(distinct superseded_at)::int as n from tax_milestones where campaign_year = 2027`;
    assert.equal(ends[0]?.n, 2, "each ended when the next was told");
  });
  it("loses a date that is left empty, which stays in the history", async () => {
    await calendar(2031, { contribution: "2031-05-15" });
    assert.deepEqual(await calendar(2031, { contribution: "" }), { ok: true });
    assert.deepEqual(await daysOf(2031), [["contribution", null]]);
    assert.deepEqual(await calendar(2031, {}), { ok: false, reason: "unchanged" });
  });
  it("without a source, or without a change, is refused and writes nothing", async () => {
    const before = await audits("settings.taxCalendar");
    assert.deepEqual(await calendar(2032, { contribution: "2032-05-15" }, ""), {
      ok: false,
      reason: "noSource",
    });
    assert.deepEqual(await calendar(2032, {}), { ok: false, reason: "unchanged" });
    assert.deepEqual(await daysOf(2032), []);
    assert.equal(await audits("settings.taxCalendar"), before);
    assert.equal(await findTaxYear(2032), null);
    assert.deepEqual(await establishment(2032), { ok: true }, "and stands in nobody's way");
  });
  it("saved twice at once is written once", async () => {
    const both = await Promise.all([1, 2].map(() => calendar(2033, { contribution: "2033-05-15" })));
    assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
    assert.equal((await listMilestones(2033)).length, 1);
  });
  it("is not taken back by who read an older one, whatever else they change", async () => {
    await calendar(2035, { contribution: "2035-05-15" });
    const read = await versionOf(2035);
    await calendar(2035, { contribution: "2035-05-20" }, "SOLTéA, 2 mai");
    const stale = { campaignYear: 2035, version: read, source: "Arrêté du 4 mai" };
    const typed = { contribution: "2035-05-15", reliquat: "2035-11-27" };
    assert.deepEqual(await saveCalendar(calendarInput.parse({ ...stale, ...typed }), by), {
      ok: false,
      reason: "conflict",
    });
    assert.deepEqual(await daysOf(2035), [["contribution", "2035-05-20"]]);
    assert.deepEqual(await daysOf(2033), [["contribution", "2033-05-15"]], "of another year nothing moved");
    const typed2033 = { campaignYear: 2033, source: "SOLTéA", contribution: "2033-05-16" };
    const version = (await listMilestones(2033))[0]?.recordedAt.toISOString() ?? "";
    assert.deepEqual(await saveCalendar(calendarInput.parse({ ...typed2033, version }), by), { ok: true });
  });
});

describe("our establishment", () => {
  it("keeps the end of the IBAN alone, and leaves it when none is typed", async () => {
    const told = {
      uai: "0331420P",
      iban: "FR7630006000011234567890189",
      accreditedUntil: "2034-12-31",
      goal: "25 000,50",
      uses: "Des caméras\nUn studio",
    };
    assert.deepEqual(await establishment(2034, told), { ok: true });
    const saved = await findTaxYear(2034);
    const { updatedAt, ...values } = saved ?? assert.fail();
    assert.deepEqual(values, {
      campaignYear: 2034,
      uai: "0331420P",
      ibanEnd: "0189",
      accreditedUntil: "2034-12-31",
      goalCents: 2_500_050n,
      hourlyCents: null,
      uses: "Des caméras\nUn studio",
      thanks: "",
    });
    assert.deepEqual(await establishment(2034, { version: updatedAt.toISOString() }), { ok: true });
    const later = await findTaxYear(2034);
    assert.deepEqual(
      [later?.uai, later?.ibanEnd, later?.accreditedUntil, later?.goalCents],
      ["", "0189", null, null],
    );
    assert.ok((await listCampaignYears()).includes(2034));
  });
  it("is not written over by who read an older one, nor made twice", async () => {
    const before = await audits("settings.taxYear");
    const { updatedAt } = (await findTaxYear(2034)) ?? assert.fail();
    assert.deepEqual(await establishment(2034), { ok: false, reason: "conflict" });
    const version = updatedAt.toISOString();
    await establishment(2036, { uai: "0331420P" });
    await sql`update tax_years set updated_at = ${version}::timestamptz where campaign_year in (2034, 2036)`;
    const both = await Promise.all([1, 2].map(() => establishment(2034, { version, uai: "0331766R" })));
    assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
    assert.equal((await findTaxYear(2036))?.uai, "0331420P", "another year's stays");
    assert.equal(await audits("settings.taxYear"), before + 2);
  });
  it("takes no version that is no date", () => {
    for (const version of ["x", "2034-13-01", "1e400"]) {
      const form = { campaignYear: 2034, uai: "", iban: "", goal: "", source: "", version };
      for (const input of [establishmentInput, calendarInput])
        assert.deepEqual(input.safeParse(form).error?.issues[0]?.path, ["version"], version);
    }
  });
  it("refuses at their field an UAI, an IBAN, a sum that are none", () => {
    const read = establishmentInput.safeParse({
      campaignYear: 2026,
      uai: "0331420R",
      iban: "FR76",
      goal: "beaucoup",
    });
    assert.deepEqual(
      read.error?.issues.map(({ path, message }) => [path[0], message]),
      [
        ["uai", "tax.errors.uai"],
        ["iban", "tax.errors.iban"],
        ["goal", "tax.errors.amount"],
      ],
    );
  });
  it("a campaign is a year of SOLTéA", () =>
    assert.deepEqual(
      ["2023", "2022", "x", undefined, "2027"].map((one) => askedYear.parse(one)),
      [2023, null, null, null, 2027],
    ));
});
