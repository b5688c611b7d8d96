/** What the journal promises of marks: `sending` is written for who may be sent to at that instant, and for nobody else. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { type Claim, claim } from "#lib/letters/deliveries/claim";
import { openJournal } from "#lib/letters/deliveries/journal";
import { disconnect, sql } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { sendingCampaign } from "#testing/deliveries";
import { rowOf, stateOf, within } from "#testing/journal";

const journal = openJournal(randomUUID());
let made: Awaited<ReturnType<typeof sendingCampaign>>;
let claims: Claim[];
let [one, other]: [Claim, Claim] = [{} as Claim, {} as Claim];

beforeEach(async () => {
  made = await sendingCampaign({ port: 1, recipients: 4 });
  claims = await claim(made.relay, 4);
  [one, other] = claims as [Claim, Claim];
});
afterEach(() => sql`update campaigns set status = 'paused' where status = 'sending'`);
after(async () => {
  await journal.close();
  await disconnect();
});

const mark = (held: Claim) => within(journal.mark(held));
describe("a mark", { timeout: 60_000 }, () => {
  test("announces that message alone, once, and to its holder", async () => {
    assert.equal(await mark(one), true);
    assert.deepEqual([await stateOf(one), (await rowOf(one)).attempts], ["sending, leased", 1]);
    assert.equal(await mark(one), false, "announced already");
    assert.deepEqual([await stateOf(one), (await rowOf(one)).attempts], ["sending, leased", 1]);
    assert.equal(await mark({ ...other, token: randomUUID() }), false);
    for (const held of claims.slice(1)) assert.equal(await stateOf(held), "queued, leased");
  });

  test("is refused once the lease has lapsed, and the message goes back to the queue", async () => {
    await sql`update deliveries set lease_until = now() - interval '1 second' where id = ${one.id}`;
    assert.equal(await mark(one), false);
    assert.equal(await stateOf(one), "queued");
    assert.equal(await stateOf(other), "queued, leased");
  });

  const stops: [name: string, stop: () => Promise<unknown>][] = [
    ["its campaign is paused", () => sql`update campaigns set status = 'paused' where id = ${made.campaign}`],
    [
      "its relay is paused",
      () =>
        sql`update relays set pause_reason = 'circuit', paused_until = now() + interval '1 hour' where id = ${made.relay}`,
    ],
    ["its relay is archived", () => sql`update relays set archived_at = now() where id = ${made.relay}`],
    [
      "its reader left by this very message",
      () => sql`update deliveries set unsubscribed_at = now() where id = ${one.id}`,
    ],
    ["its reader was erased", () => sql`update deliveries set erased_at = now() where id = ${one.id}`],
    [
      "its address is opposed to this newsletter",
      () => sql`
      insert into suppressions (address_hash, topic_id, reason)
      select ${Buffer.from(hashAddress(one.address))}, topic_id, 'manual' from campaigns where id = ${made.campaign}`,
    ],
    [
      "its reader was archived",
      () => sql`
      with c as (insert into contacts (kind, last_name, archived_at) values ('professional', 'A', now()) returning id)
      update deliveries set contact_id = c.id from c where deliveries.id = ${one.id}`,
    ],
  ];
  for (const [name, stop] of stops)
    test(`is refused when ${name}, however others stand, and the message goes back`, async () => {
      const elsewhere = await sendingCampaign({ port: 1, recipients: 1 });
      await sql`update contents set topic_id = (select id from topics where key = 'taxe') where id = ${elsewhere.content}`;
      const [free] = await claim(elsewhere.relay, 1);
      if (!free) throw new Error("not claimed");
      await stop();
      assert.deepEqual(await Promise.all([mark(one), mark(free)]), [false, true]);
      assert.deepEqual([await stateOf(one), await stateOf(free)], ["queued", "sending, leased"]);
      assert.equal(await stateOf(other), "queued, leased", "who did not ask keeps their lease");
    });

  test("is refused to everybody while a database put back is held, and then goes through", async () => {
    await sql`update installation set held_at = now(), held_why = 'behind'`;
    try {
      assert.deepEqual(await Promise.all([mark(one), mark(other)]), [false, false]);
      assert.equal(await stateOf(one), "queued");
    } finally {
      await sql`update installation set held_at = null, held_why = null`;
    }
    assert.equal(await mark((await claim(made.relay, 1))[0] ?? one), true);
  });

  test("goes through again when the pause of the relay is over, and for a letter of no campaign", async () => {
    await sql`update relays set pause_reason = 'circuit', paused_until = now() - interval '1 second' where id = ${made.relay}`;
    await sql`update deliveries set campaign_id = null where id = ${one.id}`;
    await sql`update campaigns set status = 'paused' where id = ${made.campaign}`;
    assert.deepEqual(await Promise.all([mark(one), mark(other)]), [true, false]);
  });

  test("of a lease that is another's now leaves it to them", async () => {
    await sql`update deliveries set lease_token = gen_random_uuid() where id = ${one.id}`;
    assert.equal(await mark(one), false);
    assert.equal(await stateOf(one), "queued, leased");
  });
});
