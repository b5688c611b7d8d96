/** What a claim, a lease and the sweep promise, seen from outside: who is taken, who is not, and what is written. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { claim } from "#lib/letters/deliveries/claim";
import { disconnect, sql, sqlOn, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { claimed, type Made, make, nth, rowOf } from "#testing/claims";
import { addDeliveries } from "#testing/deliveries";
import { within } from "#testing/journal";

after(disconnect);
afterEach(() => sql`update campaigns set status = 'paused' where status = 'sending'`);

const share = async ({ relay, content }: Made, wanted: number) =>
  (await claim(relay, wanted)).filter(({ contentId }) => contentId === content).length;
const letterOf = async ({ identity }: Made, to: string, due = "now()") => {
  const [content] = await sql<{ id: number }>`
    insert into contents (kind, identity_id, subject, html, text) values ('transactional', ${identity}, '', '', '') returning id`;
  await sql`insert into deliveries (content_id, address, address_hash, due_at) values (${content?.id}, ${to}, ${Buffer.from(hashAddress(to))}, ${due === "now()" ? new Date() : new Date(Date.now() + 3_600_000)})`;
};
const contactOf = async (address: string, archived: boolean) => {
  const [contact] = await sql<{ id: number }>`
    insert into contacts (kind, last_name, archived_at) values ('professional', 'A', case when ${archived}::boolean then now() end) returning id`;
  await sql`update deliveries set contact_id = ${contact?.id} where address = ${address}`;
};

describe("a claim takes", { timeout: 30_000 }, () => {
  test("what this relay carries, of campaigns being sent, and nothing else", async () => {
    const [mine, other, paused] = [await make(3), await make(3), await make(3)];
    await sql`update identities set relay_id = ${mine.relay} where id = ${paused.identity}`;
    await sql`update campaigns set status = 'paused' where id = ${paused.campaign}`;
    await letterOf(other, "letter-other@iut.example");
    assert.deepEqual(
      await claimed(mine.relay),
      [1, 2, 3].map((n) => nth(mine, n)),
    );
    assert.deepEqual(await claimed(other.relay), [
      "letter-other@iut.example",
      ...[1, 2, 3].map((n) => nth(other, n)),
    ]);
    assert.deepEqual(await claimed(mine.relay), [], "what is leased is nobody else's");
  });

  test("only what is queued, due, and not leased by the living", async () => {
    const made = await make(5);
    const at = (n: number) => nth(made, n);
    await sql`update deliveries set status = 'sent', settled_at = now() where address = ${at(1)}`;
    await sql`update deliveries set due_at = now() + interval '1 hour' where address = ${at(2)}`;
    await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where address = ${at(3)}`;
    await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where address = ${at(4)}`;
    assert.deepEqual(await claimed(made.relay), [at(4), at(5)]);
  });

  test("a letter under the same conditions", async () => {
    const made = await make(0);
    const names = ["sent", "later", "leased", "lapsed", "due"].map(
      (name) => `${name}-${made.relay}@iut.example`,
    );
    for (const name of names) await letterOf(made, name, name.startsWith("later") ? "later" : "now()");
    await sql`update deliveries set status = 'sent', settled_at = now() where address = ${names[0]}`;
    await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where address = ${names[2]}`;
    await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() - interval '1 second' where address = ${names[3]}`;
    assert.deepEqual(await claimed(made.relay), [names[4], names[3]].sort());
  });

  test("as many as are wanted: a campaign with nothing due has no share", async () => {
    for (const name of ["sent", "later", "leased"]) {
      const [busy, other] = [await make(20), await make(20)];
      await sql`update identities set relay_id = ${busy.relay} where id = ${other.identity}`;
      const mine = other.campaign;
      if (name === "sent")
        await sql`update deliveries set status = 'sent', settled_at = now() where campaign_id = ${mine}`;
      if (name === "later")
        await sql`update deliveries set due_at = now() + interval '1 hour' where campaign_id = ${mine}`;
      if (name === "leased")
        await sql`update deliveries set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where campaign_id = ${mine}`;
      assert.equal(await share(busy, 10), 10, name);
    }
  });

  test("a test of a campaign once, as a letter, beside the campaign's own share", async () => {
    const made = await make(20);
    const [content] = await sql<{ id: number }>`
      insert into contents (kind, campaign_id, topic_id, identity_id, subject, html, text)
      select 'test', id, topic_id, identity_id, '', '', '' from campaigns where id = ${made.campaign} returning id`;
    const to = `prof-${made.relay}@iut.example`;
    await sql`insert into deliveries (content_id, address, address_hash) values (${content?.id}, ${to}, ${Buffer.from(hashAddress(to))})`;
    const claims = await claim(made.relay, 10);
    assert.deepEqual([claims.length, claims.filter(({ address }) => address === to).length], [10, 1]);
  });

  test("without waiting for a row that somebody else holds", async () => {
    const made = await make(3);
    const letters = [`a-${made.relay}@iut.example`, `b-${made.relay}@iut.example`];
    for (const to of letters) await letterOf(made, to);
    await transaction(async (client) => {
      await sqlOn(
        client,
      )`select id from deliveries where address = any(${[letters[0], nth(made, 1)]}::text[]) for update`;
      assert.deepEqual(await within(claimed(made.relay)), [letters[1], nth(made, 2), nth(made, 3)]);
    });
  });
});

describe("a claim sets aside, with the reason and a line in the log,", { timeout: 30_000 }, () => {
  const skipped = (reason: string) => ({ status: "skipped", reason, leased: false, settled: true });
  const outcome = async (address: string) => {
    const { wait: _, ...row } = await rowOf(address);
    return row;
  };

  test("whoever must not be written to, and nobody beside", async () => {
    const made = await make(7);
    const at = (n: number) => nth(made, n);
    const hash = (n: number) => Buffer.from(hashAddress(at(n)));
    await contactOf(at(1), true);
    await contactOf(at(2), false);
    await sql`insert into suppressions (address_hash, reason) values (${hash(3)}, 'manual')`;
    await sql`insert into suppressions (address_hash, reason, lifted_at) values (${hash(4)}, 'manual', now())`;
    await sql`update deliveries set erased_at = now() where address = ${at(5)}`;
    await sql`update deliveries set unsubscribed_at = now() where address = ${at(6)}`;
    assert.deepEqual(await claimed(made.relay), [at(2), at(4), at(7)]);
    for (const [n, reason] of [
      [1, "archived"],
      [3, "suppressed"],
      [5, "erased"],
      [6, "unsubscribed"],
    ] as const)
      assert.deepEqual(await outcome(at(n)), skipped(reason));
    const log = await sql`
      select d.address, a.outcome, a.reason, a.relay_id from attempts a join deliveries d on d.id = a.delivery_id
      where d.campaign_id = ${made.campaign} order by d.address`;
    assert.deepEqual(
      log.map(({ address, outcome, reason, relay_id }) => [address, outcome, reason, relay_id]),
      [
        [1, "archived"],
        [3, "suppressed"],
        [5, "erased"],
        [6, "unsubscribed"],
      ].map(([n, reason]) => [at(Number(n)), "skipped", reason, made.relay]),
    );
  });

  test("by what the mail is for: a service letter goes even to an address judged dead", async () => {
    const made = await make(1);
    const to = `colleague-${made.relay}@iut.example`;
    await letterOf(made, to);
    for (const address of [to, nth(made, 1)])
      await sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress(address))}, 'hard_bounce')`;
    assert.deepEqual(await claimed(made.relay), [to]);
    assert.deepEqual(await outcome(nth(made, 1)), skipped("hardBounce"));
  });

  test("a letter by hand as the one rule says: an answer stops only at the dead and the erased", async () => {
    const made = await make(1);
    const stops = ["unsubscribe", "complaint", "manual", "hard_bounce", "erasure"] as const;
    const at = (purpose: string, reason: string) => `${purpose}.${reason}.${made.relay}@byhand.example`;
    for (const purpose of ["letter", "answer"])
      for (const reason of stops) {
        const address = at(purpose, reason);
        await letterOf(made, address);
        await sql`
          update contents set kind = 'personal', purpose = ${purpose}::"MailPurpose"
          where id = (select content_id from deliveries where address = ${address})`;
        await sql`
          insert into suppressions (address_hash, reason)
          values (${Buffer.from(hashAddress(address))}, ${reason}::"SuppressionReason")`;
      }
    const left = (await claimed(made.relay)).filter((address) => address.endsWith("@byhand.example"));
    const expected = [
      at("answer", "complaint"),
      at("answer", "manual"),
      at("answer", "unsubscribe"),
      at("letter", "unsubscribe"),
    ];
    assert.deepEqual(left, expected.sort());
    assert.deepEqual(await outcome(at("letter", "complaint")), skipped("complaint"));
    assert.deepEqual(await outcome(at("answer", "hard_bounce")), skipped("hardBounce"));
    assert.deepEqual(await outcome(at("answer", "erasure")), skipped("suppressed"));
  });

  test("before putting anybody off: who is beyond a limit and opposed is opposed", async () => {
    const made = await make(3);
    await limit(made, `c${made.campaign}.example`, 2);
    const beyond = nth(made, 3);
    await sql`insert into suppressions (address_hash, reason) values (${Buffer.from(hashAddress(beyond))}, 'manual')`;
    const { wait } = await rowOf(beyond);
    assert.equal((await claimed(made.relay)).length, 2);
    assert.deepEqual(await outcome(beyond), skipped("suppressed"));
    assert.ok(Math.abs((await rowOf(beyond)).wait - wait) < 5, "its hour is left as it was");
  });
});

const limit = (made: Made, domain: string, perMinute: number, wait = 0) => sql`
  insert into relay_domains (relay_id, domain, per_minute, next_at)
  values (${made.relay}, ${domain}, ${perMinute}, now() + make_interval(secs => ${wait}))`;
const nextOf = async ({ relay }: Made, domain: string) =>
  (
    await sql<{ wait: number }>`
    select extract(epoch from next_at - now())::float8 as wait from relay_domains where relay_id = ${relay} and domain = ${domain}`
  )[0]?.wait ?? 0;
const about = (found: number, seconds: number, what = "") =>
  assert.ok(Math.abs(found - seconds) < 6, `${found} s, not ${seconds} ${what}`);

describe("a limited domain", { timeout: 30_000 }, () => {
  test("has its turns handed out one after the other, each relay and domain its own", async () => {
    const [made, other] = [await make(5), await make(0)];
    const mine = `c${made.campaign}.example`;
    await limit(made, mine, 2, 600);
    await limit(made, "elsewhere.example", 2, 1_800);
    await limit(other, mine, 2, 2_400);
    assert.equal((await claimed(made.relay)).length, 2);
    const waits = await Promise.all([3, 4, 5].map(async (n) => rowOf(nth(made, n))));
    assert.deepEqual(
      waits.map(({ status, reason, leased }) => [status, reason, leased]),
      Array(3).fill(["queued", "domainLimit", false]),
    );
    for (const [i, { wait }] of waits.entries()) about(wait, 600 + 30 * (i + 1));
    about(await nextOf(made, mine), 690);
    about(await nextOf(other, mine), 2_400, "of another relay");
  });

  test("that has room again starts anew; full to the brim, it goes on from where it was", async () => {
    const [room, brim] = [await make(1), await make(2)];
    for (const made of [room, brim]) {
      await limit(made, `c${made.campaign}.example`, 2, 600);
      await claimed(made.relay);
    }
    about(await nextOf(room, `c${room.campaign}.example`), 0);
    about(await nextOf(brim, `c${brim.campaign}.example`), 600);
  });

  test("of one a day puts off by an hour at most", async () => {
    const made = await make(3);
    await sql`insert into relay_domains (relay_id, domain, per_day) values (${made.relay}, ${`c${made.campaign}.example`}, 1)`;
    assert.equal((await claimed(made.relay)).length, 1);
    for (const n of [2, 3]) about((await rowOf(nth(made, n))).wait, 3_600);
    about(await nextOf(made, `c${made.campaign}.example`), 3_600);
  });
});

test("queueing more reaches a relay that had nothing to do", { timeout: 10_000 }, async () => {
  const made = await make(0);
  assert.deepEqual(await claimed(made.relay), []);
  await addDeliveries(made.campaign, made.content, 1, 2);
  assert.deepEqual(await claimed(made.relay), [nth(made, 1), nth(made, 2)]);
});
