import "#testing/database";
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { audienceSql, countAudience } from "#lib/letters/campaigns/audience";
import { db, pool } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { everyone, person } from "#testing/campaigns";

const topic = async (key: string) => (await db.topic.findUniqueOrThrow({ where: { key } })).id;
const count = async (key = "src") => countAudience({ topicId: await topic(key), criteria: everyone });

const suppress = async (address: string, key: string | null, liftedAt: Date | null = null) =>
  db.suppression.create({
    data: {
      addressHash: hashAddress(address),
      topicId: key === null ? null : await topic(key),
      reason: "manual",
      liftedAt,
    },
  });

const subscribe = async (
  contactId: number,
  key: string,
  dates: { subscribedAt?: Date; unsubscribedAt?: Date },
) => db.subscription.create({ data: { contactId, topicId: await topic(key), ...dates } });

describe("the audience of a campaign", () => {
  afterEach(async () => {
    await db.contact.deleteMany();
    await db.suppression.deleteMany();
    await db.topic.updateMany({ where: { key: "src" }, data: { legalBasis: "public_task" } });
  });

  it("is everybody with an address, by default", async () => {
    await person();
    await person({ addresses: [{ address: "not-primary@example.org" }] });
    assert.deepEqual(await count(), { recipients: 2, exclusions: {} });
  });

  it("leaves out whoever has no address, is archived, complained or bounced", async () => {
    await person({ addresses: [] });
    await person({ archivedAt: new Date() });
    await person({ addresses: [{ address: "c@example.org", isPrimary: true, standing: "complaint" }] });
    await person({ addresses: [{ address: "h@example.org", isPrimary: true, standing: "hard" }] });
    await person({ addresses: [{ address: "s@example.org", isPrimary: true, standing: "soft" }] });
    assert.deepEqual(await count(), {
      recipients: 1,
      exclusions: { noAddress: 1, archived: 1, complaint: 1, hardBounce: 1 },
    });
  });

  it("takes the address in best standing when none is primary", async () => {
    await person({
      addresses: [
        { address: "old@example.org", standing: "hard" },
        { address: "new@example.org", standing: "ok" },
      ],
    });
    assert.equal((await count()).recipients, 1);
  });

  it("leaves a dead or resting primary for the address beside it", async () => {
    for (const [at, primary] of [
      { standing: "hard" as const },
      { standing: "soft" as const, softBounces: 3 },
    ].entries())
      await person({
        addresses: [
          { address: `dead${at}@example.org`, isPrimary: true, ...primary },
          { address: `alive${at}@example.org`, standing: "soft", softBounces: 2 },
        ],
      });
    await person({
      addresses: [
        { address: "tired@example.org", isPrimary: true, standing: "soft", softBounces: 2 },
        { address: "fresh@example.org" },
      ],
    });
    const values: unknown[] = [];
    const { rows } = await pool().query<{ address: string }>({
      text: `select address from (${audienceSql({ topicId: await topic("src"), criteria: everyone }, values)}) audience order by address`,
      values,
    });
    assert.deepEqual(
      rows.map(({ address }) => address),
      ["alive0@example.org", "alive1@example.org", "tired@example.org"],
    );
  });

  it("obeys a suppression of all mail or of this topic, not of another, not a lifted one", async () => {
    for (const name of ["all", "src", "taxe", "lifted"])
      await person({ addresses: [{ address: `${name}@example.org` }] });
    await suppress("all@example.org", null);
    await suppress("src@example.org", "src");
    await suppress("taxe@example.org", "taxe");
    await suppress("lifted@example.org", null, new Date());
    assert.deepEqual(await count(), { recipients: 2, exclusions: { suppressed: 2 } });
  });

  it("leaves out whoever unsubscribed from this topic, until they come back", async () => {
    const [gone, back, other] = [await person(), await person(), await person()];
    await subscribe(gone, "src", { subscribedAt: new Date(1000), unsubscribedAt: new Date(2000) });
    await subscribe(back, "src", { unsubscribedAt: new Date(1000), subscribedAt: new Date(2000) });
    await subscribe(other, "taxe", { unsubscribedAt: new Date(1000) });
    assert.deepEqual(await count(), { recipients: 2, exclusions: { unsubscribed: 1 } });
  });

  it("wants a subscription where the topic rests on consent", async () => {
    await db.topic.updateMany({ where: { key: "src" }, data: { legalBasis: "consent" } });
    await subscribe(await person(), "src", { subscribedAt: new Date() });
    await person();
    assert.deepEqual(await count(), { recipients: 1, exclusions: { notSubscribed: 1 } });
  });

  it("names the gravest reason when there are several", async () => {
    const id = await person({
      addresses: [{ address: "x@example.org", isPrimary: true, standing: "complaint" }],
    });
    await subscribe(id, "src", { unsubscribedAt: new Date() });
    await suppress("x@example.org", null);
    assert.deepEqual(await count(), { recipients: 0, exclusions: { complaint: 1 } });
  });
});
