/** From state to state: who may move a campaign when, two who move it at once, and how it ends. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import {
  archiveCampaign,
  cancelCampaign,
  createCampaign,
  duplicateCampaign,
  finishCampaigns,
  pauseCampaign,
  requestLaunch,
  restoreCampaign,
  resumeCampaign,
  saveDraft,
  scheduleCampaign,
  unscheduleCampaign,
} from "#lib/letters/campaigns/mutations";
import { db, sql, transaction } from "#lib/machine/db";
import { letter, person, readyCampaign, segment, statusOf } from "#testing/campaigns";
import { untilBlocked } from "#testing/until";

const notLaunchable = { ok: false, reason: "notLaunchable" };
let by = 0;
beforeEach(async () => {
  await sql`delete from deliveries`;
  await sql`delete from campaigns`;
  await sql`delete from contacts`;
  await readyCampaign();
  by = (await db.user.findFirstOrThrow()).id;
});

async function launched(people = 1): Promise<number> {
  for (let i = (await db.contact.count()) - 1; i < people - 1; i++) await person();
  const id = await readyCampaign();
  assert.ok((await launchCampaign(id)).ok);
  return id;
}
const put = (id: number, data: object) => db.campaign.update({ where: { id }, data });
const settle = (id: number, status: "sent" | "queued") => sql`
  update deliveries set status = ${status}::"DeliveryStatus", settled_at = case when ${status} = 'sent' then now() end
  where campaign_id = ${id}`;
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/** The others stay what they are, whatever is done to one. */
async function alone(id: number, act: () => Promise<unknown>) {
  const others = () => sql`select * from campaigns where id <> ${id} order by id`;
  const before = await others();
  const answer = await act();
  assert.deepEqual(await others(), before);
  return answer;
}

describe("each move", () => {
  it("is made from its own states, and refused from the others", async () => {
    const missed = { status: "scheduled", scheduledFor: ago(3), missedAt: ago(1) } as const;
    const states = {
      draft: { status: "draft" },
      scheduled: { status: "scheduled", scheduledFor: ago(-3) },
      missed,
      sending: { status: "sending", launchedAt: ago(1) },
      paused: { status: "paused", launchedAt: ago(2), pausedAt: ago(1) },
      sent: { status: "sent", launchedAt: ago(2), finishedAt: ago(1) },
      cancelled: { status: "cancelled", launchedAt: ago(2), cancelledAt: ago(1) },
    } as const;
    const moves = {
      archive: { from: ["draft", "sent", "cancelled"], move: archiveCampaign },
      unschedule: { from: ["scheduled", "missed"], move: unscheduleCampaign },
      pause: { from: ["sending"], move: pauseCampaign },
      resume: { from: ["paused"], move: resumeCampaign },
      cancel: { from: ["sending", "paused", "missed"], move: cancelCampaign },
      launch: { from: ["draft", "missed"], move: (id: number) => requestLaunch(id, 1, by) },
    };
    await person();
    for (const [name, { from, move }] of Object.entries(moves))
      for (const [state, data] of Object.entries(states)) {
        const id = await readyCampaign();
        await put(id, data);
        const answer = (await alone(id, () => move(id, by))) as { ok: boolean };
        assert.equal(answer.ok, (from as string[]).includes(state), `${name} when ${state}`);
        if (!answer.ok) assert.equal(await statusOf(id), data.status, `${name} when ${state}`);
      }
  });

  it("is asked again of what was archived only after it was restored", async () => {
    const id = await readyCampaign();
    await put(await readyCampaign(), { archivedAt: ago(1) });
    assert.deepEqual(await restoreCampaign(id, by), { ok: false, reason: "notFound" });
    assert.deepEqual(await archiveCampaign(id, by), { ok: true });
    assert.deepEqual(await archiveCampaign(id, by), { ok: false, reason: "underWay" });
    const { topicId, version } = await db.campaign.findUniqueOrThrow({ where: { id } });
    const draft = { name: "N", topicId, segmentId: null, identityId: null, subject: "", preheader: "" };
    const saved = await saveDraft(id, version, { ...draft, issue: "", signature: "", blocks: letter });
    assert.deepEqual(saved, { ok: false, reason: "notFound" });
    assert.deepEqual(await requestLaunch(id, 1, by), notLaunchable);
    assert.deepEqual(await alone(id, () => restoreCampaign(id, by)), { ok: true });
    assert.deepEqual(await requestLaunch(999_999, 1, by), notLaunchable);
  });
});

describe("asking for a launch", () => {
  it("wants somebody to write to, the number that was seen, and words that can be sent", async () => {
    const id = await readyCampaign();
    assert.deepEqual(await requestLaunch(id, 0, by), { ok: false, reason: "noRecipients" });
    await person();
    await person();
    assert.deepEqual(await requestLaunch(id, 1, by), {
      ok: false,
      reason: "audienceChanged",
      params: { count: 2 },
    });
    const blank = await readyCampaign({ blocks: [{ id: "b1", type: "heading", text: "" }] });
    assert.deepEqual(await requestLaunch(blank, 2, by), { ok: false, reason: "contentErrors" });
    assert.deepEqual(await requestLaunch(await readyCampaign({ subject: " " }), 2, by), {
      ok: false,
      reason: "notReady",
    });
    assert.deepEqual(await alone(id, () => requestLaunch(id, 2, by)), { ok: true });
    const { scheduledFor } = await db.campaign.findUniqueOrThrow({ where: { id } });
    assert.ok(Math.abs((scheduledFor?.getTime() ?? 0) - Date.now()) < 60_000);
  });

  it("is for a minute from now at the earliest", async () => {
    await person();
    const id = await readyCampaign();
    const now = new Date("2027-03-01T10:00:30Z");
    const at = (local: string) => scheduleCampaign(id, 1, local, by, now);
    assert.deepEqual(await at("2027-03-01T11:01"), { ok: false, reason: "past" });
    assert.deepEqual(await at("2027-03-01T11:02"), { ok: true });
  });

  const meanwhile: Record<string, (id: number) => string> = {
    "a colleague launched it": (id) =>
      `update campaigns set status = 'scheduled', scheduled_for = now() where id = ${id}`,
    "a colleague saved it": (id) => `update campaigns set version = version + 1 where id = ${id}`,
    "it was archived": (id) => `update campaigns set archived_at = now() where id = ${id}`,
    "its sender was retired": (id) =>
      `update identities set archived_at = now() where id = (select identity_id from campaigns where id = ${id})`,
    "its relay was archived": (id) =>
      `update relays set archived_at = now() where id = (select relay_id from identities i join campaigns k on k.identity_id = i.id where k.id = ${id})`,
  };
  for (const [what, statement] of Object.entries(meanwhile))
    it(`is refused when, while it was judged, ${what}`, async () => {
      const relay = await db.relay.create({
        data: { name: "R", kind: "smtp", host: "r.example", triedAt: ago(1) },
      });
      const { id: identityId } = await db.identity.create({
        data: { relayId: relay.id, displayName: "A", address: "a@src.example" },
      });
      await sql`update settings set public_url = 'https://src.example'`;
      await person();
      const id = await readyCampaign({ identityId });
      const { late } = await transaction(async (client) => {
        await client.query("lock table campaigns in share row exclusive mode");
        const late = requestLaunch(id, 1, by);
        await untilBlocked();
        await client.query(statement(id));
        return { late };
      });
      assert.deepEqual(await late, notLaunchable);
    });
});

describe("a draft", () => {
  it("writes as the department does by default, never as a sender that was retired", async () => {
    const usual = await db.identity.findFirstOrThrow({ where: { isDefault: true } });
    const sender = async () => {
      const made = await createCampaign("src", "Lettre", by);
      return (await db.campaign.findUniqueOrThrow({ where: { id: made.id } })).identityId;
    };
    const relay = await db.relay.create({ data: { name: "D", kind: "smtp", host: "d.example" } });
    const next = { relayId: relay.id, displayName: "D", address: "d@src.example" };
    await db.identity.updateMany({ where: { id: { not: usual.id } }, data: { archivedAt: ago(1) } });
    const { id } = await db.identity.create({ data: next });
    assert.equal(await sender(), usual.id);
    await db.identity.update({ where: { id: usual.id }, data: { archivedAt: ago(1), isDefault: false } });
    assert.equal(await sender(), id);
    await db.relay.update({ where: { id: relay.id }, data: { archivedAt: ago(1) } });
    assert.equal(await sender(), null);
    await db.identity.update({ where: { id: usual.id }, data: { archivedAt: null, isDefault: true } });
  });
});

describe("a copy", () => {
  it("is made without a sender that is gone, with one that is not, and of nothing else", async () => {
    const id = await readyCampaign({ segmentId: await segment() });
    const copied = async () => {
      const copy = await duplicateCampaign(id, "Copie", by);
      assert.ok(copy.ok);
      return db.campaign.findUniqueOrThrow({ where: { id: copy.id } });
    };
    const whole = await copied();
    const original = await db.campaign.findUniqueOrThrow({ where: { id } });
    assert.deepEqual([whole.segmentId, whole.identityId], [original.segmentId, original.identityId]);
    assert.deepEqual([whole.subject, whole.status, whole.authorId], [original.subject, "draft", by]);
    const relayId = (await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } })).id;
    const gone = { relayId, displayName: "Z", address: "z@src.example", archivedAt: new Date() };
    await put(id, { identityId: (await db.identity.create({ data: gone })).id });
    assert.equal((await copied()).identityId, null);
    const before = await db.campaign.count();
    assert.deepEqual(await duplicateCampaign(999_999, "Copie", by), { ok: false, reason: "notFound" });
    assert.equal(await db.campaign.count(), before);
  });
});

describe("a resumed campaign", () => {
  it("needs an address readers can come back to, unless its letters stay in the sandbox", async () => {
    await sql`update settings set public_url = null`;
    const inside = await launched();
    await pauseCampaign(inside, by);
    assert.deepEqual(await resumeCampaign(inside, by), { ok: true });
    const relay = await db.relay.create({ data: { name: "R", kind: "smtp", host: "r.example" } });
    const identity = { relayId: relay.id, displayName: "B", address: "b@src.example" };
    await put(inside, { status: "paused", identityId: (await db.identity.create({ data: identity })).id });
    assert.deepEqual(await resumeCampaign(inside, by), { ok: false, reason: "publicUrl" });
    await sql`update settings set public_url = 'https://src.example'`;
    assert.deepEqual(await resumeCampaign(inside, by), { ok: true });
    assert.deepEqual(await resumeCampaign(999_999, by), { ok: false, reason: "notPaused" });
  });
});

describe("a campaign ends", () => {
  it("when its own queue is empty, whatever others have to send; what never began does not end", async () => {
    const [done, busy] = [await launched(), await launched()];
    const draft = await readyCampaign();
    await settle(done, "sent");
    assert.equal(await finishCampaigns(), 1);
    assert.deepEqual(await Promise.all([done, busy, draft].map(statusOf)), ["sent", "sending", "draft"]);
    await settle(busy, "sent");
    await put(busy, { status: "paused", pausedAt: ago(1) });
    assert.equal(await finishCampaigns(), 1, "paused with nothing left is over too");
  });

  it("and opens again for what was put back at that moment, not for what was a day ago", async () => {
    const [late, old, other] = [await launched(), await launched(), await launched()];
    for (const id of [late, old, other]) await settle(id, "sent");
    await finishCampaigns();
    await settle(late, "queued");
    await settle(old, "queued");
    const began = () => sql`select finished_at from campaigns where id = ${other}`;
    const before = await began();
    await put(old, { finishedAt: ago(25) });
    await finishCampaigns();
    assert.deepEqual(await Promise.all([late, old, other].map(statusOf)), ["sending", "sent", "sent"]);
    assert.deepEqual(await began(), before, "not opened and closed again");
  });

  it("by being cancelled: its own queue is set aside and counted, and no other", async () => {
    const [one, two, busy, old] = [
      await launched(2),
      await launched(2),
      await launched(2),
      await launched(2),
    ];
    await sql`update deliveries set status = 'sent', settled_at = now()
      where id = (select min(id) from deliveries where campaign_id = ${two})`;
    for (const id of [one, two, old]) await cancelCampaign(id, by);
    // No worker lived for a week.
    await put(old, { cancelledAt: ago(8 * 24) });
    const { topicId, identityId } = await db.content.findFirstOrThrow({ where: { campaignId: one } });
    const words = { subject: "[Test]", html: "", text: "" };
    const test = await db.content.create({
      data: { ...words, kind: "test", campaignId: one, topicId, identityId },
    });
    const { contactId, address, addressHash } = await db.delivery.findFirstOrThrow({
      where: { campaignId: one },
    });
    await db.delivery.create({ data: { contentId: test.id, contactId, address, addressHash } });
    await finishCampaigns();
    const left = async (id: number) => ({
      queued: await db.delivery.count({ where: { campaignId: id, status: "queued" } }),
      told: ((await db.campaign.findUniqueOrThrow({ where: { id } })).exclusions as { cancelled?: number })
        .cancelled,
    });
    assert.deepEqual(await left(one), { queued: 0, told: 2 });
    assert.deepEqual(await left(two), { queued: 0, told: 1 });
    assert.deepEqual(await left(busy), { queued: 2, told: undefined });
    assert.deepEqual(await left(old), { queued: 0, told: 2 });
    const { status } = await db.delivery.findFirstOrThrow({ where: { contentId: test.id } });
    assert.equal(status, "queued", "a colleague's test is no part of it");
    const logged = await sql<{ n: number }>`
      select count(*)::int as n from attempts where outcome = 'skipped' and reason = 'cancelled'`;
    assert.equal(logged[0]?.n, 5);
  });
});
