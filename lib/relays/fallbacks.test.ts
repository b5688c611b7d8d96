import "#lib/test-db";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, sql } from "#lib/db";
import {
  addFallback,
  listRoutes,
  listStandIns,
  listStoodInFor,
  moveFallback,
  removeFallback,
} from "#lib/relays/fallbacks";
import { archiveIdentity } from "#lib/relays/identities";
import { archiveRelay } from "#lib/relays/mutations";

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
  for (const one of [a, b, c]) assert.deepEqual(await addFallback(who, one), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "B", "C"]);
  assert.deepEqual(await moveFallback(who, c, "up"), { ok: true });
  assert.deepEqual(await moveFallback(who, a, "up"), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "C", "B"]);
  assert.deepEqual(await moveFallback(who, a, "down"), { ok: true });
  assert.deepEqual(await removeFallback(who, c), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "A", "B"]);
  assert.deepEqual(await removeFallback(who, c), { ok: false, reason: "notFound" });
  assert.deepEqual(await moveFallback(who, c, "up"), { ok: false, reason: "notFound" });
});

test("what would be no fallback is refused", async () => {
  const { own, who, a } = await given();
  const sandbox = await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } });
  const inSandbox = await db.identity.findFirstOrThrow({ where: { relayId: sandbox.id } });
  assert.deepEqual(await addFallback(who, sandbox.id), { ok: false, reason: "sandbox" });
  assert.deepEqual(await addFallback(inSandbox.id, a), { ok: false, reason: "sandbox" });
  assert.deepEqual(await addFallback(who, own), { ok: false, reason: "alreadyRoute" });
  assert.deepEqual(await addFallback(who, 999_999), { ok: false, reason: "notFound" });
  await addFallback(who, a);
  assert.deepEqual(await addFallback(who, a), { ok: false, reason: "alreadyRoute" });
  for (let n = 2; n <= 5; n++) assert.ok((await addFallback(who, await relay(`F${n}`))).ok);
  assert.deepEqual(await addFallback(who, await relay("F6")), { ok: false, reason: "tooManyFallbacks" });
  assert.ok(!(await listStandIns(own)).some(({ id }) => id === own || id === sandbox.id));
});

test("colleagues who add at the same time follow each other", async () => {
  const { own, who, a, b, c } = await given();
  await Promise.all([a, b, c, a].map((one) => addFallback(who, one)));
  assert.deepEqual((await order(own)).toSorted(), ["A", "B", "C", "Propre"]);
});

test("the first open route carries it; people's pause hands nothing over", async () => {
  const { own, who, a } = await given();
  await addFallback(who, a);
  const carrier = async () => (await listRoutes(own)).find(({ open }) => open)?.name;
  assert.equal(await carrier(), "Propre");
  const pause = (reason: string) =>
    sql`update relays set paused_until = now() + interval '1 hour', pause_reason = ${reason} where id = ${own}`;
  await pause("rate-limited");
  assert.equal(await carrier(), "A");
  await pause("staff");
  assert.equal(await carrier(), undefined);
});

test("a relay that is retired stands in for nobody, and an identity that is has no fallback", async () => {
  const { own, who, a, b } = await given();
  await addFallback(who, a);
  await addFallback(who, b);
  assert.deepEqual(
    (await listStoodInFor(a)).map(({ id, relay }) => [id, relay]),
    [[who, "Propre"]],
  );
  assert.deepEqual(await archiveRelay(a), { ok: true });
  assert.deepEqual(await order(own), ["Propre", "B"]);
  assert.deepEqual(await addFallback(who, a), { ok: false, reason: "notFound" });
  assert.deepEqual(await archiveIdentity(who), { ok: true });
  assert.deepEqual(await listStoodInFor(b), []);
  assert.deepEqual(await addFallback(who, b), { ok: false, reason: "notFound" });
});
