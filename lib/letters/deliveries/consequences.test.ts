import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { resumeCampaign } from "#lib/letters/campaigns/mutations";
import { type Claim, claim } from "#lib/letters/deliveries/claim";
import { applyConsequences } from "#lib/letters/deliveries/consequences";
import { openJournal } from "#lib/letters/deliveries/journal";
import type { Stage } from "#lib/letters/relays/outcome";
import { judgeOutcome } from "#lib/letters/relays/rules";
import { disconnect, sql } from "#lib/machine/db";
import { givePublicAddress, sendingCampaign } from "#testing/deliveries";

after(disconnect);

const journal = openJournal(randomUUID());
const refusedBy = (code: number, text: string, stage: Stage = "envelope") =>
  judgeOutcome({ kind: "refused", stage, code, reply: `${code} ${text}` }, 1);

/** One try that the server answers so; returns what was written. */
async function meet(relay: number, one: Claim, code: number, text: string, stage?: Stage) {
  assert.ok(await journal.mark(one));
  const settlement = await applyConsequences(relay, one, refusedBy(code, text, stage));
  await journal.settle(one, settlement);
  return settlement;
}
const statuses = async (campaign: number) =>
  Object.fromEntries(
    (
      await sql<{ status: string; n: number }>`
        select status::text, count(*)::int as n from deliveries where campaign_id = ${campaign} group by 1`
    ).map(({ status, n }) => [status, n]),
  );

/** Messages the relay took a moment ago. */
const accepted = (relay: number, n: number) => sql`
  insert into relay_usage (relay_id, bucket, shard, outcome, n)
  values (${relay}, date_bin('10 seconds', now(), 'epoch'), 99, 'sent', ${n}::int)`;

test("a relay that refuses the first ones for what we are is left alone; nobody is failed", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 15 });
  const [one, other] = await claim(relay, 15);
  if (!one || !other) throw new Error("not claimed");
  const first = await meet(relay, one, 554, "5.7.1 Relay access denied");
  assert.deepEqual([first.status, first.delay, first.counts], ["queued", 10, false], "one no is no evidence");
  const [before] = await sql`select pause_reason from relays where id = ${relay}`;
  assert.equal(before?.pause_reason, null);
  assert.equal((await meet(relay, other, 554, "5.7.1 Relay access denied")).status, "queued");
  assert.deepEqual(await statuses(campaign), { queued: 15 });
  const [row] = await sql`
    select pause_reason, probing, (select count(*)::int from notices where kind = 'relayPaused' and (data ->> 'relayId')::int = ${relay}) as told
    from relays where id = ${relay}`;
  assert.deepEqual(row, { pause_reason: "relay-denied", probing: true, told: 1 });
});

test("a relay that suddenly refuses everybody is left alone, and those it failed are put back", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 40 });
  await accepted(relay, 20);
  let tried = 0;
  for (const one of await claim(relay, 40)) {
    tried++;
    if ((await meet(relay, one, 554, "5.7.1 Relay access denied")).status === "queued") break;
  }
  assert.equal(tried, 21, "twenty alike among forty, and the next one opens the circuit");
  assert.deepEqual(await statuses(campaign), { queued: 40 });
  const [row] = await sql`
    select pause_reason, probing, (select count(*)::int from bounces) as bounces from relays where id = ${relay}`;
  assert.deepEqual(row, { pause_reason: "circuit", probing: true, bounces: 0 });
});

test("a list of dead addresses stops its campaign, not the relay, and goes on when people say so", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 60 });
  const claims = await claim(relay, 60);
  for (const one of claims.slice(0, 21)) await meet(relay, one, 550, "5.1.1 User unknown");
  assert.deepEqual(await statuses(campaign), { failed: 21, queued: 39 });
  const state = async () =>
    (
      await sql<{ status: string; pause_reason: string; open: boolean }>`
        select k.status::text, k.pause_reason, not is_paused(r.pause_reason, r.paused_until) as open from campaigns k, relays r where k.id = ${campaign} and r.id = ${relay}`
    )[0];
  assert.deepEqual(await state(), { status: "paused", pause_reason: "circuit", open: true });
  await givePublicAddress();
  assert.deepEqual(await resumeCampaign(campaign, null), { ok: true });
  await sql`update relay_usage set bucket = bucket - interval '10 seconds' where relay_id = ${relay}`;
  for (const one of claims.slice(21, 25)) await meet(relay, one, 550, "5.1.1 User unknown");
  assert.equal((await state())?.status, "sending");
});

test("a recipient whose server refuses the content stops the campaign twice, then is failed alone", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 1 });
  const found: string[] = [];
  for (let i = 0; i < 3; i++) {
    await sql`update campaigns set status = 'sending', finished_at = null where id = ${campaign}`;
    const [one] = await claim(relay, 1);
    if (!one) throw new Error("not claimed");
    found.push((await meet(relay, one, 552, "5.3.4 message too big", "data")).status);
  }
  assert.deepEqual(found, ["queued", "queued", "failed"]);
  const [row] = await sql`select status::text from campaigns where id = ${campaign}`;
  assert.equal(row?.status, "sending");
});

test("one recipient whose server blames us each time does not stop the relay for ever", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 1 });
  const found: string[] = [];
  for (let i = 0; i < 6; i++) {
    await sql`update relays set pause_reason = null, paused_until = null, probing = false where id = ${relay}`;
    await sql`update deliveries set due_at = now() where campaign_id = ${campaign}`;
    const [one] = await claim(relay, 1);
    if (!one) throw new Error("not claimed");
    found.push((await meet(relay, one, 550, "5.7.26 unauthenticated sender")).status);
  }
  assert.deepEqual(found, [...Array(5).fill("queued"), "failed"]);
  const [row] =
    await sql`select not is_paused(pause_reason, paused_until) as open from relays where id = ${relay}`;
  assert.equal(row?.open, true, "the last refusal is this delivery's own");
});

test("content that the relay refuses pauses its campaign and tells people", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 3 });
  const claims = await claim(relay, 3);
  // Two in flight at once: the second one finds the campaign paused.
  const two = claims.slice(0, 2);
  for (const one of two) assert.ok(await journal.mark(one));
  for (const one of two) {
    const settlement = await applyConsequences(
      relay,
      one,
      refusedBy(550, "5.7.1 this message is likely spam", "data"),
    );
    await journal.settle(one, settlement);
  }
  const [row] = await sql`
    select status::text, pause_reason, (select count(*)::int from notices where kind = 'campaignPaused' and (data ->> 'campaignId')::int = campaigns.id) as told
    from campaigns where id = ${campaign}`;
  assert.deepEqual(row, { status: "paused", pause_reason: "spam", told: 1 });
  assert.deepEqual(await statuses(campaign), { queued: 3 });
});
