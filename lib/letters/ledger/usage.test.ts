import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { type Claim, claim, sweepLost } from "#lib/letters/deliveries/claim";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { openJournal } from "#lib/letters/deliveries/journal";
import { countSentByHand, forgetByHand, renewSlots, takeSlots } from "#lib/letters/ledger/usage";
import type { Settlement } from "#lib/letters/relays/rules";
import { disconnect, pool, sql } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";

after(disconnect);

const journal = openJournal(randomUUID());
const settlement = (change: Partial<Settlement> = {}): Settlement => ({
  status: "sent",
  reason: null,
  reply: "250 Ok",
  delay: 0,
  counts: true,
  answered: false,
  ...change,
});
const refusal = settlement({ status: "failed", reason: "user-unknown", reply: "550 no", answered: true });

async function send(claims: Claim[], how: Settlement = settlement()) {
  await Promise.all(
    claims.map(async (one) => {
      assert.ok(await journal.mark(one));
      await journal.settle(one, how);
    }),
  );
}
const usage = async (relay: number) =>
  Object.fromEntries(
    (
      await sql<{ outcome: string; n: number }>`
        select outcome, sum(n)::int as n from relay_usage where relay_id = ${relay} group by outcome having sum(n) <> 0`
    ).map(({ outcome, n }) => [outcome, n]),
  );
const limit = (relay: number, column: "per_hour" | "per_day", n: number) =>
  column === "per_hour"
    ? sql`update relays set per_hour = ${n}::int where id = ${relay}`
    : sql`update relays set per_day = ${n}::int where id = ${relay}`;

test("claimed, announced and settled messages all count, each once", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 40, perMinute: 10 });
  const first = await claim(relay, 4);
  assert.equal(first.length, 4);
  const second = await claim(relay, 100);
  assert.equal(second.length, 6, "what is claimed holds its permits");
  assert.deepEqual(await usage(relay), {}, "nothing is settled yet");
  await send(first);
  await send(second.slice(0, 1), refusal);
  assert.deepEqual(await usage(relay), { sent: 4, refused: 1 });
  assert.equal((await claim(relay, 100)).length, 0);
  // Seventy seconds on, the window is free of what was settled; five are still claimed.
  await sql`update relay_usage set bucket = bucket - interval '80 seconds' where relay_id = ${relay}`;
  assert.equal((await claim(relay, 100)).length, 5);
});

test("an hour's and a day's last twentieth is for letters", async () => {
  for (const column of ["per_hour", "per_day"] as const) {
    const { relay, identity } = await sendingCampaign({ port: 1, recipients: 40 });
    await limit(relay, column, 20);
    const campaign = await claim(relay, 100);
    assert.equal(campaign.length, 19);
    await send(campaign);
    assert.equal((await claim(relay, 100)).length, 0, "campaigns stop one short");
    const letter = { kind: "transactional", subject: "s", html: "<p>h</p>", text: "t" } as const;
    await enqueueLetter({ ...letter, to: "a@iut.example", identityId: identity });
    await enqueueLetter({ ...letter, to: "b@iut.example", identityId: identity });
    assert.equal((await claim(relay, 100)).length, 1, "one letter leaves, and no more than the limit");
    const [state] = await sql<{ window: string; wait: number }>`
      select spent_window as window, extract(epoch from spent_until - clock_timestamp())::int as wait from relays where id = ${relay}`;
    const seconds = column === "per_hour" ? 3_600 : 86_400;
    assert.equal(state?.window, column === "per_hour" ? "hour" : "day");
    assert.ok(Math.abs((state?.wait ?? 0) - seconds) <= 15, `${state?.wait} s until the next permit`);
  }
});

test("an unknown message counts until it proves not to have left", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 3, perMinute: 100 });
  const claims = await claim(relay, 3);
  for (const one of claims) assert.ok(await journal.mark(one));
  await sql`update deliveries set lease_until = clock_timestamp() where relay_id = ${relay}`;
  assert.equal(await sweepLost(), 3);
  assert.deepEqual(await usage(relay), { unknown: 3 });
  const [arrived, refused, dropped] = claims as [Claim, Claim, Claim];
  // The worker was only frozen: what it says late is believed, and the ledger with it.
  await journal.settle(arrived, settlement());
  await journal.settle(refused, refusal);
  await journal.settle(dropped, settlement({ status: "unknown", reason: "connectionLost" }));
  assert.deepEqual(await usage(relay), { unknown: 2 });
  const rows = await sql<{ status: string }>`
    select status::text from deliveries where relay_id = ${relay} order by array_position(${claims.map((one) => one.id)}::int[], id)`;
  assert.deepEqual(
    rows.map((row) => row.status),
    ["sent", "failed", "unknown"],
  );
});

test("a domain's limit puts the others off, one turn after the other, and lets everybody else through", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 30 });
  await sql`update deliveries set address = split_part(address, '@', 1) || '@Gmail.example' where campaign_id = ${campaign} and id % 3 <> 0`;
  await sql`insert into relay_domains (relay_id, domain, per_minute) values (${relay}, 'gmail.example', 6)`;
  const claims = await claim(relay, 100);
  const slow = claims.filter((one) => one.address.endsWith("@Gmail.example"));
  assert.equal(slow.length, 6);
  assert.equal(claims.length, 16, "ten elsewhere");
  const waits = await sql<{ wait: number }>`
    select round(extract(epoch from due_at - clock_timestamp()))::int as wait from deliveries
    where campaign_id = ${campaign} and reason = 'domainLimit' order by due_at`;
  assert.equal(waits.length, 14);
  waits.forEach(({ wait }, i) => {
    assert.ok(Math.abs(wait - (i + 1) * 10) <= 1, `${wait} s for turn ${i + 1}`);
  });
  await send(claims);
  const domains = await sql<{ domain: string; n: number }>`
    select domain, sum(n)::int as n from relay_usage where relay_id = ${relay} group by 1 order by 1`;
  assert.deepEqual(domains, [
    { domain: "", n: 10 },
    { domain: "gmail.example", n: 6 },
  ]);
});

test("after a fault one message probes the relay, and its success opens it again", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 10 });
  await sql`update relays set probing = true where id = ${relay}`;
  const probe = await claim(relay, 10);
  assert.equal(probe.length, 1);
  assert.equal((await claim(relay, 10)).length, 0, "while it is on its way");
  await send(probe, refusal);
  const again = await claim(relay, 10);
  assert.equal(again.length, 1, "a refused recipient says nothing of the relay");
  await send(again);
  assert.equal((await claim(relay, 10)).length, 8);
});

test("a learned limit on connections takes the others back", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 1, maxConnections: 4 });
  const worker = randomUUID();
  assert.deepEqual(await takeSlots(relay, worker, 10), [1, 2, 3, 4]);
  await sql`update relays set learned_connections = 1, learned_until = now() + interval '1 day' where id = ${relay}`;
  assert.deepEqual(await renewSlots(relay, worker), [1]);
  await sql`delete from relay_slots where relay_id = ${relay}`;
  assert.deepEqual(await takeSlots(relay, randomUUID(), 10), [1]);
});

test("what people sent counts where ours are told apart from it, or none was sent", async () => {
  const { relay } = await sendingCampaign({ port: 1, recipients: 1 });
  const sent = (hours: number, outcome: string, n: number) => sql`
    insert into relay_usage (relay_id, bucket, shard, outcome, n)
    values (${relay}, date_bin('10 seconds', now() - make_interval(hours => ${hours}), 'epoch'), 0, ${outcome}, ${n})`;
  const byHand = async (hours = 1) => {
    const at = new Date(Date.now() - hours * 3_600_000);
    await countSentByHand(pool(), relay, [
      { at, address: "a@x.example" },
      { at, address: "" },
    ]);
    return (await usage(relay)).byHand ?? 0;
  };
  await sent(30, "sent", 5);
  await sent(1, "sent", 0);
  await sent(1, "refused", 5);
  assert.equal(await byHand(), 2, "nothing of ours was accepted within the day");
  assert.equal(await byHand(25), 2, "nor does what is older than a day count");
  await sent(2, "sent", 1);
  assert.equal(await byHand(), 2, "it may be ours");
  await sql`insert into sent_folders (relay_id, files_copies) values (${relay}, true)`;
  assert.equal(await byHand(), 4);
  await sent(26, "byHand", 9);
  await forgetByHand(pool(), relay);
  assert.deepEqual(await usage(relay), { sent: 6, refused: 5, byHand: 9 });
});

test("who is put off is asked again within the hour, and the line then goes on at the domain's pace", async () => {
  const { relay, campaign } = await sendingCampaign({ port: 1, recipients: 100 });
  await sql`insert into relay_domains (relay_id, domain, per_minute) values (${relay}, ${`c${campaign}.example`}, 1)`;
  const waits = async () =>
    (
      await sql<{ wait: number }>`
        select round(extract(epoch from due_at - clock_timestamp()) / 60)::int as wait from deliveries
        where campaign_id = ${campaign} and reason = 'domainLimit' and lease_until is null order by due_at, id`
    ).map(({ wait }) => wait);
  await send(await claim(relay, 200));
  const first = await waits();
  assert.deepEqual(first.slice(0, 3), [1, 2, 3]);
  assert.equal(Math.max(...first), 60, "an hour at most");
  // An hour later.
  await sql`update deliveries set due_at = due_at - interval '61 minutes' where campaign_id = ${campaign} and status = 'queued'`;
  await sql`update relay_domains set next_at = next_at - interval '61 minutes' where relay_id = ${relay}`;
  await sql`update relay_usage set bucket = bucket - interval '61 minutes' where relay_id = ${relay}`;
  assert.equal((await claim(relay, 200)).length, 1);
  assert.deepEqual((await waits()).slice(0, 3), [1, 2, 3]);
});
