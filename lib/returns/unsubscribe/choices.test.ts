/** What a reader's choice writes, and whom it tells: the campaign that counts it, the timeline, the secretariat. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { db } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { choosePreferences, resubscribe, unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { giveCampaign, givePerson, totalsOf } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

const changed = { ok: true, changed: true };
const unchanged = { ok: true, changed: false };
let address = "";
let contactId = 0;
let campaignId = 0;
let deliveryId = 0;
let made = 0;

beforeEach(async () => {
  address = `lecteur${++made}@exemple.fr`;
  contactId = (await givePerson(address)).id;
  const campaign = await giveCampaign([contactId]);
  campaignId = campaign.campaignId;
  deliveryId = campaign.deliveries[0]?.id ?? 0;
});

const stops = async () => (await listSuppressions(hashAddress(address))).map(({ topicId }) => topicId);
const markedAt = async (id = deliveryId) =>
  (await db.delivery.findUniqueOrThrow({ where: { id } })).unsubscribedAt;
const told = async () => {
  const notices = await db.notice.findMany({ where: { contactId }, orderBy: { id: "asc" } });
  return notices.map(({ kind, data }) => [kind, (data as { topicIds?: number[] }).topicIds]);
};

test("the campaign counts who left by it, once, at the first time, and no more when taken back", async () => {
  const other = (await giveCampaign([contactId])).deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId, scope: "topic", via: "page" });
  const first = await markedAt();
  assert.ok(first);
  await unsubscribe({ deliveryId, scope: "topic", via: "one_click" });
  assert.deepEqual(await markedAt(), first);
  assert.equal(await markedAt(other), null, "by another letter nobody left");
  await resubscribe({ deliveryId, scope: "topic" });
  assert.equal(await markedAt(), null);
});

test("preferences that drop the letter's newsletter count as leaving it, and others do not", async () => {
  await choosePreferences({ deliveryId, topicIds: [1, 2] });
  assert.equal((await totalsOf(campaignId)).unsubscribed, 0);
  assert.deepEqual(await told(), [["unsubscribed", [3]]]);
  await choosePreferences({ deliveryId, topicIds: [2] });
  assert.equal((await totalsOf(campaignId)).unsubscribed, 1);
  assert.deepEqual((await told()).slice(1), [["unsubscribed", [1]]]);
  await choosePreferences({ deliveryId, topicIds: [1, 2] });
  assert.equal((await totalsOf(campaignId)).unsubscribed, 0);
  assert.deepEqual((await told()).slice(2), [["resubscribed", [1]]]);
});

test("preferences can drop one newsletter and take another back at once", async () => {
  await choosePreferences({ deliveryId, topicIds: [1] });
  assert.deepEqual(await choosePreferences({ deliveryId, topicIds: [2] }), changed);
  assert.deepEqual((await told()).slice(1), [
    ["unsubscribed", [1]],
    ["resubscribed", [2]],
  ]);
  assert.deepEqual((await stops()).sort(), [1, 3]);
});

test("who is no contact any more still chooses, by hash: what stood, what is lifted, and nothing twice", async () => {
  await db.contact.delete({ where: { id: contactId } });
  const choose = (...topicIds: number[]) => choosePreferences({ deliveryId, topicIds });
  assert.deepEqual(await choose(1, 2, 3), unchanged);
  assert.deepEqual(await choose(1), changed, "two are stopped");
  assert.deepEqual(await stops(), [2, 3]);
  assert.deepEqual(await choose(1), unchanged);
  assert.deepEqual(await choose(1, 2, 3), changed, "both are lifted");
  assert.deepEqual(await stops(), []);
  await unsubscribe({ deliveryId, scope: "all", via: "page" });
  assert.deepEqual(await choose(1, 2, 3), changed, "so is « tout »");
  assert.deepEqual(await stops(), []);
});

test("who is no contact any more takes a stop back, and is told when there was none", async () => {
  await db.contact.delete({ where: { id: contactId } });
  await unsubscribe({ deliveryId, scope: "topic", via: "page" });
  assert.deepEqual(await resubscribe({ deliveryId, scope: "topic" }), changed);
  assert.deepEqual(await resubscribe({ deliveryId, scope: "topic" }), unchanged);
  assert.equal(await db.activity.count({ where: { contactId } }), 0);
});

test("a letter of no newsletter stops everything, and its undo brings everything back", async () => {
  const { contentId } = await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } });
  await db.delivery.update({ where: { id: deliveryId }, data: { campaignId: null } });
  await db.content.update({
    where: { id: contentId },
    data: { kind: "personal", topicId: null, campaignId: null },
  });
  await unsubscribe({ deliveryId, scope: "topic", via: "one_click" });
  assert.deepEqual(await stops(), [null]);
  assert.deepEqual(await resubscribe({ deliveryId, scope: "topic" }), changed);
  assert.deepEqual(await stops(), []);
  assert.deepEqual(await choosePreferences({ deliveryId, topicIds: [1] }), changed);
  assert.equal(await markedAt(), null, "no campaign counts it");
});
