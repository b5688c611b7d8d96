/** What the journal promises of outcomes: each written once, whatever the group or the connection. */
import "#testing/database";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, beforeEach, describe, test } from "node:test";
import { type Claim, claim, sweepLost } from "#lib/letters/deliveries/claim";
import { notBegun, openJournal } from "#lib/letters/deliveries/journal";
import type { Settlement } from "#lib/letters/relays/rules";
import { disconnect, sql, sqlOn, transaction } from "#lib/machine/db";
import { sendingCampaign } from "#testing/deliveries";
import { blocked, logOf, rowOf, stateOf, usageOf, within } from "#testing/journal";

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
const sent: Settlement = {
  status: "sent",
  reason: null,
  reply: "250 Ok",
  delay: 0,
  counts: true,
  answered: true,
};
const settle = (held: Claim, change: Partial<Settlement>) =>
  within(journal.settle(held, { ...sent, ...change }));
/** As when its worker died after announcing it. */
const lose = async (held: Claim) => {
  assert.ok(await mark(held));
  await sql`update deliveries set lease_until = now() - interval '1 second' where id = ${held.id}`;
  assert.equal(await sweepLost(), 1);
};

describe("an outcome", { timeout: 60_000 }, () => {
  const outcomes: [
    name: string,
    Partial<Settlement>,
    state: string,
    attempts: number,
    log: string,
    used: Record<string, number>,
  ][] = [
    ["sent", {}, "sent", 1, "sent 1", { sent: 1 }],
    [
      "refused for good",
      { status: "failed", reason: "user-unknown" },
      "failed",
      1,
      "failed 1",
      { "refused user-unknown": 1 },
    ],
    [
      "put off by the server",
      { status: "queued", reason: "mailbox-full", delay: 600 },
      "queued",
      1,
      "postponed 1",
      { "refused mailbox-full": 1 },
    ],
    [
      "put back for our own fault",
      { status: "queued", reason: "relay-denied", counts: false },
      "queued",
      0,
      "requeued 1",
      { "refused relay-denied": 1 },
    ],
    [
      "refused without a reason",
      { status: "failed", reason: "x", answered: false },
      "failed",
      1,
      "failed 1",
      {},
    ],
    [
      "unknown",
      { status: "unknown", reason: "connectionLost", answered: false },
      "unknown",
      1,
      "unknown 1",
      { unknown: 1 },
    ],
    ["taken back", notBegun, "queued", 0, "requeued 1", {}],
  ];
  for (const [name, change, state, attempts, log, used] of outcomes)
    test(`${name} is written once, with its log and its count, for that message alone`, async () => {
      for (const held of [one, other]) assert.ok(await mark(held));
      await settle(one, change);
      assert.deepEqual([await stateOf(one), (await rowOf(one)).attempts], [state, attempts]);
      assert.deepEqual(await logOf(one), [log]);
      assert.deepEqual(await usageOf(made.relay), used);
      assert.ok(Math.abs((await rowOf(one)).wait - (change.delay ?? 0)) < 10);
      assert.equal(await stateOf(other), "sending, leased");
      await settle(one, { status: "failed", reason: "late" });
      assert.equal((await logOf(one)).length, 1, "the token is spent");
      assert.equal(await stateOf(claims[2] as Claim), "queued, leased");
    });

  test("is only its holder's to tell, and only of what was announced", async () => {
    assert.ok(await mark(one));
    await settle({ ...one, token: randomUUID() }, {});
    await settle(other, {});
    assert.deepEqual([await stateOf(one), await stateOf(other)], ["sending, leased", "queued, leased"]);
    assert.deepEqual(await usageOf(made.relay), {});
  });

  test("does not bring back the words of a server about somebody erased", async () => {
    for (const held of [one, other]) assert.ok(await mark(held));
    await sql`update deliveries set erased_at = now() where id = ${one.id}`;
    for (const held of [one, other]) await settle(held, { reply: "250 Ok r1" });
    assert.deepEqual([(await rowOf(one)).reply, (await rowOf(other)).reply], [null, "250 Ok r1"]);
  });

  test("that comes after the sweep corrects it, in the ledger too", async () => {
    await lose(one);
    assert.deepEqual(await usageOf(made.relay), { unknown: 1 });
    await settle(one, { status: "unknown", reason: "connectionLost", answered: false });
    assert.deepEqual(await logOf(one), ["unknown 1"], "nothing new");
    assert.equal(await mark(one), false, "it is not to be announced again");
    await settle(one, {});
    assert.equal(await stateOf(one), "sent");
    assert.deepEqual(
      await usageOf(made.relay),
      { unknown: 1 },
      "counted where the sweep counted it, and not twice",
    );
    await lose(other);
    await settle(other, { status: "failed", reason: "user-unknown" });
    assert.deepEqual(await usageOf(made.relay), { unknown: 1 }, "the refused one left the ledger");
    const third = claims[2] as Claim;
    await lose(third);
    await settle(third, notBegun);
    assert.deepEqual([await stateOf(third), await usageOf(made.relay)], ["queued", { unknown: 1 }]);
  });

  test("sent ends the trial of its relay, and of no other; a lost connection is forgiven only then", async () => {
    const elsewhere = await sendingCampaign({ port: 1, recipients: 1 });
    await sql`
      update relays set probing = true, strikes = 3, paused_until = clock_timestamp(), pause_reason = case id when ${made.relay} then 'connectionLost' else 'circuit' end
      where id in (${made.relay}, ${elsewhere.relay})`;
    const trials = async () =>
      (
        await sql`select probing, strikes from relays where id in (${made.relay}, ${elsewhere.relay}) order by id`
      ).map(({ probing, strikes }) => [probing, strikes]);
    for (const held of claims) assert.ok(await mark(held));
    await settle(one, { status: "failed", reason: "user-unknown" });
    assert.deepEqual(
      await trials(),
      [
        [true, 3],
        [true, 3],
      ],
      "a refusal proves nothing",
    );
    await settle(other, {});
    assert.deepEqual(await trials(), [
      [false, 0],
      [true, 3],
    ]);
    await sql`update relays set strikes = 2 where id = ${made.relay}`;
    await settle(claims[2] as Claim, {});
    assert.deepEqual((await trials())[0], [false, 2], "not on trial: nothing to forgive");
  });
});

describe("a group", { timeout: 60_000 }, () => {
  test("with one outcome the database refuses writes the others, and goes on", async () => {
    for (const held of claims.slice(0, 3)) assert.ok(await mark(held));
    const [bad, good, fine, asked] = claims as [Claim, Claim, Claim, Claim];
    const marked = within(journal.mark(asked));
    await Promise.all([settle(good, {}), settle(bad, { reply: "\u0000" }), settle(fine, {})]);
    assert.equal(await marked, false, "nobody may begin in a group that was not written");
    assert.deepEqual([await stateOf(good), await stateOf(fine)], ["sent", "sent"]);
    assert.equal(await stateOf(bad), "sending, leased", "left to the sweep");
    await sql`update deliveries set lease_until = now() - interval '1 second' where campaign_id = ${made.campaign} and status = 'queued'`;
    const [again] = await claim(made.relay, 1);
    assert.equal(again?.id, asked.id);
    assert.equal(await mark(again as Claim), true);
  });

  test("being told one by one does not refuse who asks meanwhile", async () => {
    const [good, bad, asked] = claims as [Claim, Claim, Claim];
    for (const held of [good, bad]) assert.ok(await mark(held));
    let all: Promise<unknown> | undefined;
    let marked: Promise<boolean> | undefined;
    await transaction(async (client) => {
      // The group fails at once for its bad one; the good one alone then waits for its row.
      all = Promise.all([settle(good, {}), settle(bad, { reply: "\u0000" })]);
      await sqlOn(client)`select id from deliveries where id = ${good.id} for update`;
      await blocked();
      marked = journal.mark(asked);
    });
    await within(all as Promise<unknown>);
    assert.equal(await within(marked as Promise<boolean>), true);
  });

  test("whose connection dies is written by the next one, and what it announced is taken back", async () => {
    for (const held of [one, other]) assert.ok(await mark(held));
    const third = claims[2] as Claim;
    let died = 0;
    let told: Promise<void> | undefined;
    let asked: Promise<boolean> | undefined;
    await transaction(async (client) => {
      await sqlOn(client)`select id from deliveries where id = ${one.id} for update`;
      told = journal.settle(one, sent);
      asked = journal.mark(third);
      const pid = await blocked();
      await sql`select pg_terminate_backend(${pid})`;
      died = performance.now();
      assert.equal(await within(asked), false);
    });
    await within(told as Promise<void>);
    assert.ok(performance.now() - died >= 200, "a database that is away is not asked again at once");
    assert.deepEqual([await stateOf(one), (await rowOf(third)).status], ["sent", "queued"]);
    assert.deepEqual(await usageOf(made.relay), { sent: 1 });
  });

  test("of any size is written whole, and closing waits for it", async () => {
    const many = await sendingCampaign({ port: 1, recipients: 700 });
    const held = await claim(many.relay, 700);
    assert.equal(held.length, 700);
    const own = openJournal(randomUUID());
    const marks = held.map((each) => own.mark(each));
    await within(own.close());
    assert.deepEqual([...new Set(await Promise.all(marks))], [true]);
    const [row] =
      await sql`select count(*)::int as n from deliveries where campaign_id = ${many.campaign} and status = 'sending'`;
    assert.equal(row?.n, 700);
  });
});
