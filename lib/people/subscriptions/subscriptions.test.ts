import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { db, pool } from "#lib/machine/db";
import {
  endSubscriptions,
  recordOrphanWish,
  starting,
  startSubscriptions,
  type Wish,
} from "#lib/people/subscriptions/mutations";
import { topicsEndedByAll } from "#lib/people/subscriptions/queries";
import { givePerson } from "#testing/received";

const [src, fourMedia, tax] = [1, 2, 3] as const;
let made = 0;
let contactId = 0;
let wish: Wish = { contactId: null, via: "page", proof: {} };

beforeEach(async () => {
  contactId = (await givePerson(`s${++made}@exemple.fr`)).id;
  await db.subscription.deleteMany({ where: { contactId } });
  wish = { contactId, via: "page", proof: { deliveryId: 7, scope: "topic" } };
});

const give = (topicId: number, subscribedAt: number | null, unsubscribedAt: number | null) =>
  db.subscription.create({
    data: { contactId, topicId, subscribedAt: at(subscribedAt), unsubscribedAt: at(unsubscribedAt) },
  });
const at = (second: number | null) => (second === null ? null : new Date(second * 1000));
const stands = async (topicId: number) => {
  const row = await db.subscription.findUnique({ where: { contactId_topicId: { contactId, topicId } } });
  if (!row) return "never";
  return row.subscribedAt && !row.unsubscribedAt ? "subscribed" : "left";
};
const history = async () =>
  (await db.subscriptionEvent.findMany({ where: { contactId }, orderBy: { id: "asc" } })).map(
    ({ topicId, change, basis, via, proof, userId }) => ({ topicId, change, basis, via, proof, userId }),
  );

test("starting subscribes whoever is not, writes why, and a second time changes nothing", async () => {
  await give(fourMedia, 1, null);
  await give(tax, 1, 2);
  assert.deepEqual(await startSubscriptions(pool(), wish, [src, fourMedia, tax]), [src, tax]);
  assert.deepEqual(await Promise.all([src, fourMedia, tax].map(stands)), [
    "subscribed",
    "subscribed",
    "subscribed",
  ]);
  assert.deepEqual(
    await history(),
    [src, tax].map((topicId) => ({
      topicId,
      change: "subscribed",
      basis: "consent",
      via: "page",
      proof: wish.proof,
      userId: null,
    })),
  );
  assert.deepEqual(await startSubscriptions(pool(), wish, [src, fourMedia, tax]), []);
  assert.equal((await history()).length, 2);
});

test("who had only ever left, or left at the same instant, comes back; nobody subscribes to what is not there", async () => {
  await give(src, null, 1);
  await give(fourMedia, 1, 1);
  assert.deepEqual(await startSubscriptions(pool(), wish, [src, fourMedia, 999_999]), [src, fourMedia]);
  assert.equal(await stands(tax), "never");
});

test("ending ends what is named, whatever it was, and a second time changes nothing", async () => {
  const { id: by } = await db.user.create({
    data: { email: `u${made}@iut.example`, name: "U", role: "secretariat" },
  });
  await give(src, 1, null);
  await give(fourMedia, 2, 1);
  const named: Wish = { contactId, via: "staff", proof: { note: "au téléphone" }, by };
  assert.deepEqual(await endSubscriptions(pool(), named, [src, fourMedia]), [src, fourMedia]);
  assert.deepEqual(await Promise.all([src, fourMedia, tax].map(stands)), ["left", "left", "never"]);
  const left = await db.subscription.findFirstOrThrow({ where: { contactId, topicId: src } });
  assert.deepEqual(left.subscribedAt, at(1), "since when they were subscribed is not forgotten");
  const event = {
    change: "unsubscribed",
    basis: null,
    via: "staff",
    proof: { note: "au téléphone" },
    userId: by,
  };
  assert.deepEqual(
    await history(),
    [src, fourMedia].map((topicId) => ({ topicId, ...event })),
  );
  assert.deepEqual(await endSubscriptions(pool(), named, [src, fourMedia]), []);
});

test("ending all ends what needs no subscription too, and consent only where it was given", async () => {
  const [asked, given] = await db.topic.createManyAndReturn({
    data: ["asked", "given"].map((key) => ({ key, name: key, legalBasis: "consent" as const })),
  });
  await give(given?.id ?? 0, 1, null);
  const other = await givePerson(`other${made}@exemple.fr`);
  await db.subscription.create({
    data: { contactId: other.id, topicId: asked?.id ?? 0, subscribedAt: new Date() },
  });
  const ended = await endSubscriptions(pool(), { ...wish, proof: { scope: "all" } }, null);
  assert.deepEqual(ended, [src, fourMedia, tax, given?.id]);
  assert.equal(await stands(asked?.id ?? 0), "never");
  await startSubscriptions(pool(), wish, [fourMedia]);
  assert.deepEqual(
    (await topicsEndedByAll(pool(), contactId)).sort((a, b) => a - b),
    [src, tax, given?.id],
  );
  await db.subscription.deleteMany({ where: { topicId: { in: [asked?.id ?? 0, given?.id ?? 0] } } });
  await db.topic.deleteMany({ where: { key: { in: ["asked", "given"] } } });
});

test("without a contact nothing is subscribed, and the history says who asked for what", async () => {
  const orphan: Wish = { ...wish, contactId: null, proof: { deliveryId: 8 } };
  assert.deepEqual(await startSubscriptions(pool(), orphan, [src]), []);
  assert.deepEqual(await endSubscriptions(pool(), orphan, null), []);
  await recordOrphanWish(pool(), orphan, "unsubscribed", fourMedia);
  const events = await db.subscriptionEvent.findMany({ where: { contactId: null } });
  assert.deepEqual(
    events.map(({ topicId, change, via, proof }) => ({ topicId, change, via, proof })),
    [{ topicId: fourMedia, change: "unsubscribed", via: "page", proof: { deliveryId: 8 } }],
  );
});

test("a file is one statement: a line that is there stays as it is, each new one has its date and proof", async () => {
  await give(src, 1, 2);
  const asked = `select contact_id, topic_id, 'epoch'::timestamptz as at, 'public_task'::"LegalBasis" as basis,
    'import' as via, '{"proof":"formulaire"}'::jsonb as proof, null::int as user_id
    from unnest(array[${contactId}, ${contactId}], array[${src}, ${tax}]) as a (contact_id, topic_id)`;
  const { rows } = await pool().query(`with ${starting(asked, { kept: true })} select topic_id from started`);
  assert.deepEqual(rows, [{ topic_id: tax }]);
  assert.equal(await stands(src), "left");
  const row = await db.subscription.findFirstOrThrow({ where: { contactId, topicId: tax } });
  assert.equal(row.subscribedAt?.getTime(), 0);
  assert.deepEqual(await history(), [
    {
      topicId: tax,
      change: "subscribed",
      basis: "public_task",
      via: "import",
      proof: { proof: "formulaire" },
      userId: null,
    },
  ]);
});
