import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { claim, renewLeases } from "#lib/letters/deliveries/claim";
import { listSendingRelays } from "#lib/letters/relays/access";
import { pauseRelay, resumeRelay } from "#lib/letters/relays/mutations";
import { pauseRelayFor } from "#lib/letters/relays/pause";
import { disconnect, sql, sqlOn, transaction } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

/** A campaign whose identity has two relays to fall back on, in this order. */
async function withFallbacks() {
  const own = await sendingCampaign({ port: 1, recipients: 20 });
  const [second, third] = await sql<{ id: number }>`
    insert into relays (name, kind, host, port, security) values ('b', 'smtp', '127.0.0.1', 1, 'none'), ('c', 'smtp', '127.0.0.1', 1, 'none') returning id`;
  if (!second || !third) throw new Error("no relays");
  await sql`
    insert into identity_fallbacks (identity_id, position, relay_id)
    values (${own.identity}, 1, ${second.id}), (${own.identity}, 2, ${third.id})`;
  return { relay: own.relay, second: second.id, third: third.id };
}
const serving = async (...relays: number[]) =>
  (await listSendingRelays()).map(({ id }) => id).filter((id) => relays.includes(id));

test("a relay that cannot send hands over to the next, and takes its mail back", async () => {
  const { relay, second, third } = await withFallbacks();
  const all = [relay, second, third] as const;
  assert.deepEqual(await serving(...all), [relay]);
  assert.equal((await claim(second, 5)).length, 0, "not before its turn");
  await pauseRelayFor(relay, { seconds: 900, reason: "rate-limited" });
  assert.deepEqual(await serving(...all), [second]);
  assert.equal((await claim(second, 5)).length, 5);
  await sql`update relays set spent_until = now() + interval '1 hour', spent_window = 'day' where id = ${second}`;
  assert.deepEqual(await serving(...all), [third]);
  await sql`update relays set spent_window = 'minute' where id = ${second}`;
  assert.deepEqual(await serving(...all), [], "a minute is worth waiting for");
  await sql`update relays set archived_at = now() where id = ${second}`;
  assert.deepEqual(await serving(...all), [third]);
  await resumeRelay(relay, null);
  assert.deepEqual(await serving(...all), [relay]);
});

test("a relay that people paused keeps its mail", async () => {
  const { relay, second, third } = await withFallbacks();
  await pauseRelay(relay, null);
  assert.deepEqual(await serving(relay, second, third), []);
  assert.equal((await claim(second, 5)).length, 0);
});

test("campaigns of one relay share its permits, down to one at a time", async () => {
  const first = await sendingCampaign({ port: 1, recipients: 60 });
  const second = await sendingCampaign({ port: 1, recipients: 60 });
  await sql`update identities set relay_id = ${first.relay} where id = ${second.identity}`;
  const count = (claims: { contentId: number }[]) =>
    claims.filter(({ contentId }) => contentId === first.content).length;
  assert.equal(count(await claim(first.relay, 40)), 20);
  const one: number[] = [];
  for (let i = 0; i < 30; i++) one.push(count(await claim(first.relay, 1)));
  const share = one.reduce((sum, n) => sum + n, 0);
  // By lot: outside these bounds once in a million runs.
  assert.ok(share >= 3 && share <= 27, `${share} of 30`);
});

test("leases are prolonged without waiting for a row the journal is writing", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 3 });
  const claims = await claim(relay, 3);
  const busy = claims[1]?.id ?? 0;
  await transaction(async (client) => {
    await sqlOn(client)`update deliveries set lease_until = lease_until where id = ${busy}`;
    const kept = await renewLeases(claims);
    assert.deepEqual(
      [...kept].sort((a, b) => a - b),
      claims.map(({ id }) => id).filter((id) => id !== busy),
    );
  });
  assert.equal((await renewLeases(claims)).size, 3);
});
