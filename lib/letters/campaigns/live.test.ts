import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { findCampaignLive } from "#lib/letters/campaigns/live";
import { pauseCampaign } from "#lib/letters/campaigns/mutations";
import { waitingReason } from "#lib/letters/campaigns/waiting";
import { findRelayLive } from "#lib/letters/relays/live";
import { sql } from "#lib/machine/db";
import { addDeliveries, sendingCampaign } from "#testing/deliveries";

const alive = () => sql`insert into workers (id, hostname, pid) values (gen_random_uuid(), 'here', 1)`;
const use = (relay: number, campaign: number, n: number, ago: string, outcome = "sent") => sql`
  insert into relay_usage (relay_id, bucket, shard, campaign_id, outcome, n)
  values (${relay}, date_bin('10 seconds', now() - ${ago}::interval, 'epoch'), 0, ${campaign}, ${outcome}, ${n})`;
const live = async (id: number) => {
  const found = await findCampaignLive(id);
  assert.ok(found);
  return found;
};

test("a draft has no live view", async () => {
  assert.equal(await findCampaignLive(999_999), null);
});

test("a campaign says its rate, what waits and until when", async () => {
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 30 });
  assert.deepEqual((await live(campaign)).forecast, { unforeseen: "noWorker" });
  assert.equal(waitingReason((await live(campaign)).facts)?.kind, "noWorker");
  await alive();
  assert.deepEqual((await live(campaign)).forecast, { unforeseen: "neverMeasured" });
  await use(relay, campaign, 12, "20 seconds");
  await use(relay, campaign, 7, "20 minutes");
  await use(relay, campaign, 3, "20 minutes", "refused");
  await sql`update deliveries set due_at = now() + interval '2 hours', reason = 'greylisted'
    where campaign_id = ${campaign} and id in (select id from deliveries where campaign_id = ${campaign} order by id limit 4)`;
  const now = await live(campaign);
  assert.deepEqual([now.waiting, now.due, now.later, now.atLeast], [30, 26, 4, false]);
  assert.ok(now.rate >= 10 && now.rate <= 12, `${now.rate}`);
  assert.deepEqual(
    now.minutes.map(({ sent, refused }) => [sent, refused]),
    [
      [7, 3],
      [12, 0],
    ],
  );
  assert.ok(now.forecast && "at" in now.forecast);
  assert.equal(now.forecast.atLeast, true, "the postponed ones decide");
  assert.ok(Math.abs(now.forecast.at.getTime() - Date.now() - 2 * 3_600_000) < 60_000);
  await sql`update deliveries set due_at = now() + interval '1 hour' where campaign_id = ${campaign}`;
  assert.equal(waitingReason((await live(campaign)).facts)?.kind, "postponed");
});

test("the forecast counts the other campaigns of the relay, and what the windows hold", async () => {
  const { campaign, relay, identity, content } = await sendingCampaign({
    port: 1,
    recipients: 60,
    perMinute: 70,
  });
  const at = async () => {
    const { forecast } = await live(campaign);
    assert.ok(forecast && "at" in forecast);
    return (forecast.at.getTime() - Date.now()) / 60_000;
  };
  const alone = await at();
  assert.ok(alone > 0.8 && alone < 1.2, `${alone}`);
  const other = await sendingCampaign({ port: 1, recipients: 600 });
  await sql`update campaigns set identity_id = ${identity} where id = ${other.campaign}`;
  assert.ok((await at()) > 1.8, "half of the way each");
  const shown = await findRelayLive(relay);
  assert.deepEqual(
    shown?.campaigns.map(({ id, queued }) => [id, queued]),
    [
      [campaign, 60],
      [other.campaign, 600],
    ],
  );
  await addDeliveries(campaign, content, 61, 1_200);
  const many = await live(campaign);
  assert.deepEqual([many.due, many.later, many.atLeast], [1_200, 0, false]);
});

test("who paused it is known while it is paused", async () => {
  const { campaign } = await sendingCampaign({ port: 1, recipients: 1 });
  const [user] = await sql<{ id: number }>`
    insert into users (name, email, role) values ('Claire', 'claire@src.example', 'teacher') returning id`;
  await sql`update campaigns set status = 'paused', paused_at = now() where id = ${campaign}`;
  assert.equal(waitingReason((await live(campaign)).facts)?.kind, "paused");
  await sql`update campaigns set status = 'sending', paused_at = null where id = ${campaign}`;
  assert.ok((await pauseCampaign(campaign, user?.id ?? 0)).ok);
  await sql`truncate audit_entries cascade`;
  assert.deepEqual(waitingReason((await live(campaign)).facts), {
    kind: "pausedBy",
    tone: "stopped",
    who: "Claire",
  });
  assert.deepEqual((await live(campaign)).forecast, { unforeseen: "campaignPaused" });
});

test("a fallback that carries it is named, and a relay paused by people hands nothing over", async () => {
  const { campaign, relay, identity } = await sendingCampaign({ port: 1, recipients: 5 });
  const second = await sendingCampaign({ port: 1, recipients: 1 });
  await sql`insert into identity_fallbacks (identity_id, position, relay_id) values (${identity}, 1, ${second.relay})`;
  const pause = (reason: string) => sql`update relays set pause_reason = ${reason} where id = ${relay}`;
  await pause("rate-limited");
  const carried = await live(campaign);
  assert.equal(carried.relay?.id, second.relay);
  assert.equal(waitingReason(carried.facts)?.kind, "fallback");
  await pause("staff");
  const stopped = await live(campaign);
  assert.equal(stopped.relay?.id, relay);
  assert.equal(waitingReason(stopped.facts)?.kind, "relayStaff");
  assert.deepEqual(stopped.forecast, { unforeseen: "relayPaused" });
});

test("a relay's windows count by hand, in flight and the letters' share", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 3 });
  await sql`update relays set per_minute = 20, per_hour = 100, per_day = 400 where id = ${relay}`;
  await use(relay, campaign, 5, "5 seconds");
  await use(relay, 0, 10, "30 minutes", "byHand");
  await use(relay, 0, 40, "5 hours", "byHand");
  await use(relay, campaign, 40, "30 hours");
  await sql`update deliveries set relay_id = ${relay}, lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute'
    where campaign_id = ${campaign}`;
  const shown = await findRelayLive(relay);
  assert.equal(shown?.held, 3);
  assert.deepEqual(shown?.windows, [
    { name: "minute", limit: 20, used: 5, byHand: 0, kept: 0, left: 12 },
    { name: "hour", limit: 100, used: 15, byHand: 10, kept: 5, left: 77 },
    { name: "day", limit: 400, used: 55, byHand: 50, kept: 20, left: 322 },
  ]);
});

test("its cost does not grow with the queue", async () => {
  const { campaign, content } = await sendingCampaign({ port: 1, recipients: 1 });
  await sql`
    insert into deliveries (campaign_id, content_id, address, address_hash, due_at)
    select ${campaign}, ${content}, 'm' || n || '@c.example', sha256(n::text::bytea), now() + (n - 30000) * interval '1 second'
    from generate_series(1, 60000) n`;
  await sql`analyze deliveries`;
  const begun = performance.now();
  const found = await live(campaign);
  const spent = performance.now() - begun;
  assert.equal(found.atLeast, true);
  assert.ok(spent < 150, `${spent} ms`);
});
