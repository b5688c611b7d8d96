import "#lib/test-db";
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/db";
import { sendingCampaign } from "#lib/deliveries/fixtures";
import { pauseRelay } from "#lib/relays/mutations";
import { mindRecipient, pauseRelayFor, recordBlame, slowDomain } from "#lib/relays/pause";

after(disconnect);

const state = async (relay: number) => {
  const [row] = await sql<{ wait: number; reason: string; strikes: number; probing: boolean; told: number }>`
    select coalesce(least(1e6, round(extract(epoch from paused_until - clock_timestamp())))::int, 0) as wait, pause_reason as reason, strikes, probing,
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
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    await pauseRelayFor(relay, rate);
    waits.push((await state(relay)).wait);
    await over(relay);
  }
  assert.deepEqual(waits, [900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400, 86_400]);
  assert.equal((await state(relay)).told, 1);
  await pauseRelayFor(relay, { seconds: 60, reason: "notReadable" });
  assert.equal((await state(relay)).told, 2, "another reason is news");
  await sql`update relays set paused_until = null, struck_at = now() - interval '25 hours', pause_reason = 'rate-limited' where id = ${relay}`;
  await pauseRelayFor(relay, rate);
  assert.equal((await state(relay)).wait, 900, "a day later it starts anew");
});

test("a longer pause replaces a shorter one; nothing replaces a pause by people", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 0 });
  await pauseRelayFor(relay, { seconds: 15, reason: "connectionLost" });
  await pauseRelayFor(relay, { seconds: 86_400, reason: "sending-limit" });
  await pauseRelayFor(relay, { seconds: 15, reason: "connectionLost" });
  assert.equal((await state(relay)).reason, "sending-limit");
  await pauseRelay(relay);
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
  await sql`update relays set paused_until = null, learned_per_day = null, learned_until = null where id = ${relay}`;
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
  for (let i = 0; i < 4; i++) await mindRecipient(relay, "a@Free.example");
  assert.deepEqual(await domain(), { rate: null, wait: null }, "one busy mailbox is not its domain");
  await Promise.all([mindRecipient(relay, "a@Free.example"), slowDomain(relay, "free.example")]);
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
