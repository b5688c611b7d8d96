import "#lib/test-db";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { disconnect, sql } from "#lib/db";
import { type Claim, claim } from "#lib/deliveries/claim";
import { applyConsequences } from "#lib/deliveries/consequences";
import { sendingCampaign } from "#lib/deliveries/fixtures";
import { openJournal } from "#lib/deliveries/journal";
import { judgeOutcome } from "#lib/relays/rules";

after(disconnect);

const journal = openJournal(randomUUID());
const refusedBy = (code: number, text: string) =>
  judgeOutcome({ kind: "refused", stage: "envelope", code, reply: `${code} ${text}` }, 1);

/** One try that the server answers so; returns what was written. */
async function meet(relay: number, one: Claim, code: number, text: string) {
  assert.ok(await journal.mark(one));
  const settlement = await applyConsequences(relay, one, refusedBy(code, text));
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

test("a relay that suddenly refuses everybody is left alone, and those it failed are put back", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 40 });
  const claims = await claim(relay, 40);
  let tried = 0;
  for (const one of claims) {
    tried++;
    const { status } = await meet(relay, one, 554, "5.7.1 Relay access denied");
    if (status === "queued") break;
  }
  assert.equal(tried, 21, "twenty alike, and the next one opens the circuit");
  assert.deepEqual(await statuses(campaign), { queued: 40 });
  const [row] = await sql`
    select pause_reason, probing, (select count(*)::int from bounces) as bounces,
      (select count(*)::int from notices where kind = 'relayPaused') as told from relays where id = ${relay}`;
  assert.deepEqual(row, { pause_reason: "circuit", probing: true, bounces: 0, told: 1 });
});

test("a list of dead addresses opens the circuit too, and stays refused", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 30 });
  for (const one of (await claim(relay, 40)).slice(0, 21)) await meet(relay, one, 550, "5.1.1 User unknown");
  assert.deepEqual(await statuses(campaign), { failed: 20, queued: 10 });
  const [row] = await sql`select pause_reason from relays where id = ${relay}`;
  assert.equal(row?.pause_reason, "circuit");
});

test("one recipient whose server blames us each time does not stop the relay for ever", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 1 });
  const found: string[] = [];
  for (let i = 0; i < 6; i++) {
    await sql`update relays set paused_until = null, probing = false where id = ${relay}`;
    await sql`update deliveries set due_at = now() where campaign_id = ${campaign}`;
    const [one] = await claim(relay, 1);
    if (!one) throw new Error("not claimed");
    found.push((await meet(relay, one, 550, "5.7.26 unauthenticated sender")).status);
  }
  assert.deepEqual(found, [...Array(5).fill("queued"), "failed"]);
  const [row] = await sql`select paused_until is null as open from relays where id = ${relay}`;
  assert.equal(row?.open, true, "the last refusal is this delivery's own");
});

test("content that the relay refuses pauses its campaign and tells people", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 3 });
  const claims = await claim(relay, 3);
  for (const one of claims.slice(0, 2)) {
    assert.equal((await journal.mark(one)) || one === claims[1], true);
    const settlement = await applyConsequences(
      relay,
      one,
      refusedBy(550, "5.7.1 this message is likely spam"),
    );
    await journal.settle(one, settlement);
  }
  const [row] = await sql`
    select status::text, pause_reason, (select count(*)::int from notices where kind = 'campaignPaused') as told
    from campaigns where id = ${campaign}`;
  assert.deepEqual(row, { status: "paused", pause_reason: "spam", told: 1 });
  assert.deepEqual(await statuses(campaign), { queued: 3 });
});
