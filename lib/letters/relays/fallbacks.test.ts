import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addFallback,
  listRoutes,
  listStandIns,
  listStoodInFor,
  moveFallback,
  removeFallback,
} from "#lib/letters/relays/fallbacks";
import { archiveIdentity } from "#lib/letters/relays/identities";
import { archiveRelay, pauseRelay } from "#lib/letters/relays/mutations";
import { pauseRelayFor } from "#lib/letters/relays/pause";
import { db, sql } from "#lib/machine/db";

const relay = async (name: string) =>
  (await db.relay.create({ data: { name, kind: "smtp", host: "smtp.src.example" }, select: { id: true } }))
    .id;
const identity = async (relayId: number) =>
  (
    await db.identity.create({
      data: { relayId, displayName: "SRC", address: `src${relayId}@iut.example` },
      select: { id: true },
    })
  ).id;
const given = async () => {
  const own = await relay("Propre");
  return { own, who: await identity(own), a: await relay("A"), b: await relay("B"), c: await relay("C") };
};
const order = async (own: number) => (await listRoutes(own)).map(({ name }) => name);

test("fallbacks are added in order, moved and removed", async () => {
  const { own, who, a, b, c } = await given();
  for (const one of [a, b, c]) assert.deepEqual(await addFallback(who, one, null), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "B", "C"]);
  assert.deepEqual(await moveFallback(who, c, "up", null), { ok: true });
  assert.deepEqual(await moveFallback(who, a, "up", null), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "C", "B"]);
  assert.deepEqual(await moveFallback(who, a, "down", null), { ok: true });
  assert.deepEqual(await removeFallback(who, c, null), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "B"]);
  assert.deepEqual(await removeFallback(who, c, null), { ok: false, reason: "notFound" });
  assert.deepEqual(await moveFallback(who, c, "up", null), { ok: false, reason: "notFound" });
});

test("what would be no fallback is refused", async () => {
  const { own, who, a } = await given();
  const sandbox = await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } });
  const inSandbox = await db.identity.findFirstOrThrow({ where: { relayId: sandbox.id } });
  assert.deepEqual(await addFallback(who, sandbox.id, null), { ok: false, reason: "sandbox" });
  assert.deepEqual(await addFallback(inSandbox.id, a, null), { ok: false, reason: "sandbox" });
  assert.deepEqual(await addFallback(who, own, null), { ok: false, reason: "alreadyRoute" });
  assert.deepEqual(await addFallback(who, 999_999, null), { ok: false, reason: "notFound" });
  await addFallback(who, a, null);
  assert.deepEqual(await addFallback(who, a, null), { ok: false, reason: "alreadyRoute" });
  for (let n = 2; n <= 5; n++) assert.ok((await addFallback(who, await relay(`F${n}`), null)).ok);
  assert.deepEqual(await addFallback(who, await relay("F6"), null), {
    ok: false,
    reason: "tooManyFallbacks",
  });
  assert.ok(!(await listStandIns(own)).some(({ id }) => id === own || id === sandbox.id));
});

test("colleagues who add at the same time follow each other", async () => {
  const { own, who, a, b, c } = await given();
  await Promise.all([a, b, c, a].map((one) => addFallback(who, one, null)));
  assert.deepEqual((await order(own)).toSorted(), ["A", "B", "C", "Propre"]);
});

test("the first open route carries it; people's pause hands nothing over", async () => {
  const { own, who, a } = await given();
  await addFallback(who, a, null);
  const carrier = async () => (await listRoutes(own)).find(({ open }) => open)?.name;
  assert.equal(await carrier(), "Propre");
  await pauseRelayFor(own, { seconds: 3_600, reason: "rate-limited" });
  assert.equal(await carrier(), "A");
  await sql`update relays set paused_until = clock_timestamp() where id = ${own}`;
  assert.equal(await carrier(), "Propre", "its hour is over");
  await pauseRelayFor(own, { seconds: null, reason: "access-revoked" });
  assert.equal(await carrier(), "A");
  await pauseRelay(own, null);
  assert.equal(await carrier(), undefined);
});

test("a relay that is retired stands in for nobody, and an identity that is has no fallback", async () => {
  const { own, who, a, b } = await given();
  await addFallback(who, a, null);
  await addFallback(who, b, null);
  assert.deepEqual(
    (await listStoodInFor(a)).map(({ id, relay }) => [id, relay]),
    [[who, "Propre"]],
  );
  assert.deepEqual(await archiveRelay(a, null), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "B"]);
  assert.deepEqual(await addFallback(who, a, null), { ok: false, reason: "notFound" });
  assert.ok((await archiveIdentity(who, null)).ok);
  assert.deepEqual(await listStoodInFor(b), []);
  assert.deepEqual(await addFallback(who, b, null), { ok: false, reason: "notFound" });
});
