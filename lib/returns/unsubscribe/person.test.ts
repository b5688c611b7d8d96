import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, pool, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { eraseContact } from "#lib/office/privacy/erase";
import { suppress } from "#lib/people/suppressions/mutations";
import { setClickConsent } from "#lib/returns/unsubscribe/clicks";
import { choosePreferences, resubscribe, unsubscribe } from "#lib/returns/unsubscribe/mutations";
import { listNewsletters } from "#lib/returns/unsubscribe/newsletters";
import { setPause } from "#lib/returns/unsubscribe/pause";
import { giveCampaign, givePerson } from "#testing/received";

let made = 0;

/** Somebody with two addresses, and one mail to each. */
async function twoMailboxes() {
  const [home, work] = [`home${++made}@exemple.fr`, `work${made}@exemple.fr`];
  const { id } = await givePerson(home);
  const { deliveries } = await giveCampaign([id]);
  const atHome = deliveries[0]?.id ?? 0;
  await db.emailAddress.create({ data: { contactId: id, address: work, addressHash: hashAddress(work) } });
  const atWork = (await giveCampaign([id])).deliveries[0]?.id ?? 0;
  await db.delivery.update({
    where: { id: atWork },
    data: { address: work, addressHash: hashAddress(work) },
  });
  return { id, home, work, atHome, atWork };
}
const ticked = async (contactId: number | null, address: string) =>
  (await listNewsletters(pool(), { contactId, addressHash: hashAddress(address) })).filter(
    (one) => one.subscribed,
  ).length;

test("a stop said from one address is kept for each of theirs, and outlives the contact", async () => {
  const { id, work, atHome } = await twoMailboxes();
  assert.equal(await ticked(id, work), 3);
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  assert.equal(await ticked(id, work), 0);
  await db.contact.delete({ where: { id } });
  assert.equal(await ticked(null, work), 0);
});

test("who stopped everything from one address comes back by a mail to the other", async () => {
  const { id, home, work, atHome, atWork } = await twoMailboxes();
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  assert.deepEqual(await resubscribe({ deliveryId: atWork, scope: "all" }), { ok: true, changed: true });
  assert.deepEqual([await ticked(id, home), await ticked(id, work)], [3, 3]);
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  await choosePreferences({ deliveryId: atWork, topicIds: [1, 2] });
  assert.deepEqual([await ticked(id, home), await ticked(id, work)], [2, 2]);
});

test("an address added after a stop is not written to either", async () => {
  const { id, atHome } = await twoMailboxes();
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  const late = `late${made}@exemple.fr`;
  await db.emailAddress.create({ data: { contactId: id, address: late, addressHash: hashAddress(late) } });
  const topic = await db.topic.create({
    data: { key: `new-${made}`, name: "Nouvelle", legalBasis: "public_task" },
  });
  assert.equal(await ticked(id, late), 0, "not even of a newsletter that began later");
  await db.topic.delete({ where: { id: topic.id } });
});

test("a reader whose mailbox was judged dead sees what they receive, and saves it unchanged", async () => {
  const { id, home, atHome } = await twoMailboxes();
  await suppress({ addressHash: hashAddress(home), topicId: null, reason: "hard_bounce" });
  assert.equal(await ticked(id, home), 3);
  assert.deepEqual(await choosePreferences({ deliveryId: atHome, topicIds: [1, 2, 3] }), {
    ok: true,
    changed: false,
  });
});

test("who complained is told that they receive nothing", async () => {
  const { id, home } = await twoMailboxes();
  await suppress({ addressHash: hashAddress(home), topicId: null, reason: "complaint" });
  assert.equal(await ticked(id, home), 0);
});

test("what somebody asks who is no contact any more is in the history, both ways; a contact's is not said twice", async () => {
  const { id, atHome } = await twoMailboxes();
  const orphans = () => db.subscriptionEvent.count({ where: { contactId: null } });
  const before = await orphans();
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  await resubscribe({ deliveryId: atHome, scope: "all" });
  assert.equal(await orphans(), before);
  await db.contact.delete({ where: { id } });
  await unsubscribe({ deliveryId: atHome, scope: "all", via: "page" });
  await resubscribe({ deliveryId: atHome, scope: "all" });
  assert.equal(await orphans(), before + 2);
});

test("a pause, a consent or a stop asked as the person is erased ends on one side: kept with them, or refused", async () => {
  for (let round = 0; round < 6; round++) {
    const { id, atHome, atWork } = await twoMailboxes();
    const [paused, given, left, erased] = await Promise.all([
      setPause(atHome, true),
      setClickConsent(atHome, "words"),
      unsubscribe({ deliveryId: atWork, scope: "all", via: "page" }),
      eraseContact(id, "request", null),
    ]);
    assert.ok(erased.ok && left.ok);
    for (const answer of [paused, given]) assert.ok(answer.ok || answer.reason === "nobodyAnyMore");
    const kept =
      await sql`select contact_id from newsletter_pauses where contact_id = ${id} union all select contact_id from click_consents where contact_id = ${id}`;
    assert.deepEqual(kept, []);
    assert.deepEqual(await setPause(atHome, true), { ok: false, reason: "nobodyAnyMore" });
  }
});
