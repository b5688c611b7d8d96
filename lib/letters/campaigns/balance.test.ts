import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { launchCampaign } from "#lib/letters/campaigns/launch";
import { cancelCampaign, finishCampaigns, finishHeldCampaigns } from "#lib/letters/campaigns/mutations";
import { getFunnel } from "#lib/letters/campaigns/queries";
import { settleUnknown } from "#lib/letters/deliveries/unknown";
import { db, sql } from "#lib/machine/db";
import { person, readyCampaign, statusOf } from "#testing/campaigns";
import { sendingCampaign } from "#testing/deliveries";

let id = 0;

/** Six who receive it, and four set aside: two of them have no address, one of those two is archived. */
beforeEach(async () => {
  await db.campaign.deleteMany();
  await db.contact.deleteMany();
  for (let i = 0; i < 6; i++) await person();
  await person({ addresses: [] });
  await person({ addresses: [], archivedAt: new Date() });
  await person({ archivedAt: new Date() });
  await person({
    addresses: [{ address: `dead${Math.random()}@example.org`, isPrimary: true, standing: "hard" }],
  });
  id = await readyCampaign();
  assert.ok((await launchCampaign(id)).ok);
});

const settle = (status: "sent" | "failed", n: number) => sql`
  update deliveries set status = ${status}::"DeliveryStatus", settled_at = now(), reason = 'x'
  where id in (select id from deliveries where campaign_id = ${id} and status = 'queued' order by id limit ${n})`;
/** Whoever writes it, by whatever means. */
const end = () => sql`update campaigns set status = 'sent', finished_at = now() where id = ${id}`;
const doesNotBalance = { code: "23514", constraint: "campaigns_balance" };
const reasonOf = async () => (await db.campaign.findUniqueOrThrow({ where: { id } })).pauseReason;

test("everybody of the segment is counted at launch, and the report adds up to them", async () => {
  await settle("sent", 4);
  await settle("failed", 2);
  assert.equal(await finishCampaigns(), 1);
  assert.equal(await statusOf(id), "sent");
  const { segment, accepted, refused, setAside, unknown, queued, sending } = await getFunnel(id);
  assert.deepEqual(
    { segment, accepted, refused, setAside },
    { segment: 10, accepted: 4, refused: 2, setAside: 4 },
  );
  assert.deepEqual([unknown, queued, sending], [0, 0, 0]);
});

test("nobody ends a campaign while one message waits, leaves or is of unknown outcome", async () => {
  await settle("sent", 5);
  await assert.rejects(end, doesNotBalance);
  const [token] = await sql<{ id: string }>`select gen_random_uuid()::text as id`;
  const [relay] = await sql<{ id: number }>`select min(id) as id from relays`;
  for (const status of ["sending", "unknown"] as const) {
    await sql`
      update deliveries set status = ${status}::"DeliveryStatus", unknown_at = now(), relay_id = ${relay?.id},
        lease_token = ${token?.id}::uuid, lease_until = now()
      where campaign_id = ${id} and status not in ('sent', 'skipped')`;
    await assert.rejects(end, doesNotBalance);
    assert.equal(await finishCampaigns(), 0);
    assert.equal(await statusOf(id), "sending");
  }
  await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${id} and status = 'unknown'`;
  await end();
  assert.equal(await statusOf(id), "sent");
});

test("one that lost a message is held and shown, and stops no other from ending", async () => {
  await settle("sent", 6);
  await sql`delete from deliveries where id = (select min(id) from deliveries where campaign_id = ${id} and status = 'sent')`;
  const other = await sendingCampaign({ port: 1, recipients: 2 });
  await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${other.campaign}`;
  await assert.rejects(end, doesNotBalance);
  assert.equal(await finishCampaigns(), 1);
  assert.deepEqual([await statusOf(id), await reasonOf()], ["paused", "unbalanced"]);
  assert.equal(await statusOf(other.campaign), "sent");
  const { updatedAt } = await db.campaign.findUniqueOrThrow({ where: { id } });
  assert.equal(await finishCampaigns(), 0);
  assert.deepEqual(
    (await db.campaign.findUniqueOrThrow({ where: { id } })).updatedAt,
    updatedAt,
    "held once",
  );
});

test("one whose counters say another thing than its messages does not end either", async () => {
  await settle("sent", 6);
  await sql`update campaign_totals set sent = sent - 1, failed = failed + 1 where campaign_id = ${id} and sent > 0`;
  await sql`update campaign_totals set sent = sent + 1 where campaign_id = ${id} and sent > 0`;
  await assert.rejects(end, doesNotBalance);
  await sql`update campaigns set candidates = null where id = ${id}`;
  await assert.rejects(end, doesNotBalance, "nor where nobody counted the candidates");
  await sql`update campaign_totals set failed = 0 where campaign_id = ${id}`;
  await end();
  await sql`update campaigns set status = 'sending', finished_at = null where id = ${id}`;
  await sql`update deliveries set status = 'queued', settled_at = null where id = (select min(id) from deliveries where campaign_id = ${id} and status = 'sent')`;
  await sql`update campaign_totals set queued = 0, sent = case when sent > 0 then 6 else 0 end where campaign_id = ${id}`;
  await assert.rejects(end, doesNotBalance, "what waits is not hidden by a counter");
});

test("held for its figures, it ends by itself once they add up", async () => {
  await settle("sent", 6);
  await sql`update campaigns set candidates = 11 where id = ${id}`;
  assert.equal(await finishCampaigns(), 0);
  assert.equal(await reasonOf(), "unbalanced");
  assert.equal(await finishHeldCampaigns(), 0);
  await sql`update campaigns set candidates = 10 where id = ${id}`;
  assert.equal(await finishCampaigns(), 0, "its messages are not counted every two seconds");
  assert.equal(await finishHeldCampaigns(), 1);
  assert.deepEqual([await statusOf(id), await reasonOf()], ["sent", null]);
});

const finishedAt = async () => (await db.campaign.findUniqueOrThrow({ where: { id } })).finishedAt;
/** Whoever writes it. */
const endCancelled = () => sql`update campaigns set finished_at = now() where id = ${id}`;

test("given up while held, it ends by itself once its figures add up", async () => {
  await settle("sent", 6);
  await sql`update campaigns set candidates = 11 where id = ${id}`;
  assert.ok((await cancelCampaign(id, null)).ok);
  assert.equal(await finishCampaigns(), 0);
  await sql`update campaigns set candidates = 10 where id = ${id}`;
  assert.equal(await finishHeldCampaigns(), 1);
  assert.deepEqual([await statusOf(id), await reasonOf()], ["cancelled", null]);
  assert.ok(await finishedAt());
});

test("one held for its figures does not end while a message waits", async () => {
  await settle("sent", 5);
  await sql`update campaigns set status = 'paused', pause_reason = 'unbalanced' where id = ${id}`;
  assert.equal(await finishHeldCampaigns(), 0);
  assert.equal(await reasonOf(), "unbalanced");
  await settle("sent", 1);
  assert.equal(await finishHeldCampaigns(), 1);
});

test("one given up ends once its queue is withdrawn, and its report says the same sum", async () => {
  await settle("sent", 2);
  await settle("failed", 1);
  assert.ok((await cancelCampaign(id, null)).ok);
  assert.equal(await finishedAt(), null, "stopped, not over");
  await assert.rejects(endCancelled, doesNotBalance);
  assert.equal(await finishCampaigns(), 1);
  assert.equal(await statusOf(id), "cancelled");
  assert.ok(await finishedAt());
  const { segment, accepted, refused, setAside, reasons, recipients } = await getFunnel(id);
  assert.deepEqual(
    { segment, accepted, refused, setAside, recipients },
    { segment: 10, accepted: 2, refused: 1, setAside: 7, recipients: 3 },
  );
  assert.equal(reasons.find(({ reason }) => reason === "cancelled")?.count, 3);
  assert.equal(await finishCampaigns(), 0, "once");
});

test("one given up waits for what is of unknown outcome, and withdraws what was not sent", async () => {
  await settle("sent", 5);
  await sql`
    update deliveries set status = 'unknown', unknown_at = now(), relay_id = (select min(id) from relays),
      lease_token = gen_random_uuid(), lease_until = now()
    where campaign_id = ${id} and status = 'queued'`;
  assert.ok((await cancelCampaign(id, null)).ok);
  assert.equal(await finishCampaigns(), 0);
  await assert.rejects(endCancelled, doesNotBalance);
  assert.deepEqual(await settleUnknown(id, "requeue", null), { ok: true, settled: 1 });
  assert.equal(await finishCampaigns(), 1);
  const { accepted, unknown, reasons } = await getFunnel(id);
  assert.deepEqual(
    [accepted, unknown, reasons.find(({ reason }) => reason === "cancelled")?.count],
    [5, 0, 1],
  );
});

test("one given up that lost a message is held, stays given up and says why", async () => {
  await settle("sent", 6);
  await sql`delete from deliveries where id = (select min(id) from deliveries where campaign_id = ${id} and status = 'sent')`;
  assert.ok((await cancelCampaign(id, null)).ok);
  await assert.rejects(endCancelled, doesNotBalance);
  assert.equal(await finishCampaigns(), 0);
  assert.deepEqual(
    [await statusOf(id), await reasonOf(), await finishedAt()],
    ["cancelled", "unbalanced", null],
  );
  await assert.rejects(end, doesNotBalance, "nor does it end as one that was sent");
});

test("only what is over has an end", async () => {
  await assert.rejects(endCancelled, { constraint: "campaigns_finished" });
});
