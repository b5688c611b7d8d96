/** What verdicts make of an address, one history a line: whose mail stops, and whose does not. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { applyVerdicts, recordRefusal } from "#lib/letters/verdicts/mutations";
import type { Blame, Verdict } from "#lib/letters/verdicts/reasons";
import {
  countSoftBounce,
  liftAddress,
  markAlive,
  markDead,
  reviveRested,
  standAgain,
} from "#lib/letters/verdicts/standing";
import { db, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { giveCampaign, givePerson } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

const kept = "inchangee@exemple.fr";
let made = 0;
let address = "";
let hash = Buffer.alloc(0);
let personId = 0;
beforeEach(async () => {
  address = `histoire${++made}@exemple.fr`;
  hash = Buffer.from(hashAddress(address));
  personId = (await givePerson(address)).id;
});

const row = async (of = address) => {
  const { standing, softBounces } = await db.emailAddress.findUniqueOrThrow({ where: { address: of } });
  return [standing, softBounces, (await listSuppressions(hashAddress(of))).length];
};
const stand = (standing: string, soft = 0) =>
  sql`update email_addresses set standing = ${standing}::"AddressStanding", soft_bounces = ${soft} where address = ${address}`;

/** One campaign to them; returns its delivery. */
const campaign = async (id = personId) =>
  (await giveCampaign([id])).deliveries[0]?.id ?? assert.fail("no delivery");
const refuse = async (verdict: Verdict, blame: Blame = "recipient") => {
  const deliveryId = await campaign();
  await recordRefusal({ deliveryId, judgement: { reason: "x", verdict, blame }, reply: "552 no" });
  return deliveryId;
};
const full = () => refuse("soft");
/** What a report left on a delivery: a delay leaves no bounce, an unexplained failure an unknown one. */
const reported = async (verdict: Verdict, bounce: string | null) => {
  const id = await campaign();
  await sql`insert into bounces (delivery_id, class, verdict, blame, proof) values (${id}, 'bounce', ${verdict}, 'recipient', 'signed')`;
  await sql`update deliveries set bounce = ${bounce} where id = ${id}`;
};
const takenBack = async () => {
  const id = await full();
  await sql`update bounces set overturned_at = now() where delivery_id = ${id}`;
};
/** Staff moves an address from one contact to another, or gives the same contact a new one. */
const moved = (id: number, to = address) =>
  sql`update email_addresses set contact_id = ${id}, address = ${to}, address_hash = ${Buffer.from(hashAddress(to))} where address = ${address}`;

const histories: [what: string, before: () => Promise<unknown>, count: number][] = [
  ["two refusals before", async () => [await full(), await full()], 3],
  [
    "two delays before, which arrived",
    async () => [await reported("soft", null), await reported("soft", null)],
    1,
  ],
  ["two reports before", async () => [await reported("soft", "soft"), await reported("soft", "soft")], 3],
  [
    "two faults of ours before",
    async () => [await refuse("soft", "sender"), await refuse("soft", "content")],
    1,
  ],
  ["two failures nobody explained", async () => [await refuse("unknown"), await refuse("unknown")], 1],
  ["two that were taken back", async () => [await takenBack(), await takenBack()], 1],
  ["one that arrived in between", async () => [await full(), await campaign(), await full()], 2],
  ["one before one that arrived", async () => [await full(), await campaign()], 1],
  [
    "two, and one since that was set aside",
    async () => {
      await full();
      await full();
      await sql`update deliveries set status = 'skipped', reason = 'x' where id = ${await campaign()}`;
    },
    3,
  ],
  [
    "a letter that arrived in between, of no campaign",
    async () => {
      await full();
      await sql`update deliveries set campaign_id = null where id = ${await campaign()}`;
      await full();
    },
    3,
  ],
  [
    "two to the contact who had this address before",
    async () => {
      await full();
      await full();
      personId = (await givePerson(`autre${made}@exemple.fr`)).id;
      await sql`delete from email_addresses where contact_id = ${personId}`;
      await moved(personId);
    },
    1,
  ],
  [
    "two at the address they had before",
    async () => {
      await full();
      await full();
      const now = `neuve${made}@exemple.fr`;
      await moved(personId, now);
      [address, hash] = [now, Buffer.from(hashAddress(now))];
      await stand("ok");
    },
    1,
  ],
];

for (const [what, before, count] of histories)
  test(`a mailbox is full after ${what}: ${count} in a row`, async () => {
    await before();
    await full();
    assert.deepEqual(await row(), ["soft", count, count >= 3 ? 1 : 0]);
  });

const dead = () => transaction((client) => markDead(client, hash));
const alive = () => transaction((client) => markAlive(client, hash));
const soft = () => transaction((client) => countSoftBounce(client, hash, personId));
const lift = () => transaction((client) => liftAddress(client, hash));

test("each verdict touches one address, and only from where it may", async () => {
  await givePerson(kept);
  const acts: [act: () => Promise<unknown>, expected: Record<string, string>][] = [
    [dead, { ok: "hard", soft: "hard", hard: "hard", complaint: "complaint" }],
    [soft, { ok: "soft", soft: "soft", hard: "hard", complaint: "complaint" }],
    [alive, { ok: "ok", soft: "ok", hard: "hard", complaint: "complaint" }],
    [lift, { ok: "ok", soft: "ok", hard: "ok", complaint: "complaint" }],
  ];
  for (const [act, expected] of acts)
    for (const [from, to] of Object.entries(expected))
      for (const neighbour of ["ok", "soft"]) {
        await sql`update email_addresses set standing = ${neighbour}::"AddressStanding" where address = ${kept}`;
        await stand(from, from === "soft" ? 2 : 0);
        await act();
        assert.deepEqual(
          [(await row())[0], (await row(kept))[0]],
          [to, neighbour],
          `${act.name} from ${from}`,
        );
      }
});

test("a dead address that somebody wrote from stays dead, and so does what stopped its mail", async () => {
  await dead();
  await alive();
  assert.deepEqual(await row(), ["hard", 0, 1]);
  await lift();
  assert.deepEqual(await row(), ["ok", 0, 0]);
});

test("a complaint stands, and what a verdict stopped with it, whatever is taken back", async () => {
  await dead();
  await stand("complaint");
  await lift();
  assert.deepEqual(await row(), ["complaint", 0, 1]);
});

const lifts: [what: string, left: () => Promise<unknown>, standing: string][] = [
  ["another hard verdict stands", () => refuse("hard"), "hard"],
  [
    "another was taken back too",
    async () => {
      await sql`update bounces set overturned_at = now() where delivery_id = ${await refuse("hard")}`;
    },
    "ok",
  ],
  ["only a full mailbox is left", full, "ok"],
  ["only our own fault is left", () => refuse("hard", "sender"), "ok"],
  [
    "only somebody else's death is left",
    async () => {
      const other = await givePerson(`mort${made}@exemple.fr`);
      const judgement = { reason: "x", verdict: "hard", blame: "recipient" } as const;
      await recordRefusal({ deliveryId: await campaign(other.id), judgement, reply: "550 no" });
    },
    "ok",
  ],
  [
    "the other is of a life before it was typed again",
    async () => {
      await refuse("hard");
      await sql`update email_addresses set created_at = clock_timestamp() where address = ${address}`;
    },
    "ok",
  ],
];
for (const [what, left, standing] of lifts)
  test(`a verdict is taken back and ${what}: ${standing}`, async () => {
    await left();
    await dead();
    await lift();
    assert.deepEqual(await row(), [standing, 0, standing === "hard" ? 1 : 0]);
  });

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
/** A mail that left so many days ago, after a passing refusal of `rest` days ago. */
const sentAfter = async (rest: number, left: number, settle: string | null = null) => {
  const id = await campaign();
  await sql`update email_addresses set standing_at = ${daysAgo(rest)} where address = ${address}`;
  await sql`update deliveries set settled_at = ${daysAgo(left)}, bounced_at = ${settle === null ? null : new Date()} where id = ${id}`;
};

const successes: [what: string, work: () => Promise<unknown>, revived: boolean][] = [
  ["a mail left after the refusal and nobody returned it", () => sentAfter(20, 6), true],
  ["it may still be returned", () => sentAfter(20, 4), false],
  ["it left before the refusal", () => sentAfter(20, 21), false],
  ["it was returned", () => sentAfter(20, 6, "returned"), false],
  ["nothing left since", async () => {}, false],
  [
    "what left was refused at once",
    async () => {
      await sentAfter(20, 6);
      await sql`update deliveries set status = 'failed', reason = 'x' where contact_id = ${personId} and id = (select max(id) from deliveries)`;
    },
    false,
  ],
  [
    "what arrived went to another address of theirs",
    async () => {
      await sentAfter(20, 6);
      await sql`update deliveries set address_hash = sha256('autre') where id = (select max(id) from deliveries)`;
    },
    false,
  ],
  [
    "what arrived went to whoever had this address before",
    async () => {
      await sentAfter(20, 6);
      const { id } = await givePerson(`avant${made}@exemple.fr`);
      await sql`update deliveries set contact_id = ${id} where id = (select max(id) from deliveries)`;
    },
    false,
  ],
];
for (const [what, work, revived] of successes)
  test(`resting, and ${what}: ${revived ? "written to again" : "left alone"}`, async () => {
    for (const _ of [1, 2, 3]) await full();
    assert.deepEqual(await row(), ["soft", 3, 1]);
    await work();
    await reviveRested();
    assert.deepEqual(await row(), revived ? ["ok", 0, 0] : ["soft", 3, 1]);
  });

test("a dead address is not revived by a mail that nobody returned", async () => {
  await refuse("hard");
  await sentAfter(20, 6);
  await reviveRested();
  assert.equal((await row())[0], "hard");
});

type Left = [
  verdict: Verdict,
  more?: { class?: string; reason?: string; overturned?: boolean; other?: boolean },
];
const said = {
  ...{ blame: "sender" as Blame, reason: "x", status: "", action: "failed", diagnostic: "" },
  ...{ recipient: null, originalRecipient: null },
};
const verdictsLeft: [what: string, left: Left[], bounce: Verdict | null][] = [
  ["the gravest of two reports", [["soft"], ["hard"], ["unknown"]], "hard"],
  ["a passing one rather than one nobody explained", [["unknown"], ["soft"]], "soft"],
  ["what was not taken back", [["hard", { overturned: true }], ["soft"]], "soft"],
  ["nothing of a delay", [["soft", { reason: "delayed" }]], null],
  ["nothing of what a server said at the door", [["hard", { class: "refusal" }]], null],
  ["nothing of another letter", [["hard", { other: true }]], null],
  ["nothing", [], null],
];
for (const [what, left, bounce] of verdictsLeft)
  test(`a letter whose verdict was taken back keeps ${what}`, async () => {
    const [id, beside] = [await campaign(), await campaign()];
    await sql`update deliveries set bounce = 'hard', bounced_at = now() where id in (${id}, ${beside})`;
    for (const [verdict, more] of left)
      await sql`
        insert into bounces (delivery_id, class, verdict, blame, proof, reason, overturned_at)
        values (${more?.other ? beside : id}, ${more?.class ?? "bounce"}, ${verdict}, 'sender', 'signed', ${more?.reason ?? "x"},
          ${more?.overturned ? new Date() : null})`;
    await dead();
    await transaction((client) => standAgain(client, id));
    const [now, other] = await db.delivery.findMany({
      where: { id: { in: [id, beside] } },
      orderBy: { id: "asc" },
    });
    assert.deepEqual([now?.bounce, now?.bouncedAt !== null], [bounce, bounce !== null]);
    assert.deepEqual([other?.bounce, other?.bouncedAt !== null], ["hard", true]);
    assert.deepEqual(await row(), ["ok", 0, 0], "and its address is in service");
  });

const meets: [first: Verdict, second: Verdict, kept: Verdict, told: number][] = [
  ["soft", "hard", "hard", 2],
  ["hard", "soft", "hard", 1],
  ["unknown", "soft", "soft", 2],
  ["soft", "unknown", "soft", 1],
  ["unknown", "hard", "hard", 2],
  ["hard", "unknown", "hard", 1],
  ["soft", "soft", "soft", 1],
];
for (const [first, second, kept, told] of meets)
  test(`of ${first}, then ${second}, a letter keeps ${kept}, and its reader's page has ${told}`, async () => {
    const [deliveryId, beside] = [await campaign(), await campaign()];
    const target = { deliveryId, contactId: personId, campaignId: null, addressHash: hash, address };
    const say = (verdict: Verdict) =>
      transaction((client) =>
        applyVerdicts(client, { ...target, old: false, answered: false }, [{ ...said, verdict }], 1),
      );
    const bounced = (id: number) =>
      db.delivery.findUniqueOrThrow({ where: { id }, select: { bounce: true, bouncedAt: true } });
    await say(first);
    const { bouncedAt } = await bounced(deliveryId);
    assert.ok(bouncedAt);
    await say(second);
    assert.deepEqual(await bounced(deliveryId), { bounce: kept, bouncedAt });
    assert.deepEqual(await bounced(beside), { bounce: null, bouncedAt: null });
    assert.equal(await db.activity.count({ where: { contactId: personId } }), told);
  });

test("a letter is refused at the door once", async () => {
  const deliveryId = await refuse("soft");
  const beside = await refuse("soft");
  const judgement = { reason: "x", verdict: "hard", blame: "recipient" } as const;
  await recordRefusal({ deliveryId, judgement, reply: "550 no" });
  assert.equal((await row())[0], "soft");
  assert.equal(await db.bounce.count({ where: { deliveryId: { in: [deliveryId, beside] } } }), 2);
});
