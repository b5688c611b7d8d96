import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  markDigested,
  markNoticeSeen,
  markNoticesSeen,
  markNoticeUnseen,
  notify,
} from "#lib/department/notices/mutations";
import { db, pool } from "#lib/machine/db";

const notices = () => db.notice.findMany({ orderBy: { id: "asc" } });
const seen = async () => (await notices()).map(({ seenAt }) => seenAt !== null);

test("one is ticked once, and unticked once", async () => {
  await notify({ kind: "unsubscribed", data: {} });
  await notify({ kind: "unsubscribed", data: {} });
  const [first] = await notices();
  assert.ok(first);
  assert.deepEqual(await markNoticeUnseen(first.id), { ok: false, reason: "notFound" });
  assert.deepEqual(await markNoticeSeen(first.id), { ok: true });
  assert.deepEqual(await seen(), [true, false]);
  assert.deepEqual(await markNoticeSeen(first.id), { ok: false, reason: "notFound" });
  assert.deepEqual(await markNoticeUnseen(first.id), { ok: true });
  assert.deepEqual(await seen(), [false, false]);
});

test("all that the screen showed are ticked, and none that came since", async () => {
  await notify({ kind: "complaint", data: {} });
  const [first, second] = await notices();
  assert.ok(first && second);
  await markNoticeSeen(first.id);
  const { seenAt } = await db.notice.findUniqueOrThrow({ where: { id: first.id } });
  assert.deepEqual(await markNoticesSeen(second.id), { ok: true, count: 1 });
  assert.deepEqual(await seen(), [true, true, false]);
  assert.deepEqual((await db.notice.findUniqueOrThrow({ where: { id: first.id } })).seenAt, seenAt);
});

test("those of a letter are told by no other", async () => {
  const [first, second] = await notices();
  assert.ok(first && second);
  const then = new Date("2026-01-01T08:00:00Z");
  await markDigested([first.id], pool(), then);
  await markDigested([first.id, second.id], pool());
  const [told, later, other] = await notices();
  assert.deepEqual(told?.digestedAt, then);
  assert.ok(later?.digestedAt && later.digestedAt > then);
  assert.equal(other?.digestedAt, null);
});
