import "#testing/database";
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import {
  archiveCampaign,
  cancelCampaign,
  createCampaign,
  duplicateCampaign,
  finishCampaigns,
  pauseCampaign,
  restoreCampaign,
  resumeCampaign,
  saveDraft,
  scheduleCampaign,
} from "#lib/letters/campaigns/mutations";
import { exportOutcomes, findOutcome, listOutcomes } from "#lib/letters/campaigns/outcomes";
import { findCampaign, getFunnel, listCampaigns } from "#lib/letters/campaigns/queries";
import { sendTest } from "#lib/letters/campaigns/test-send";
import { db, sql } from "#lib/machine/db";
import { letter, person, readyCampaign, segment, statusOf } from "#testing/campaigns";

afterEach(async () => {
  await db.campaign.deleteMany();
  await db.contact.deleteMany();
  await db.segment.deleteMany();
});

async function launched(people: number): Promise<number> {
  for (let i = 0; i < people; i++) await person();
  const id = await readyCampaign();
  assert.ok((await launchCampaign(id)).ok);
  return id;
}

const settle = (campaignId: number, status: "sent" | "unknown") => sql`
  update deliveries set status = ${status}::"DeliveryStatus", settled_at = case when ${status} = 'sent' then now() end
  where campaign_id = ${campaignId} and status = 'queued'`;

describe("a draft", () => {
  it("starts from its model: topic, sender and first blocks", async () => {
    const user = await db.user.create({ data: { email: "a@example.org", name: "A", role: "teacher" } });
    const { id } = await createCampaign("taxe", "Taxe 2027", user.id);
    const found = await findCampaign(id);
    assert.equal(found?.topic.name, "Taxe d’apprentissage");
    assert.equal(found?.identity?.address, "newsletter@src.example");
    assert.ok((found?.blocks.length ?? 0) > 1);
  });

  it("is saved by whoever saw its last version, not over a colleague", async () => {
    const id = await readyCampaign();
    const { topicId } = await db.campaign.findUniqueOrThrow({ where: { id } });
    const draft = {
      name: "N",
      topicId,
      segmentId: null,
      identityId: null,
      subject: "Un",
      preheader: "",
      issue: "",
      signature: "",
      blocks: letter,
    };
    const both = await Promise.all([
      saveDraft(id, 1, draft),
      saveDraft(id, 1, { ...draft, subject: "Deux" }),
    ]);
    assert.deepEqual(both.map(({ ok }) => ok).sort(), [false, true]);
    assert.deepEqual(
      both.find(({ ok }) => !ok),
      { ok: false, reason: "conflict" },
    );
    assert.equal((await findCampaign(id))?.version, 2);
  });

  it("is no longer edited once launched", async () => {
    const id = await launched(1);
    const found = await findCampaign(id);
    assert.ok(found);
    const result = await saveDraft(id, found.version, { ...found, subject: "Trop tard" });
    assert.deepEqual(result, { ok: false, reason: "notDraft" });
  });

  it("is copied without what is gone", async () => {
    const id = await readyCampaign({ segmentId: await segment() });
    await db.segment.updateMany({ data: { archivedAt: new Date() } });
    const user = await db.user.findFirstOrThrow();
    const copy = await duplicateCampaign(id, "Copie", user.id);
    assert.ok(copy.ok);
    const found = await findCampaign(copy.id);
    assert.equal(found?.segmentId, null);
    assert.equal(found?.status, "draft");
    assert.deepEqual(found?.blocks, letter);
  });
});

describe("scheduling", () => {
  it("means the clock of Paris, refuses the past and the hour that spring skips", async () => {
    await person();
    const id = await readyCampaign();
    const now = new Date("2027-03-01T10:00:00Z");
    assert.deepEqual(await scheduleCampaign(id, 1, "2027-03-01T11:00", null, now), {
      ok: false,
      reason: "past",
    });
    assert.deepEqual(await scheduleCampaign(id, 1, "2027-03-28T02:30", null, now), {
      ok: false,
      reason: "noSuchHour",
    });
    assert.deepEqual(await scheduleCampaign(id, 1, "2027-03-28T03:30", null, now), { ok: true });
    const { scheduledFor } = await db.campaign.findUniqueOrThrow({ where: { id } });
    assert.equal(scheduledFor?.toISOString(), "2027-03-28T01:30:00.000Z");
  });
});

describe("a campaign under way", () => {
  it("pauses and resumes, once each", async () => {
    const id = await launched(1);
    assert.deepEqual(await pauseCampaign(id, null), { ok: true });
    assert.deepEqual(await pauseCampaign(id, null), { ok: false, reason: "notSending" });
    assert.deepEqual(await resumeCampaign(id, null), { ok: true });
    assert.deepEqual(await resumeCampaign(id, null), { ok: false, reason: "notPaused" });
    assert.deepEqual(await archiveCampaign(id, null), { ok: false, reason: "underWay" });
  });

  it("is cancelled: the worker skips the queue, what was sent stays sent", async () => {
    const id = await launched(5);
    await sql`update deliveries set status = 'sent', settled_at = now()
      where id in (select id from deliveries where campaign_id = ${id} limit 2)`;
    assert.deepEqual(await cancelCampaign(id, null), { ok: true });
    await finishCampaigns();
    assert.deepEqual(await cancelCampaign(id, null), { ok: false, reason: "notUnderWay" });
    const { accepted, setAside, queued } = await getFunnel(id);
    assert.deepEqual({ accepted, setAside, queued }, { accepted: 2, setAside: 3, queued: 0 });
    assert.deepEqual((await getFunnel(id)).reasons, [{ reason: "cancelled", count: 3 }]);
  });

  it("skips what a worker gives back to the queue of a cancelled campaign", async () => {
    const id = await launched(1);
    await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${id}`;
    await cancelCampaign(id, null);
    await sql`update deliveries set status = 'queued', settled_at = null where campaign_id = ${id}`;
    assert.equal(await finishCampaigns(), 1, "and it is over");
    const { queued, setAside } = await getFunnel(id);
    assert.deepEqual({ queued, setAside }, { queued: 0, setAside: 1 });
  });

  it("ends when nothing is left; an unknown outcome keeps it open", async () => {
    const id = await launched(2);
    assert.equal(await finishCampaigns(), 0);
    await sql`update deliveries set status = 'unknown', unknown_at = now() where id = (select min(id) from deliveries where campaign_id = ${id})`;
    await settle(id, "sent");
    assert.equal(await finishCampaigns(), 0);
    assert.equal(await statusOf(id), "sending");
    await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${id}`;
    assert.equal(await finishCampaigns(), 1);
    assert.equal(await statusOf(id), "sent");
    assert.deepEqual(await archiveCampaign(id, null), { ok: true });
    assert.deepEqual(await restoreCampaign(id, null), { ok: true });
  });
});

describe("what a campaign became", () => {
  it("is listed by outcome, page after page, nobody twice", async () => {
    const id = await launched(5);
    await sql`update deliveries set status = 'sent', settled_at = now()
      where id in (select id from deliveries where campaign_id = ${id} order by id limit 3)`;
    for (const [outcome, expected] of [
      ["all", 5],
      ["sent", 3],
      ["queued", 2],
      ["bounced", 0],
    ] as const) {
      const seen: number[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listOutcomes>> = await listOutcomes(id, outcome, after, 2);
        seen.push(...page.rows.map((row) => row.id));
        after = page.next;
      } while (after !== null);
      assert.equal(seen.length, expected, outcome);
      assert.equal(new Set(seen).size, expected, outcome);
    }
  });

  it("tells each attempt of one delivery, only within its campaign", async () => {
    const id = await launched(1);
    const delivery = await db.delivery.findFirstOrThrow({ where: { campaignId: id } });
    await db.attempt.create({
      data: { deliveryId: delivery.id, n: 1, outcome: "postponed", reason: "greylisted" },
    });
    assert.equal((await findOutcome(id, delivery.id))?.attemptLog.length, 1);
    assert.equal(await findOutcome(id + 1, delivery.id), null);
  });

  it("is exported without letting a name become a formula", async () => {
    await person({ lastName: '=HYPERLINK("x")', addresses: [{ address: "f@example.org" }] });
    const id = await readyCampaign();
    await launchCampaign(id);
    const titles = Object.fromEntries(
      [
        "address",
        "name",
        "status",
        "reason",
        "reply",
        "attempts",
        "settledAt",
        "bounce",
        "bouncedAt",
        "repliedAt",
        "unsubscribedAt",
      ].map((t) => [t, t]),
    ) as Parameters<typeof exportOutcomes>[2];
    const csv = (await Array.fromAsync(exportOutcomes(id, "all", titles))).join("");
    assert.match(csv, /^\uFEFF"address";"name";/);
    assert.ok(csv.includes('"f@example.org";"\'=HYPERLINK(""x"")";"queued";'));
  });

  it("is listed newest first, page after page", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 23; i++) ids.unshift(await readyCampaign());
    const first = await listCampaigns({});
    assert.equal(first.campaigns.length, 20);
    assert.ok(first.next);
    const second = await listCampaigns({ before: first.next });
    assert.deepEqual(
      [...first.campaigns, ...second.campaigns].map(({ id }) => id),
      ids,
    );
    assert.equal((await listCampaigns({ status: "sent" })).campaigns.length, 0);
  });
});

describe("a test send", () => {
  it("queues a marked letter to each address with the sample’s variables", async () => {
    const sample = await person({ firstName: "Inès" });
    const id = await readyCampaign();
    assert.deepEqual(await sendTest(id, ["a@example.org", "b@example.org"], sample, null), {
      ok: true,
      sent: 2,
    });
    const letters = await db.delivery.findMany({
      where: { content: { campaignId: id, kind: "test" } },
      include: { content: true },
    });
    assert.deepEqual(letters.map(({ address }) => address).sort(), ["a@example.org", "b@example.org"]);
    assert.equal(letters[0]?.content.subject, "[Essai] Des nouvelles");
    assert.equal(letters[0]?.campaignId, null);
    const variables = letters.map((queued) => queued.variables as { contact: { firstName: string } });
    assert.deepEqual(
      variables.map(({ contact }) => contact.firstName),
      ["Inès", "Inès"],
    );
  });

  it("is marked in the language of whoever reads it", async () => {
    await db.user.create({
      data: { email: "erin@example.org", name: "Erin", role: "teacher", locale: "en", passwordHash: "x" },
    });
    const id = await readyCampaign();
    await sendTest(id, ["Erin@example.org", "b@example.org"], null, null);
    const letters = await db.delivery.findMany({
      where: { content: { campaignId: id, kind: "test" } },
      select: { content: { select: { subject: true } } },
      orderBy: { id: "asc" },
    });
    assert.deepEqual(
      letters.map(({ content }) => content.subject),
      ["[Test] Des nouvelles", "[Essai] Des nouvelles"],
    );
  });

  it("is refused while the words cannot be read", async () => {
    const id = await readyCampaign({ subject: "Bonjour {{ contact.nope }}" });
    assert.deepEqual(await sendTest(id, ["a@example.org"], null, null), {
      ok: false,
      reason: "contentErrors",
    });
  });
});
