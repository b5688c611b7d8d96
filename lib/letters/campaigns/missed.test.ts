import "#testing/database";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { launchCampaign, launchDueCampaigns } from "#lib/letters/campaigns/launch";
import {
  cancelCampaign,
  requestLaunch,
  scheduleCampaign,
  unscheduleCampaign,
} from "#lib/letters/campaigns/mutations";
import { listCampaigns } from "#lib/letters/campaigns/queries";
import { db, sql } from "#lib/machine/db";
import { listConcerns } from "#lib/office/dashboard/attention";
import { person, readyCampaign, statusOf } from "#testing/campaigns";

afterEach(async () => {
  await db.notice.deleteMany();
  await db.campaign.deleteMany();
  await db.contact.deleteMany();
});

/** A campaign whose hour passed so many minutes ago. */
async function scheduledAgo(minutes: number): Promise<number> {
  await person();
  const id = await readyCampaign();
  assert.deepEqual(await requestLaunch(id, await db.contact.count(), null), { ok: true });
  await passed(id, minutes);
  return id;
}
const passed = (id: number, minutes: number) =>
  sql`update campaigns set scheduled_for = now() - make_interval(mins => ${minutes}) where id = ${id}`;
const isMissed = async (id: number) =>
  (await db.campaign.findUniqueOrThrow({ where: { id }, select: { missedAt: true } })).missedAt !== null;
const told = () => db.notice.count({ where: { kind: "campaignMissed" } });

test("within the hour a campaign leaves late; beyond, it waits for a person, told once by two workers", async () => {
  const late = await scheduledAgo(59);
  assert.equal(await launchDueCampaigns(), 1);
  assert.equal(await statusOf(late), "sending");
  const missed = await scheduledAgo(61);
  await Promise.all([launchDueCampaigns(), launchDueCampaigns(), launchDueCampaigns()]);
  assert.equal(await launchDueCampaigns(), 0);
  assert.deepEqual([await statusOf(missed), await isMissed(missed)], ["scheduled", true]);
  assert.equal(await db.delivery.count({ where: { campaignId: missed } }), 0);
  assert.equal(await told(), 1);
  const [row] = (await listCampaigns({})).campaigns;
  assert.deepEqual([row?.id, row?.missed], [missed, true]);
});

test("it is said on the dashboard to whoever may send, and not as something that leaves today", async () => {
  const id = await scheduledAgo(3 * 24 * 60);
  await launchDueCampaigns();
  const kinds = async (role: "teacher" | "reader") =>
    (await listConcerns(role)).filter((one) => one.id === id).map(({ kind }) => kind);
  assert.deepEqual(await kinds("teacher"), ["campaignMissed"]);
  assert.deepEqual(await kinds("reader"), []);
});

test("a worker that slept between finding and launching sends nothing", async () => {
  const id = await scheduledAgo(61);
  assert.deepEqual(await launchCampaign(id), { ok: false, reason: "notLaunchable" });
  assert.equal(await db.delivery.count({ where: { campaignId: id } }), 0);
});

test("a person sends it now, gives it another date, or gives it up", async () => {
  const now = await scheduledAgo(90);
  await launchDueCampaigns();
  const wrong = await requestLaunch(now, 7, null);
  assert.deepEqual([wrong.ok, await isMissed(now)], [false, true], "the number of today is confirmed");
  assert.deepEqual(await requestLaunch(now, 1, null), { ok: true });
  assert.equal(await launchDueCampaigns(), 1);
  assert.equal(await statusOf(now), "sending");
  await sql`delete from contacts`;

  const later = await scheduledAgo(90);
  await launchDueCampaigns();
  assert.deepEqual(await scheduleCampaign(later, 1, "2199-01-05T09:00", null), { ok: true });
  assert.deepEqual([await statusOf(later), await isMissed(later)], ["scheduled", false]);
  assert.equal(await launchDueCampaigns(), 0);
  await sql`delete from contacts`;

  const never = await scheduledAgo(90);
  await launchDueCampaigns();
  assert.deepEqual(await cancelCampaign(never, null), { ok: true });
  assert.deepEqual([await statusOf(never), await isMissed(never)], ["cancelled", false]);
  assert.equal(await launchDueCampaigns(), 0);
  assert.equal(await db.delivery.count({ where: { campaignId: never } }), 0);
  await sql`delete from contacts`;

  const draft = await scheduledAgo(90);
  await launchDueCampaigns();
  assert.deepEqual(await unscheduleCampaign(draft, null), { ok: true });
  assert.deepEqual([await statusOf(draft), await isMissed(draft)], ["draft", false]);
});

test("a campaign still to come is not given up by this way, and two people decide once", async () => {
  await person();
  const id = await readyCampaign();
  await scheduleCampaign(id, 1, "2199-01-05T09:00", null);
  assert.deepEqual(await cancelCampaign(id, null), { ok: false, reason: "notUnderWay" });
  assert.equal((await requestLaunch(id, 1, null)).ok, false, "nor launched over somebody's date");
  await passed(id, 120);
  await launchDueCampaigns();
  const both = await Promise.all([
    requestLaunch(id, 1, null),
    cancelCampaign(id, null),
    requestLaunch(id, 1, null),
  ]);
  assert.equal(both.filter(({ ok }) => ok).length, 1);
});
