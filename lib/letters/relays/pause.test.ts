import "#testing/database";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pauseRelay } from "#lib/letters/relays/mutations";
import {
  isAccepting,
  pauseRelayFor,
  recentOutcomes,
  recentOutcomesOf,
  recordBlame,
  recordThrottled,
  slowDomain,
} from "#lib/letters/relays/pause";
import { disconnect, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

const state = async (relay: number) => {
  const [row] = await sql<{
    wait: number | null;
    reason: string;
    strikes: number;
    probing: boolean;
    told: number;
  }>`
    select case when paused_until is null then null else least(1e6, round(extract(epoch from paused_until - clock_timestamp())))::int end as wait, pause_reason as reason, strikes, probing,
      (select count(*)::int from notices where kind = 'relayPaused' and (data ->> 'relayId')::int = r.id) as told
    from relays r where id = ${relay}`;
  if (!row) throw new Error("no relay");
  return row;
};
const over = (relay: number) => sql`update relays set paused_until = clock_timestamp() where id = ${relay}`;
const rate = { seconds: 900, reason: "rate-limited", grows: true } as const;

test("connections that meet a fault together pause the relay once, and people are told once", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  await Promise.all(Array.from({ length: 5 }, () => pauseRelayFor(relay, rate)));
  assert.deepEqual(await state(relay), {
    wait: 900,
    reason: "rate-limited",
    strikes: 1,
    probing: true,
    told: 1,
  });
});

test("the same fault again within a day pauses twice as long, up to a day, without another alert", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  const waits: (number | null)[] = [];
  for (let i = 0; i < 9; i++) {
    await pauseRelayFor(relay, rate);
    waits.push((await state(relay)).wait);
    await over(relay);
  }
  assert.deepEqual(waits, [900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 86_400]);
  assert.equal((await state(relay)).told, 1);
  await pauseRelayFor(relay, { seconds: 60, reason: "notReadable" });
  assert.equal((await state(relay)).told, 2, "another reason is news");
  await sql`update relays set paused_until = now() - interval '24 hours', struck_at = now() - interval '25 hours', pause_reason = 'rate-limited' where id = ${relay}`;
  await pauseRelayFor(relay, rate);
  assert.equal((await state(relay)).wait, 900, "a day later it starts anew");
});

test("a pause without a date lasts until somebody acts: one with a date does not replace it", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  await pauseRelayFor(relay, rate);
  await pauseRelayFor(relay, { seconds: null, reason: "not-connected" });
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit" });
  const { wait, reason, told } = await state(relay);
  assert.deepEqual({ wait, reason, told }, { wait: null, reason: "not-connected", told: 2 });
  await pauseRelayFor(relay, { seconds: null, reason: "access-revoked" });
  assert.equal((await state(relay)).reason, "access-revoked", "what must be mended last is said");
});

test("a longer pause replaces a shorter one; nothing replaces a pause by people", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  await pauseRelayFor(relay, { seconds: 15, reason: "connectionLost" });
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit" });
  await pauseRelayFor(relay, { seconds: 15, reason: "connectionLost" });
  assert.equal((await state(relay)).reason, "sending-limit");
  await pauseRelay(relay, null);
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit" });
  assert.equal((await state(relay)).reason, "staff");
});

test("a hiccup is told when it lasts", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  const lost = { seconds: 15, reason: "connectionLost", grows: true, longest: 900, tellAt: 4 } as const;
  const told: number[] = [];
  for (let i = 0; i < 5; i++) {
    await pauseRelayFor(relay, lost);
    told.push((await state(relay)).told);
    await over(relay);
  }
  assert.deepEqual(told, [0, 0, 0, 1, 1]);
});

test("a fault teaches a limit from what was sent until then", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  await sql`
    insert into relay_usage (relay_id, bucket, shard, outcome, n)
    values (${relay}, date_bin('10 seconds', now(), 'epoch'), 0, 'sent', 40), (${relay}, now() - interval '3 hours', 0, 'byHand', 360)`;
  const learned = async () =>
    (
      await sql`select learned_connections, learned_per_minute, learned_per_day from relays where id = ${relay}`
    )[0];
  await pauseRelayFor(relay, { ...rate, lesson: "minute" });
  assert.deepEqual(await learned(), {
    learned_connections: null,
    learned_per_minute: 20,
    learned_per_day: null,
  });
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit", lesson: "day" });
  assert.deepEqual(await learned(), {
    learned_connections: null,
    learned_per_minute: 20,
    learned_per_day: 380,
  });
  // A day later the account is still blocked, because people used it: our own empty window teaches nothing.
  await sql`delete from relay_usage where relay_id = ${relay}`;
  await sql`update relays set pause_reason = null, paused_until = null, learned_per_day = null, learned_until = null where id = ${relay}`;
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit", lesson: "day" });
  assert.equal((await learned())?.learned_per_day, null);
});

test("a domain that asks for less gets less, longer each time", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  const domain = async () =>
    (
      await sql<{ rate: number; wait: number }>`
        select learned_per_minute as rate, round(extract(epoch from slow_until - clock_timestamp()))::int as wait
        from relay_domains where relay_id = ${relay} and domain = 'free.example'`
    )[0];
  for (let i = 0; i < 4; i++) await recordThrottled(relay, "a@Free.example");
  assert.deepEqual(await domain(), { rate: null, wait: null }, "one busy mailbox is not its domain");
  await Promise.all([recordThrottled(relay, "a@Free.example"), slowDomain(relay, "free.example")]);
  assert.deepEqual(await domain(), { rate: 10, wait: 900 });
  await sql`
    insert into relay_usage (relay_id, bucket, shard, domain, outcome, n)
    values (${relay}, date_bin('10 seconds', now(), 'epoch'), 0, 'free.example', 'sent', 8)`;
  await sql`update relay_domains set slow_until = now() + interval '5 minutes' where relay_id = ${relay}`;
  await slowDomain(relay, "free.example");
  assert.deepEqual(await domain(), { rate: 4, wait: 1_800 });
});

test("a domain that alone keeps blaming us is at fault itself; a relay that blames us everywhere is not excused", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  const sent = (domain: string) =>
    sql`insert into relay_usage (relay_id, bucket, shard, domain, outcome, n)
      values (${relay}, clock_timestamp() + interval '1 second', 0, ${domain}, 'sent', 1)`;
  assert.equal(await recordBlame(relay, "a@strict.example"), false, "the first time");
  assert.equal(await recordBlame(relay, "b@strict.example"), false, "nobody else got through since");
  await sent("");
  assert.equal(await recordBlame(relay, "c@strict.example"), true);
  await sent("strict.example");
  assert.equal(await recordBlame(relay, "d@strict.example"), false, "it took some too: a limit of ours");
});

type Use = {
  campaign?: number;
  domain?: string;
  outcome?: string;
  reason?: string;
  /** Seconds since. */
  ago?: number;
  n?: number;
};
const use = (
  relay: number,
  { campaign = 0, domain = "", outcome = "sent", reason = "", ago = 0, n = 1 }: Use,
) =>
  sql`insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, reason, n)
    values (${relay}, date_trunc('second', clock_timestamp()) - make_interval(secs => ${ago}), 0, ${campaign}, ${domain}, ${outcome}, ${reason}, ${n})`;
const relayOf = async () => (await sendingCampaign({ port: 1, recipients: 0 })).relay;

test("a pause is one relay's, and a relay that is gone has none", async () => {
  const [paused, other, gone] = [await relayOf(), await relayOf(), await relayOf()];
  await sql`update relays set archived_at = now() where id = ${gone}`;
  await pauseRelayFor(paused, { ...rate, lesson: "minute" });
  await pauseRelayFor(gone, rate);
  for (const relay of [other, gone])
    assert.deepEqual(await state(relay), {
      wait: null,
      reason: null,
      strikes: 0,
      probing: false,
      told: 0,
    });
  const taught = await sql`select 1 from relays where id = ${other} and learned_until is not null`;
  assert.equal(taught.length, 0);
});

test("a lesson counts this relay's last minute or day, and lets the lapsed ones go", async () => {
  const [relay, other] = [await relayOf(), await relayOf()];
  const learned = async () =>
    (
      await sql<{ c: number; m: number; d: number; days: number }>`
        select learned_connections as c, learned_per_minute as m, learned_per_day as d,
          round(extract(epoch from learned_until - clock_timestamp()) / 86400)::int as days from relays where id = ${relay}`
    )[0];
  await use(other, { n: 1_000 });
  await use(relay, { n: 30 });
  await use(relay, { n: 70, ago: 120, domain: "a.example" });
  await use(relay, { n: 500, ago: 25 * 3600, domain: "a.example" });
  await pauseRelayFor(relay, { ...rate, lesson: "minute" });
  assert.deepEqual(await learned(), { c: null, m: 15, d: null, days: 1 });
  await pauseRelayFor(relay, { ...rate, lesson: "connections" });
  assert.deepEqual(await learned(), { c: 1, m: 15, d: null, days: 1 });
  await pauseRelayFor(relay, { ...rate, lesson: "day" });
  assert.deepEqual(await learned(), { c: 1, m: 15, d: 95, days: 7 });
  await pauseRelayFor(relay, { ...rate, lesson: "minute" });
  assert.deepEqual(await learned(), { c: 1, m: 15, d: 95, days: 7 }, "the longer of the two stays");
  await sql`update relays set learned_until = now() - interval '1 minute' where id = ${relay}`;
  await pauseRelayFor(relay, { ...rate, lesson: "minute" });
  assert.deepEqual(await learned(), { c: null, m: 15, d: null, days: 1 }, "lapsed");
  await sql`update relays set learned_until = now() - interval '1 minute' where id = ${relay}`;
  await pauseRelayFor(relay, { ...rate, lesson: "connections" });
  assert.deepEqual(await learned(), { c: 1, m: null, d: null, days: 1 }, "lapsed too");
});

test("five busy mailboxes slow their domain when they come within ten minutes of the first", async () => {
  const relay = await relayOf();
  const later = (minutes: number) =>
    sql`update relay_domains set throttled_since = throttled_since - make_interval(mins => ${minutes}) where relay_id = ${relay}`;
  const throttle = async (times: number) => {
    for (let i = 0; i < times; i++) await recordThrottled(relay, `${i}@free.example`);
    const [row] = await sql<{ slow: boolean }>`
      select slow_until is not null as slow from relay_domains where relay_id = ${relay}`;
    return row?.slow;
  };
  assert.equal(await throttle(2), false);
  await later(6);
  assert.equal(await throttle(2), false);
  await later(6);
  assert.equal(await throttle(4), false, "the first was twelve minutes ago");
  await later(6);
  assert.equal(await throttle(1), true);
});

test("a domain is slowed by what it alone got through this relay in the last minute, anew after a day", async () => {
  const [relay, other] = [await relayOf(), await relayOf()];
  const domain = "free.example";
  const slowed = async () =>
    (
      await sql<{ rate: number; wait: number; strikes: number }>`
        select learned_per_minute as rate, round(extract(epoch from slow_until - clock_timestamp()))::int as wait, strikes
        from relay_domains where relay_id = ${relay} and domain = ${domain}`
    )[0];
  const lapse = (hours: number) =>
    sql`update relay_domains set slow_until = now() - make_interval(hours => ${hours}) where relay_id = ${relay}`;
  await use(relay, { domain: "elsewhere.example", n: 50 });
  await use(other, { domain, n: 70 });
  await use(relay, { domain, n: 90, ago: 70 });
  await slowDomain(relay, domain);
  await lapse(1);
  await slowDomain(relay, domain);
  assert.deepEqual(await slowed(), { rate: 10, wait: 1_800, strikes: 2 }, "nothing was counted");
  await slowDomain(relay, domain);
  assert.deepEqual(await slowed(), { rate: 10, wait: 1_800, strikes: 2 }, "one bad minute is one strike");
  await use(relay, { domain, n: 8 });
  await lapse(1);
  await slowDomain(relay, domain);
  assert.deepEqual(await slowed(), { rate: 4, wait: 3_600, strikes: 3 });
  await lapse(25);
  await slowDomain(relay, domain);
  assert.deepEqual(await slowed(), { rate: 4, wait: 900, strikes: 1 });
});

test("blame is a domain's own by what this relay delivered since it last blamed us, within a day", async () => {
  const [relay, other] = [await relayOf(), await relayOf()];
  const blame = (domain = "strict.example") => recordBlame(relay, `a@${domain}`);
  const since = { ago: -1 };
  await use(relay, { ago: 60 });
  await use(relay, { domain: "strict.example", ago: 60 });
  assert.equal(await blame(), false);
  await use(other, since);
  assert.equal(await blame(), false, "another relay delivered");
  await use(relay, { ...since, outcome: "refused" });
  assert.equal(await blame(), false, "nobody was delivered to since");
  assert.equal(await blame("lax.example"), false);
  await use(relay, since);
  assert.equal(await blame("new.example"), false, "its first time");
  assert.equal(await blame(), true);
  await sql`update relay_domains set blamed_at = now() - interval '25 hours' where domain = 'strict.example'`;
  await sql`delete from relay_usage where domain = 'strict.example'`;
  assert.equal(await blame(), false, "a day ago is not again");
});

test("a relay takes messages when it took one within two minutes", async () => {
  const [relay, other] = [await relayOf(), await relayOf()];
  await use(other, {});
  await use(relay, { outcome: "refused" });
  await use(relay, { ago: 125 });
  assert.equal(await isAccepting(relay), false);
  await use(relay, { ago: 100 });
  assert.equal(await isAccepting(relay), true);
});

test("the circuit looks at ten minutes of a relay, or of a campaign since it was last resumed", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 0 });
  const another = await sendingCampaign({ port: 1, recipients: 0 });
  await use(relay, { campaign, n: 2 });
  await use(relay, { campaign, n: 3, outcome: "refused", reason: "policy" });
  await use(relay, { campaign, n: 5, outcome: "unknown" });
  await use(relay, { campaign, n: 7, ago: 700 });
  await use(relay, { campaign: another.campaign, n: 11 });
  await use(another.relay, { campaign: another.campaign, n: 13 });
  const sums = async (rows: Promise<{ outcome: string; reason: string; n: number }[]>) =>
    (await rows).map(({ outcome, reason, n }) => `${n} ${outcome} ${reason}`.trim()).sort();
  assert.deepEqual(await sums(recentOutcomes(relay)), ["13 sent", "3 refused policy"]);
  assert.deepEqual(await sums(recentOutcomesOf(campaign)), ["2 sent", "3 refused policy"]);
  await sql`update campaigns set resumed_at = clock_timestamp() where id = ${campaign}`;
  assert.deepEqual(await sums(recentOutcomesOf(campaign)), []);
});
