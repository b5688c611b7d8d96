import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { listDays } from "./agenda.ts";
import { logContact } from "./follow.ts";
import { sumStates } from "./queries.ts";
import { remindOfPledges, tickReminder } from "./reminders.ts";

const campaignYear = 2026;
await createUser({ email: "ada@src.example", name: "Ada", role: "administrator" }, "une phrase bien longue");
let made = 0;
beforeEach(async () => {
  await sql`delete from pledges`;
  await sql`delete from notices`;
  await sql`delete from tax_milestones`;
});
async function pledge(
  state: "pledged" | "solicited" | "allocated" | "refused" | "to_solicit",
  year = campaignYear,
) {
  const { id } = await db.organisation.create({ data: { name: `Agence ${++made}` } });
  const data = { organisationId: id, campaignYear: year, state, share: 4000, why: "non" };
  return (await db.pledge.create({ data })).id;
}
async function date(kind: string, day: string | null) {
  await sql`update tax_milestones set superseded_at = now() where kind = ${kind} and campaign_year = ${campaignYear} and superseded_at is null`;
  await sql`insert into tax_milestones (campaign_year, kind, day, source) values (${campaignYear}, ${kind}, ${day}::date, 'test')`;
}
const run = (day: string) => remindOfPledges(new Date(`${day}T09:00:00Z`));
const waiting = async () =>
  (
    await sql<{ id: number; rule: string; day: string }>`
      select pledge_id as id, rule, to_char(due_on, 'YYYY-MM-DD') as day from pledge_reminders
      where done_at is null order by 1, 2`
  ).map(({ id, rule, day }) => [id, rule, day]);

describe("reminders", () => {
  it("come on their day, to those they concern, once, and the secretariat is told", async () => {
    await date("period1Closes", "2026-06-27");
    const [promised] = [await pledge("pledged"), await pledge("solicited"), await pledge("allocated")];
    await pledge("pledged", 2025);
    assert.equal(await run("2026-06-16"), 0);
    assert.equal(await run("2026-06-17"), 1);
    assert.equal(await run("2026-06-17"), 0);
    assert.deepEqual(await waiting(), [[promised, "closing1Soon", "2026-06-17"]]);
    assert.equal(await run("2026-06-25"), 1, "two days before");
    assert.deepEqual(
      await waiting(),
      [[promised, "closing1Last", "2026-06-25"]],
      "and no longer ten days before",
    );
    const [notice] = await db.notice.findMany({ where: { kind: "pledgesDue" } });
    assert.deepEqual(notice?.data, { count: 1 });
  });
  it("follow each of the dates", async () => {
    const ids = [await pledge("solicited"), await pledge("pledged"), await pledge("allocated")];
    await pledge("refused");
    await pledge("to_solicit");
    const asked: [string, string, string, number[]][] = [
      ["period1Opens", "2026-05-26", "2026-05-19", [0, 1]],
      ["period1Closes", "2026-06-27", "2026-06-25", [1]],
      ["transfer1", "2026-07-11", "2026-07-12", [1, 2]],
      ["period2Opens", "2026-08-14", "2026-08-07", [0, 1]],
      ["period2Closes", "2026-10-24", "2026-10-22", [0, 1]],
      ["transfer2", "2026-11-07", "2026-11-08", [1, 2]],
    ];
    for (const [kind, milestone, day, whose] of asked) {
      await date(kind, milestone);
      await run(day);
      const told = (await waiting()).filter(([, , due]) => due === day).map(([id]) => id);
      assert.deepEqual(
        told,
        whose.map((at) => ids[at]),
        kind,
      );
    }
  });
  it("move with their date, twice, and what was ticked is never asked again", async () => {
    await date("period1Closes", "2026-06-27");
    const [done, not] = [await pledge("pledged"), await pledge("pledged")];
    await run("2026-06-17");
    const another = await tickReminder(done, "closing1Last");
    assert.deepEqual(another, { ok: false, reason: "notFound" }, "one rule at a time");
    assert.deepEqual(await tickReminder(done, "closing1Soon"), { ok: true });
    assert.deepEqual(await tickReminder(done, "closing1Soon"), { ok: false, reason: "notFound" });
    await date("period1Closes", "2026-08-02");
    await run("2026-06-18");
    assert.deepEqual(await waiting(), []);
    await date("period1Closes", "2026-08-23");
    await run("2026-07-23");
    assert.deepEqual(await waiting(), []);
    await run("2026-08-13");
    await run("2026-08-14");
    assert.deepEqual(await waiting(), [[not, "closing1Soon", "2026-08-13"]]);
    assert.equal((await sql`select from pledge_reminders`).length, 2);
  });
  it("wait for a date that was taken away, and say nothing of years gone by", async () => {
    await date("period1Closes", "2026-06-27");
    await pledge("pledged");
    await run("2026-06-17");
    await date("period1Closes", null);
    await run("2026-06-17");
    assert.deepEqual(await waiting(), []);
    await date("period1Closes", "2026-06-27");
    assert.equal(await run("2027-06-17"), 0);
  });
  it("of two workers at once are one each", async () => {
    await date("transfer1", "2026-07-11");
    await pledge("allocated");
    const both = await Promise.all([run("2026-07-12"), run("2026-07-12")]);
    assert.deepEqual(both.sort(), [0, 1]);
  });
  it("go with a call, which the company’s timeline keeps", async () => {
    await date("transfer1", "2026-07-11");
    const id = await pledge("allocated");
    await run("2026-07-12");
    assert.ok((await logContact({ id, kind: "called", note: "pas encore vu" }, 1)).ok);
    assert.deepEqual(await waiting(), []);
    const [activity] = await sql<{ kind: string; data: object }>`select kind, data from activities`;
    assert.deepEqual(activity, { kind: "pledge.called", data: { pledgeId: id, note: "pas encore vu" } });
    assert.deepEqual(await logContact({ id: 999_999, kind: "called", note: "" }, 1), {
      ok: false,
      reason: "notFound",
    });
  });
});

it("the days of a month hold its dates, the reminders to come and the next steps", async () => {
  await date("period1Closes", "2026-06-27");
  await date("transfer1", "2026-07-11");
  // Neither a date that moved on nor one that was taken away.
  await date("period1Closes", "2026-06-20");
  await date("period1Closes", "2026-06-27");
  await date("period1Opens", "2026-06-02");
  await date("period1Opens", null);
  await pledge("solicited");
  for (let n = 0; n < 7; n++) await pledge("pledged");
  await sql`update pledges set next_on = '2026-06-27', next_step = 'Rappeler' where state = 'pledged'`;
  const days = await listDays(campaignYear, "2026-06", await sumStates(campaignYear, { owner: "" }));
  assert.deepEqual(
    days.map((one) => [one.day, one.what, "count" in one ? one.count : one.kind]),
    [
      ["2026-06-17", "reminder", 7],
      ["2026-06-25", "reminder", 7],
      ["2026-06-27", "milestone", "period1Closes"],
      ["2026-06-27", "steps", 7],
    ],
  );
  const steps = days.find((one) => one.what === "steps");
  assert.equal(steps?.what === "steps" && steps.steps.length, 5);
});
