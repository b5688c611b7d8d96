import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  forgetLearned,
  forgetSlowDown,
  removeDomainLimits,
  setDomainLimits,
  setLimits,
  startWarmUp,
  stopWarmUp,
} from "#lib/letters/ledger/allowances";
import { domainInput, limitsInput, warmUpInput } from "#lib/letters/ledger/schema";
import { findRelayLive } from "#lib/letters/relays/live";
import { db, sql } from "#lib/machine/db";

const given = async () =>
  (
    await db.relay.create({
      data: { name: "Gmail", kind: "smtp", host: "smtp.src.example" },
      select: { id: true },
    })
  ).id;
const live = async (id: number) => {
  const found = await findRelayLive(id);
  assert.ok(found);
  return found;
};
const spend = (id: number) =>
  sql`update relays set spent_until = now() + interval '1 hour', spent_window = 'hour' where id = ${id}`;

test("changed limits are counted again at once", async () => {
  const id = await given();
  await spend(id);
  assert.ok((await live(id)).spentUntil);
  const input = limitsInput.parse({
    id: String(id),
    perMinute: "20",
    perHour: "",
    perDay: "400",
    maxConnections: "3",
  });
  assert.deepEqual(await setLimits(input, null), { ok: true });
  const now = await live(id);
  assert.deepEqual(now.limits, { connections: 3, perMinute: 20, perHour: null, perDay: 400 });
  assert.equal(now.spentUntil, null);
  const sandbox = await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } });
  assert.deepEqual(await setLimits({ ...input, id: sandbox.id }, null), { ok: false, reason: "notFound" });
  assert.equal(limitsInput.safeParse({ id, maxConnections: "0" }).success, false);
});

test("what replies taught is forgotten once", async () => {
  const id = await given();
  assert.deepEqual(await forgetLearned(id, null), { ok: false, reason: "nothingLearned" });
  await sql`update relays set learned_per_minute = 5, learned_until = now() + interval '1 day' where id = ${id}`;
  await spend(id);
  assert.equal((await live(id)).limits.perMinute, 5);
  assert.deepEqual(await forgetLearned(id, null), { ok: true });
  const now = await live(id);
  assert.deepEqual([now.limits.perMinute, now.learnedUntil, now.spentUntil], [null, null, null]);
});

test("a warm-up is started once, stopped once, and may follow one that is over", async () => {
  const id = await given();
  const { from, days } = warmUpInput.parse({ id: String(id), from: "50", days: "10" });
  assert.deepEqual(await startWarmUp(id, from, days, null), { ok: true });
  assert.deepEqual(await startWarmUp(id, 5, 5, null), { ok: false, reason: "alreadyWarming" });
  assert.equal((await live(id)).warmUpToday, 50);
  await sql`update relays set warm_up_since = now() - interval '10 days' where id = ${id}`;
  assert.equal((await live(id)).warmUpToday, null);
  assert.deepEqual(await startWarmUp(id, 5, 5, null), { ok: true });
  assert.deepEqual(await stopWarmUp(id, null), { ok: true });
  assert.deepEqual(await stopWarmUp(id, null), { ok: false, reason: "notWarming" });
});

test("a domain is written as people write it, and needs a limit", () => {
  const parse = (domain: string, perMinute = "5") => domainInput.safeParse({ id: 1, domain, perMinute });
  assert.equal(parse(" @Gmail.COM ").data?.domain, "gmail.com");
  for (const wrong of ["gmail", "a b.fr", "x@y.fr", "-a.fr", ""])
    assert.equal(parse(wrong).success, false, wrong);
  assert.equal(parse("gmail.com", "").error?.issues[0]?.message, "oneLimit");
});

test("a domain's limits are added, replaced and removed; what replies taught goes on", async () => {
  const id = await given();
  const set = (perMinute: number | null, perDay: number | null) =>
    setDomainLimits({ id, domain: "gmail.com", perMinute, perHour: null, perDay }, null);
  assert.deepEqual(await set(5, null), { ok: true });
  assert.deepEqual(await set(null, 50), { ok: true });
  assert.deepEqual(
    (await live(id)).domains.map(({ domain, perMinute, perDay }) => [domain, perMinute, perDay]),
    [["gmail.com", null, 50]],
  );
  await sql`update relay_domains set learned_per_minute = 2, slow_until = now() + interval '1 hour' where relay_id = ${id}`;
  assert.deepEqual(await removeDomainLimits(id, "gmail.com", null), { ok: true });
  assert.deepEqual(
    (await live(id)).domains.map(({ perDay, learnedPerMinute }) => [perDay, learnedPerMinute]),
    [[null, 2]],
  );
  assert.deepEqual(await forgetSlowDown(id, "gmail.com", null), { ok: true });
  assert.deepEqual((await live(id)).domains, []);
  assert.deepEqual(await forgetSlowDown(id, "gmail.com", null), { ok: false, reason: "nothingLearned" });
  assert.deepEqual(await removeDomainLimits(id, "gmail.com", null), { ok: false, reason: "notFound" });
});

test("forgetting a slow-down keeps what staff set", async () => {
  const id = await given();
  await setDomainLimits({ id, domain: "orange.fr", perMinute: 9, perHour: null, perDay: null }, null);
  await sql`update relay_domains set learned_per_minute = 2, slow_until = now() + interval '1 hour', strikes = 3 where relay_id = ${id}`;
  assert.deepEqual(await forgetSlowDown(id, "orange.fr", null), { ok: true });
  assert.deepEqual(
    (await live(id)).domains.map(({ perMinute, learnedPerMinute, slowUntil }) => [
      perMinute,
      learnedPerMinute,
      slowUntil,
    ]),
    [[9, null, null]],
  );
});

test("a relay that is gone, or the sandbox, has no warm-up and no limits by domain", async () => {
  const archived = await given();
  await db.relay.update({ where: { id: archived }, data: { archivedAt: new Date() } });
  const sandbox = await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } });
  for (const id of [archived, sandbox.id]) {
    const limits = { id, domain: "gmail.com", perMinute: 5, perHour: null, perDay: null };
    assert.equal((await setDomainLimits(limits, null)).ok, false);
    assert.equal((await startWarmUp(id, 5, 5, null)).ok, false);
    assert.equal(await db.relayDomain.count({ where: { relayId: id } }), 0);
  }
});

/** Two domains on two relays: what is said of one of the four must not touch the other three. */
async function fourDomains(data: { perDay?: number; learnedPerMinute?: number; slowUntil?: Date }) {
  const [one, other] = [await given(), await given()];
  const rows = [one, other].flatMap((relayId) =>
    ["gmail.com", "orange.fr"].map((domain) => ({ relayId, domain, ...data })),
  );
  await db.relayDomain.createMany({ data: rows });
  const left = async () => {
    const found = await db.relayDomain.findMany({ where: { relayId: { in: [one, other] } } });
    return found.filter((row) => row.perDay === (data.perDay ?? null) && row.slowUntil !== null).length;
  };
  return { one, left, count: () => db.relayDomain.count({ where: { relayId: { in: [one, other] } } }) };
}
const soon = () => new Date(Date.now() + 3_600_000);

test("limits are removed from one domain of one relay", async () => {
  const slowed = await fourDomains({ perDay: 50, learnedPerMinute: 2, slowUntil: soon() });
  assert.equal((await removeDomainLimits(slowed.one, "gmail.com", null)).ok, true);
  assert.deepEqual([await slowed.count(), await slowed.left()], [4, 3], "the slow-down stays");
  assert.equal(
    (await removeDomainLimits(slowed.one, "gmail.com", null)).ok,
    false,
    "nothing of ours is left",
  );
  const lapsed = await fourDomains({ perDay: 50, slowUntil: new Date(Date.now() - 1_000) });
  assert.equal((await removeDomainLimits(lapsed.one, "gmail.com", null)).ok, true);
  assert.deepEqual([await lapsed.count(), await lapsed.left()], [3, 3]);
  const plain = await fourDomains({ perDay: 50 });
  assert.equal((await removeDomainLimits(plain.one, "gmail.com", null)).ok, true);
  assert.equal(await plain.count(), 3);
});

test("a slow-down is forgotten for one domain of one relay", async () => {
  const limited = await fourDomains({ perDay: 50, learnedPerMinute: 2, slowUntil: soon() });
  assert.equal((await forgetSlowDown(limited.one, "gmail.com", null)).ok, true);
  assert.deepEqual([await limited.count(), await limited.left()], [4, 3]);
  assert.equal((await forgetSlowDown(limited.one, "gmail.com", null)).ok, false, "once");
  const taught = await fourDomains({ learnedPerMinute: 2, slowUntil: soon() });
  assert.equal((await forgetSlowDown(taught.one, "gmail.com", null)).ok, true);
  assert.deepEqual([await taught.count(), await taught.left()], [3, 3]);
  const blamed = await fourDomains({});
  assert.equal((await forgetSlowDown(blamed.one, "gmail.com", null)).ok, false, "nobody slowed it");
  assert.equal(await blamed.count(), 4);
});
