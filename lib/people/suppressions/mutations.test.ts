/** The two writers of the list of who is not written to: each reason, each topic and each address by itself. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { db } from "#lib/machine/db";
import { liftSuppression, type SuppressionKey, suppress } from "#lib/people/suppressions/mutations";

const [ana, leo] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const key = (change: Partial<SuppressionKey> = {}): SuppressionKey => ({
  ...{ addressHash: ana, topicId: null, reason: "unsubscribe" },
  ...change,
});
const standing = () => db.suppression.count({ where: { liftedAt: null } });
let topicId = 0;

beforeEach(async () => {
  await db.suppression.deleteMany();
  topicId = (await db.topic.findFirstOrThrow()).id;
});

test("one stands once, and says whether it stood already", async () => {
  assert.equal(await suppress(key()), true);
  assert.equal(await suppress(key()), false);
  for (const other of [key({ topicId }), key({ reason: "complaint" }), key({ addressHash: leo })])
    assert.equal(await suppress(other), true);
  assert.equal(await standing(), 4);
});

test("one is lifted alone, once, and may stand again; its first hour stays as it was", async () => {
  const others = [key({ topicId }), key({ reason: "complaint" }), key({ addressHash: leo })];
  for (const one of [key(), ...others]) await suppress(one);
  assert.equal(await liftSuppression(key()), true);
  assert.equal(await standing(), 3);
  const first = await db.suppression.findFirstOrThrow({ where: { liftedAt: { not: null } } });
  assert.deepEqual([first.topicId, first.reason], [null, "unsubscribe"]);
  assert.equal(await liftSuppression(key()), false);
  assert.equal(await suppress(key()), true);
  assert.equal(await liftSuppression(key()), true);
  const again = await db.suppression.findUniqueOrThrow({ where: { id: first.id } });
  assert.deepEqual(again.liftedAt, first.liftedAt);
  for (const one of others) assert.equal(await liftSuppression(one), true);
  assert.equal(await standing(), 0);
});
