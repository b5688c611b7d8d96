import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { db, sql } from "#lib/machine/db";
import { readyCampaign } from "#testing/campaigns";
import { giveSiren } from "#testing/sirets";
import { largestShare, listDonors, readSnapshot, readStanding } from "./queries.ts";

let made = 0;
const company = async () => (await db.organisation.create({ data: { name: `Agence ${++made}` } })).id;
type Told = [day: string, state: string, cents?: number][];

/** A pledge with its history as the mutations write it. */
async function pledge(campaignYear: number, told: Told, organisationId: number | null = null) {
  const last = told.at(-1) ?? assert.fail();
  const cents = [...told].reverse().find(([, , sum]) => sum !== undefined)?.[2] ?? 0;
  const [row] = await sql<{ id: number }>`
    insert into pledges (campaign_year, organisation_id, state, state_before, received_cents, share, expected_low_cents, expected_high_cents, why)
    values (${campaignYear}, ${organisationId ?? (await company())}, ${last[1]}, ${cents > 0 ? "pledged" : null}, ${cents}, 4000, 1000, 3000, 'x')
    returning id`;
  for (const [day, state, sum] of told)
    await sql`
      insert into pledge_events (pledge_id, at, to_state, data)
      values (${row?.id}, ${`${day}T10:00:00Z`}, ${state}, ${JSON.stringify(sum === undefined ? {} : { cents: sum })})`;
  return row?.id ?? 0;
}

describe("a campaign at a day", () => {
  it("counts what its pledges were then, and the money that had come", async () => {
    const faithful = await company();
    await pledge(2024, [["2024-07-12", "received", 700]], faithful);
    const donor = await pledge(
      2025,
      [
        ["2025-03-01", "to_solicit"],
        ["2025-04-01", "solicited"],
        ["2025-05-01", "pledged"],
        ["2025-07-12", "received", 900],
        ["2025-11-08", "received", 1500],
        ["2025-11-20", "thanked"],
      ],
      faithful,
    );
    await pledge(2025, [
      ["2025-04-01", "solicited"],
      ["2025-05-02", "allocated"],
      ["2025-11-08", "received", 40],
    ]);
    await pledge(2025, [
      ["2025-04-01", "solicited"],
      ["2025-06-30", "pledged"],
      ["2025-12-10", "lapsed"],
    ]);
    await pledge(2025, [["2025-03-01", "to_solicit"]]);
    const at = async (day: string) => {
      const one = await readStanding(2025, day);
      return [
        one.solicited,
        one.pledged,
        one.allocated,
        one.received,
        one.newDonors,
        one.receivedCents,
        one.promisedLow,
        one.promisedHigh,
      ];
    };
    assert.deepEqual(await at("2025-02-28"), [0, 0, 0, 0, 0, "0", "0", "0"]);
    assert.deepEqual(await at("2025-04-30"), [3, 0, 0, 0, 0, "0", "0", "0"]);
    assert.deepEqual(await at("2025-06-30"), [3, 3, 1, 0, 0, "0", "3000", "9000"]);
    assert.deepEqual(await at("2025-07-31"), [3, 3, 2, 1, 0, "900", "2000", "6000"]);
    assert.deepEqual(await at("2025-12-31"), [3, 2, 2, 2, 1, "1540", "0", "0"]);
    const { finalCents, allocatedLow } = await readStanding(2025, "2025-06-30");
    assert.deepEqual([finalCents, allocatedLow], ["1540", "1000"]);
    assert.deepEqual((await listDonors(2025)).map(({ pledgeId, thanked }) => [pledgeId, thanked])[0], [
      donor,
      true,
    ]);
    assert.equal((await listDonors(2025)).length, 2);
  });
  it("counts the letters of the newsletter that had left", async () => {
    const [topic] = await sql<{ id: number }>`select id from topics where key = 'taxe'`;
    const launch = async (day: string, topicId: number | undefined) => {
      const id = await readyCampaign();
      await sql`
        update campaigns set topic_id = ${topicId}, status = 'sent', launched_at = ${day}::timestamptz, finished_at = ${day}::timestamptz
        where id = ${id}`;
      await sql`insert into campaign_totals (campaign_id, shard, sent, replied) values (${id}, 0, 100, 3)`;
    };
    await launch("2025-03-15T10:00Z", topic?.id);
    await launch("2025-09-15T10:00Z", topic?.id);
    await launch("2024-09-15T10:00Z", topic?.id);
    await launch(
      "2025-03-15T10:00Z",
      (await sql<{ id: number }>`select id from topics where key = 'src'`)[0]?.id,
    );
    const { letters, answers } = await readStanding(2025, "2025-06-30");
    assert.deepEqual([letters, answers], [100, 3]);
    assert.equal((await readStanding(2031, "2031-06-30")).letters, 0);
  });
});

it("who gave the year before under another SIRET is no new donor", async () => {
  const siren = giveSiren(77);
  const establishment = async () =>
    (await db.organisation.create({ data: { name: `Agence ${++made}`, siren } })).id;
  await pledge(2051, [["2051-07-12", "received", 5]], await establishment());
  await pledge(2052, [["2052-07-12", "received", 70]], await establishment());
  await pledge(2052, [["2052-07-12", "received", 8]]);
  assert.equal((await readStanding(2052, "2052-12-31")).newDonors, 1);
});

it("the same day as the forecast reads it puts each pledge in one group, with what it brought in the end", async () => {
  const { groups } = await readSnapshot(2025, "2025-06-30");
  const held = (group: keyof typeof groups) => Object.values(groups[group]);
  assert.deepEqual(held("pledged"), [2, 4000, 0, 1500], "one received later, one lapsed");
  assert.deepEqual(held("allocated"), [1, 2000, 0, 40]);
  assert.deepEqual(held("open"), [1, 2000, 0, 0]);
  assert.deepEqual(held("absent"), [0, 0, 0, 0]);
  const later = (await readSnapshot(2025, "2025-07-31")).groups;
  assert.deepEqual(Object.values(later.came), [1, 2000, 900, 1500]);
  const before = (await readSnapshot(2025, "2025-01-31")).groups;
  assert.deepEqual(Object.values(before.absent), [4, 8000, 0, 1540]);
  const end = (await readSnapshot(2025, "2025-12-31")).groups;
  assert.deepEqual(Object.values(end.closed), [1, 2000, 0, 0]);
});

it("the largest donor's part is told, by company", async () => {
  assert.equal(await largestShare(2025), 97, "1 500 of 1 540");
  assert.equal(await largestShare(2044), null);
});
