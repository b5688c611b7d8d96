/** What a lease and the sweep promise, seen from outside: whose is prolonged, given back, or given up as unknown. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { claim, release, renewLeases, sweepLost } from "#lib/letters/deliveries/claim";
import { disconnect, sql, sqlOn, transaction } from "#lib/machine/db";
import { claimed, type Made, make, nth, rowOf } from "#testing/claims";
import { within } from "#testing/journal";

after(disconnect);
afterEach(() => sql`update campaigns set status = 'paused' where status = 'sending'`);

describe("a lease", { timeout: 30_000 }, () => {
  const untilOf = async (made: Made) =>
    Object.fromEntries(
      (
        await sql<{ address: string; until: number | null }>`
      select address, extract(epoch from lease_until - now())::float8 as until from deliveries where campaign_id = ${made.campaign}`
      ).map(({ address, until }) => [address, until]),
    );
  const lapse = (address: string, seconds: number) =>
    sql`update deliveries set lease_until = now() + make_interval(secs => ${seconds}) where address = ${address}`;

  test("is prolonged for its holder alone, while it lives and what it holds is not decided", async () => {
    const made = await make(5);
    const claims = await claim(made.relay, 5);
    for (const { address } of claims) await lapse(address, 2);
    await lapse(nth(made, 1), -1);
    await sql`update deliveries set status = 'unknown', unknown_at = now() where address = ${nth(made, 2)}`;
    await sql`update deliveries set lease_token = gen_random_uuid() where address = ${nth(made, 3)}`;
    const asked = claims.filter(({ address }) => address !== nth(made, 5));
    const kept = await renewLeases(asked);
    assert.deepEqual(
      claims.filter(({ id }) => kept.has(id)).map(({ address }) => address),
      [nth(made, 4)],
    );
    const until = await untilOf(made);
    assert.ok((until[nth(made, 4)] ?? 0) > 5);
    for (const n of [1, 2, 3, 5]) assert.ok((until[nth(made, n)] ?? 9) < 5, `r${n}`);
  });

  test("is given back alone, by its holder, and not once announced", async () => {
    const made = await make(4);
    const [one, announced, stolen, ...rest] = await claim(made.relay, 4);
    if (!one || !announced || !stolen) throw new Error("not claimed");
    await sql`update deliveries set status = 'sending' where id = ${announced.id}`;
    await sql`update deliveries set lease_token = gen_random_uuid() where id = ${stolen.id}`;
    await release([]);
    await release([one, announced, stolen]);
    const until = await untilOf(made);
    assert.equal(until[one.address], null);
    for (const { address } of [announced, stolen, ...rest]) assert.notEqual(until[address], null, address);
    assert.deepEqual(await claimed(made.relay), [one.address]);
  });
});

describe("the sweep", { timeout: 30_000 }, () => {
  /** Announced, with a lease of so many seconds. */
  const announce = (address: string, seconds: number) => sql`
    update deliveries set status = 'sending', attempts = 1, announced_at = now(), lease_until = now() + make_interval(secs => ${seconds})
    where address = ${address}`;
  const statusesOf = async (made: Made, ...n: number[]) =>
    Promise.all(n.map(async (one) => (await rowOf(nth(made, one))).status));

  test("gives up what was announced by a worker that is gone, and touches nothing that lives", async () => {
    const made = await make(4);
    await claim(made.relay, 3);
    await announce(nth(made, 1), -1);
    await announce(nth(made, 2), 60);
    await sql`update deliveries set lease_until = now() - interval '1 second' where address = ${nth(made, 3)}`;
    assert.equal(await sweepLost(), 1);
    assert.deepEqual(await statusesOf(made, 1, 2, 3, 4), ["unknown", "sending", "queued", "queued"]);
    assert.equal((await rowOf(nth(made, 1))).reason, "workerLost");
    const used = await sql`select outcome, domain, n from relay_usage where relay_id = ${made.relay}`;
    assert.deepEqual(used, [{ outcome: "unknown", domain: `c${made.campaign}.example`, n: 1 }]);
    const log = await sql`
      select d.address, a.n, a.outcome from attempts a join deliveries d on d.id = a.delivery_id where d.campaign_id = ${made.campaign}`;
    assert.deepEqual(log, [{ address: nth(made, 1), n: 1, outcome: "unknown" }]);
    assert.equal(await sweepLost(), 0);
  });

  test("does not wait for a row that the journal is writing", async () => {
    const made = await make(2);
    await claim(made.relay, 2);
    for (const n of [1, 2]) await announce(nth(made, n), -1);
    await transaction(async (client) => {
      await sqlOn(client)`select id from deliveries where address = ${nth(made, 1)} for update`;
      assert.equal(await within(sweepLost()), 1);
    });
    assert.deepEqual(await statusesOf(made, 1, 2), ["sending", "unknown"]);
    assert.equal(await sweepLost(), 1);
  });
});
