/** The ledger's windows and leases, one at a time: what each counts, and whose. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { forgetOldUsage, freeSlot, renewSlots, takePermits, takeSlots } from "#lib/letters/ledger/usage";
import { disconnect, sql, transaction } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";
import { untilBlocked } from "#testing/until";

after(disconnect);

const permits = (relay: number, wanted = 100) => transaction((client) => takePermits(client, relay, wanted));
const mailings = async (relay: number) => (await permits(relay)).mailings;
const HOUR = 3_600;

type Use = { n: number; ago?: number; domain?: string };
const use = (relay: number, { n, ago = 0, domain = "" }: Use) =>
  sql`insert into relay_usage (relay_id, bucket, shard, domain, outcome, n)
    values (${relay}, date_trunc('second', clock_timestamp()) - make_interval(secs => ${ago}), 0, ${domain}, 'sent', ${n})`;
const ready = async (recipients = 0) => sendingCampaign({ port: 1, recipients });
const setLimits = (relay: number, { minute, hour, day }: { minute?: number; hour?: number; day?: number }) =>
  sql`update relays set per_minute = ${minute ?? null}::int, per_hour = ${hour ?? null}::int, per_day = ${day ?? null}::int where id = ${relay}`;
const spent = async (relay: number) => {
  const [row] = await sql<{ window: string | null; wait: number }>`
    select spent_window as window, round(extract(epoch from spent_until - clock_timestamp()))::int as wait
    from relays where id = ${relay}`;
  return row ?? { window: null, wait: 0 };
};

test("a relay that is gone or paused permits nothing, and one whose pause is over permits again", async () => {
  const { relay } = await ready();
  assert.deepEqual(await permits(relay), { letters: 100, mailings: 100, domains: [] });
  await sql`update relays set pause_reason = 'circuit', paused_until = now() + interval '1 minute' where id = ${relay}`;
  assert.equal(await mailings(relay), 0);
  await sql`update relays set paused_until = now() - interval '1 second' where id = ${relay}`;
  assert.equal(await mailings(relay), 100);
  await sql`update relays set archived_at = now() where id = ${relay}`;
  assert.equal(await mailings(relay), 0);
});

test("each window counts what this relay sent within it, and ten seconds more", async () => {
  const [{ relay }, other] = [await ready(), await ready()];
  await use(other.relay, { n: 10_000 });
  const windows = [
    { limit: { minute: 60 }, seconds: 60, kept: 0 },
    { limit: { hour: 60 }, seconds: HOUR, kept: 3 },
    { limit: { day: 60 }, seconds: 24 * HOUR, kept: 3 },
  ];
  for (const { limit, seconds, kept } of windows) {
    await sql`delete from relay_usage where relay_id = ${relay}`;
    await setLimits(relay, limit);
    await use(relay, { n: 7, ago: seconds + 5 });
    await use(relay, { n: 20, ago: seconds + 15 });
    const { letters, mailings } = await permits(relay);
    assert.deepEqual([letters, mailings], [53, 53 - kept], JSON.stringify(limit));
  }
  await setLimits(relay, { minute: 50, hour: 40, day: 30 });
  assert.equal((await permits(relay)).letters, 23, "the least of the three decides");
  assert.equal((await permits(relay, 5)).letters, 5, "no more than wanted");
});

test("what is leased or announced holds its permit, on this relay alone, until the lease is over", async () => {
  const { relay, campaign } = await ready(8);
  const other = await ready(3);
  await setLimits(relay, { minute: 50 });
  const hold = (id: number, n: number, status: string, lease: number | null, via: number) => sql`
    update deliveries set status = ${status}::"DeliveryStatus", relay_id = ${via}, lease_token = gen_random_uuid(),
      lease_until = clock_timestamp() + make_interval(secs => ${lease}::float8)
    where id in (select id from deliveries where campaign_id = ${id} and relay_id is null order by id limit ${n})`;
  await hold(other.campaign, 3, "queued", 60, other.relay);
  await hold(campaign, 1, "queued", 60, relay);
  assert.equal(await mailings(relay), 49);
  await hold(campaign, 2, "queued", -1, relay);
  assert.equal(await mailings(relay), 49, "a lease that is over holds nothing");
  await hold(campaign, 4, "sending", -1, relay);
  assert.equal(await mailings(relay), 45, "but what was announced may have left");
  await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${campaign} and status = 'sending'`;
  assert.equal(await mailings(relay), 49, "what is settled is counted by the ledger");
});

test("a used window says when its next permit comes: when what is left in it is less than it allows", async () => {
  const [{ relay }, other] = [await ready(), await ready()];
  await use(other.relay, { n: 100, ago: 3_000 });
  await setLimits(relay, { minute: 10, hour: 19 });
  await use(relay, { n: 4, ago: 3_500 });
  await use(relay, { n: 14, ago: 1_800 });
  assert.equal(await mailings(relay), 1);
  assert.equal((await spent(relay)).window, null, "one is left");
  await use(relay, { n: 1, ago: 600 });
  assert.equal(await mailings(relay), 0);
  const state = await spent(relay);
  assert.equal(state.window, "hour");
  assert.ok(Math.abs(state.wait - 110) <= 12, `${state.wait} s until the four leave the window`);
  await use(relay, { n: 4, ago: 300 });
  await sql`update relays set spent_window = null, spent_until = null where id = ${relay}`;
  assert.equal(await mailings(relay), 0);
  assert.ok(Math.abs((await spent(relay)).wait - 1_810) <= 12, "the four make no room: the fourteen do");
  assert.equal((await spent(other.relay)).window, null, "this relay's alone");
});

test("a domain's windows count what it got through this relay since it is limited", async () => {
  const { relay, campaign } = await ready(4);
  const other = await ready();
  const limit = (domain: string, minute: number | null, hour: number | null, via = relay) =>
    sql`insert into relay_domains (relay_id, domain, per_minute, per_hour) values (${via}, ${domain}, ${minute}::int, ${hour}::int)`;
  const domain = `c${campaign}.example`;
  await limit(domain, 20, 80);
  await limit("elsewhere.example", 6, null);
  await limit(domain, 1, null, other.relay);
  await use(relay, { n: 5, ago: 65, domain });
  await use(relay, { n: 3, ago: 75, domain });
  await use(relay, { n: 70, ago: HOUR + 20, domain });
  await use(other.relay, { n: 9, domain });
  const found = async () => {
    const { domains } = await permits(relay);
    return domains.map((one) => [one.domain, one.allowed, one.spacing]).sort();
  };
  assert.deepEqual(await found(), [
    [domain, 15, 45],
    ["elsewhere.example", 6, 10],
  ]);
  await sql`update deliveries set relay_id = ${relay}, lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute'
    where campaign_id = ${campaign} and id % 2 = 0`;
  assert.equal((await found())[0]?.[1], 13, "what is on its way counts");
  await sql`update deliveries set relay_id = ${other.relay}, lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute'
    where campaign_id = ${campaign} and id % 2 = 1`;
  assert.equal((await found())[0]?.[1], 13, "by this relay");
  await sql`update deliveries set lease_token = null, lease_until = null where campaign_id = ${campaign} and id % 2 = 1`;
  await sql`update deliveries set lease_until = now() - interval '1 second' where campaign_id = ${campaign} and lease_until is not null`;
  assert.equal((await found())[0]?.[1], 15);
  await sql`update deliveries set status = 'sending' where campaign_id = ${campaign} and lease_until is not null`;
  assert.equal((await found())[0]?.[1], 13);
  await sql`update relay_domains set per_minute = null, per_hour = null, per_day = 90 where relay_id = ${relay} and domain = ${domain}`;
  await use(relay, { n: 40, ago: 24 * HOUR + 20, domain });
  assert.deepEqual((await found())[0]?.slice(1), [90 - 5 - 3 - 70 - 2, 960]);
  const slow = (until: string) =>
    sql`update relay_domains set learned_per_minute = 2, slow_until = now() + ${until}::interval where relay_id = ${relay} and domain = 'elsewhere.example'`;
  await slow("1 minute");
  assert.deepEqual((await found())[1], ["elsewhere.example", 2, 30]);
  await slow("-1 minute");
  assert.deepEqual((await found())[1], ["elsewhere.example", 6, 10], "lapsed");
  await sql`update relay_domains set per_minute = null, per_hour = null, slow_until = null where relay_id = ${relay}`;
  assert.deepEqual((await found())[1], ["elsewhere.example", 2 ** 30, 0], "no limit any more");
});

test("connections are leased to one worker each, up to what the relay takes, and come back when a lease is over", async () => {
  const [{ relay }, other] = [await ready(), await ready()];
  const [one, two] = [randomUUID(), randomUUID()];
  assert.deepEqual(await takeSlots(other.relay, two, 1), [1]);
  assert.deepEqual(await takeSlots(relay, one, 3), [1, 2, 3]);
  assert.deepEqual(await takeSlots(relay, two, 3), [4], "four in all");
  const lapse = (worker: string) =>
    sql`update relay_slots set lease_until = now() - interval '1 second' where worker_id = ${worker}::uuid and relay_id = ${relay}`;
  await lapse(one);
  assert.deepEqual(await renewSlots(relay, one), [], "too late");
  assert.deepEqual(await renewSlots(relay, two), [4]);
  assert.deepEqual((await takeSlots(relay, two, 10)).sort(), [1, 2, 3]);
  await freeSlot(relay, one, 1);
  await freeSlot(relay, two, 1);
  assert.deepEqual(await renewSlots(other.relay, two), [1]);
  assert.deepEqual((await renewSlots(relay, two)).sort(), [2, 3, 4], "nobody gives another's back");
  await sql`update relays set learned_connections = 1, learned_until = now() - interval '1 day' where id = ${relay}`;
  assert.deepEqual((await renewSlots(relay, two)).length, 3, "a lesson that lapsed");
  assert.deepEqual(await takeSlots(relay, one, 10), [1]);
});

test("two workers who reach for the same connection do not both get it", async () => {
  const { relay } = await ready();
  await sql`update relays set max_connections = 1 where id = ${relay}`;
  const late = await transaction(async (client) => {
    await client.query(
      `insert into relay_slots (relay_id, slot, worker_id, lease_until) values ($1, 1, gen_random_uuid(), now() + interval '1 minute')`,
      [relay],
    );
    const second = takeSlots(relay, randomUUID(), 1);
    await untilBlocked();
    return { second };
  });
  assert.deepEqual(await late.second, []);
});

test("the ledger forgets what no window reaches, and domains that behaved for a day", async () => {
  const { relay } = await ready();
  await use(relay, { n: 5, ago: 9 * 24 * HOUR });
  await use(relay, { n: 1, ago: 7 * 24 * HOUR });
  const domains = {
    limited: { per_minute: 5, slow: 48 },
    behaved: { per_minute: null, slow: 25 },
    never: { per_minute: null, slow: null },
    lately: { per_minute: null, slow: 23 },
  };
  for (const [domain, { per_minute, slow }] of Object.entries(domains))
    await sql`insert into relay_domains (relay_id, domain, per_minute, slow_until)
      values (${relay}, ${domain}, ${per_minute}::int, now() - make_interval(hours => ${slow}::int))`;
  await forgetOldUsage();
  const [left] = await sql<{
    n: number;
  }>`select sum(n)::int as n from relay_usage where relay_id = ${relay}`;
  assert.equal(left?.n, 1, "what was a week ago");
  const rows = await sql<{ domain: string }>`
    select domain from relay_domains where relay_id = ${relay} order by domain`;
  assert.deepEqual(
    rows.map(({ domain }) => domain),
    ["lately", "limited"],
  );
});
