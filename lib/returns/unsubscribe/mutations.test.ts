import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { countAudience } from "#lib/letters/campaigns/audience";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { db } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { suppress } from "#lib/people/suppressions/mutations";
import { choosePreferences, resubscribe, unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { giveCampaign, givePerson, totalsOf } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

const isSubscribed = async (contactId: number, topicId = 1) => {
  const row = await db.subscription.findUnique({ where: { contactId_topicId: { contactId, topicId } } });
  return row?.subscribedAt != null && row.unsubscribedAt === null;
};
const reasons = async (address: string) =>
  (await listSuppressions(hashAddress(address))).map(
    ({ reason, topicId }) => `${reason} ${topicId ?? "all"}`,
  );

test("leaving one newsletter keeps the others, and is written once however often one clicks", async () => {
  const person = await givePerson("lea@exemple.fr");
  await db.subscription.create({ data: { contactId: person.id, topicId: 2, subscribedAt: new Date() } });
  const { campaignId, deliveries } = await giveCampaign([person.id]);
  const deliveryId = deliveries[0]?.id ?? 0;

  const answers = await Promise.all(
    Array.from({ length: 5 }, () => unsubscribe({ deliveryId, scope: "topic", via: "one_click" })),
  );

  assert.equal(answers.filter((answer) => answer.ok && answer.changed).length, 1);
  assert.equal(await isSubscribed(person.id, 1), false);
  assert.equal(await isSubscribed(person.id, 2), true);
  assert.deepEqual(await reasons("lea@exemple.fr"), ["unsubscribe 1"]);
  const events = await db.subscriptionEvent.findMany({ where: { contactId: person.id } });
  assert.deepEqual(
    events.map(({ change, via, topicId }) => [change, via, topicId]),
    [["unsubscribed", "one_click", 1]],
  );
  assert.equal(await db.notice.count({ where: { contactId: person.id, kind: "unsubscribed" } }), 1);
  assert.equal(await db.activity.count({ where: { contactId: person.id, kind: "unsubscribed" } }), 1);
  assert.equal((await totalsOf(campaignId)).unsubscribed, 1);
});

test("undo brings back what was left, and nothing else", async () => {
  const person = await givePerson("noe@exemple.fr");
  await db.subscription.create({ data: { contactId: person.id, topicId: 2, subscribedAt: new Date() } });
  const first = await giveCampaign([person.id], 2);
  const second = await giveCampaign([person.id], 1);
  await unsubscribe({ deliveryId: first.deliveries[0]?.id ?? 0, scope: "topic", via: "page" });
  const deliveryId = second.deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId, scope: "all", via: "page" });
  assert.deepEqual(await reasons("noe@exemple.fr"), ["unsubscribe 2", "unsubscribe all"]);

  assert.deepEqual(await resubscribe({ deliveryId, scope: "all" }), { ok: true, changed: true });

  assert.equal(await isSubscribed(person.id, 1), true);
  assert.equal(await isSubscribed(person.id, 2), false, "left before, by its own choice");
  assert.deepEqual(await reasons("noe@exemple.fr"), ["unsubscribe 2"]);
  assert.equal((await totalsOf(second.campaignId)).unsubscribed, 0);
  assert.deepEqual(await resubscribe({ deliveryId, scope: "all" }), { ok: true, changed: false });
});

test("« tout arrêter » ends what needed no subscription too, so that no other address is written to", async () => {
  const person = await givePerson("one@exemple.fr");
  await db.subscription.deleteMany({ where: { contactId: person.id } });
  const optIn = await db.topic.create({
    data: { key: "opt-in", name: "Sur demande", legalBasis: "consent" },
  });
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId, scope: "all", via: "page" });
  const other = "two@exemple.fr";
  await db.emailAddress.updateMany({ where: { contactId: person.id }, data: { isPrimary: false } });
  await db.emailAddress.create({
    data: { contactId: person.id, address: other, addressHash: hashAddress(other), isPrimary: true },
  });
  const audience = (topicId: number) => countAudience({ topicId, criteria: { match: "all", groups: [] } });
  const { exclusions } = await audience(2);
  await resubscribe({ deliveryId, scope: "all" });
  assert.equal((exclusions.unsubscribed ?? 0) - ((await audience(2)).exclusions.unsubscribed ?? 0), 1);
  const rows = await db.subscription.findMany({
    where: { contactId: person.id },
    orderBy: { topicId: "asc" },
  });
  assert.deepEqual(
    rows.map(({ topicId }) => topicId),
    [1, 2, 3],
    "the undo subscribes to nothing that asks for consent",
  );
  await db.topic.delete({ where: { id: optIn.id } });
});

test("undo does not revive a dead address nor forgive a complaint", async () => {
  const person = await givePerson("zoe@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId, scope: "all", via: "page" });
  const addressHash = hashAddress("zoe@exemple.fr");
  await suppress({ addressHash, topicId: null, reason: "hard_bounce" });
  await suppress({ addressHash, topicId: null, reason: "complaint" });
  await resubscribe({ deliveryId, scope: "all" });
  assert.deepEqual(await reasons("zoe@exemple.fr"), ["hard_bounce all", "complaint all"]);
});

test("a contact that was erased still stops receiving, by hash", async () => {
  const person = await givePerson("gone@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  await db.contact.delete({ where: { id: person.id } });
  assert.deepEqual(await unsubscribe({ deliveryId, scope: "topic", via: "one_click" }), {
    ok: true,
    changed: true,
  });
  assert.deepEqual(await reasons("gone@exemple.fr"), ["unsubscribe 1"]);
  assert.deepEqual(await unsubscribe({ deliveryId, scope: "topic", via: "one_click" }), {
    ok: true,
    changed: false,
  });
});

test("preferences are exactly what is ticked; nothing ticked stops everything", async () => {
  const person = await givePerson("ines@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  await unsubscribe({ deliveryId, scope: "all", via: "page" });
  await choosePreferences({ deliveryId, topicIds: [2] });
  assert.deepEqual(await reasons("ines@exemple.fr"), ["unsubscribe 1", "unsubscribe 3"]);
  assert.equal(await isSubscribed(person.id, 2), true);
  assert.equal(await isSubscribed(person.id, 1), false);
  await choosePreferences({ deliveryId, topicIds: [1, 2] });
  assert.deepEqual(await reasons("ines@exemple.fr"), ["unsubscribe 3"]);
  assert.equal(await isSubscribed(person.id, 1), true);
  await choosePreferences({ deliveryId, topicIds: [] });
  assert.ok((await reasons("ines@exemple.fr")).includes("unsubscribe all"));
});

test("saving preferences unchanged gives no consent to anything", async () => {
  const person = await givePerson("same@exemple.fr");
  const deliveryId = (await giveCampaign([person.id])).deliveries[0]?.id ?? 0;
  assert.deepEqual(await choosePreferences({ deliveryId, topicIds: [1, 2, 3] }), {
    ok: true,
    changed: false,
  });
  assert.equal(await db.subscriptionEvent.count({ where: { contactId: person.id } }), 0);
});

test("the links of a test send and of an unknown delivery do nothing", async () => {
  const id = await enqueueLetter({
    kind: "test",
    to: "prof@iut.example",
    subject: "Essai",
    html: "",
    text: "",
  });
  assert.deepEqual(await unsubscribe({ deliveryId: id, scope: "all", via: "page" }), {
    ok: false,
    reason: "rehearsal",
  });
  assert.deepEqual(await reasons("prof@iut.example"), []);
  assert.deepEqual(await unsubscribe({ deliveryId: 999_999, scope: "all", via: "page" }), {
    ok: false,
    reason: "notFound",
  });
});
