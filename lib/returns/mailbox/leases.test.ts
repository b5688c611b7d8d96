/** Whose turn it is to read which mailbox and which Sent folder, and what a reader that was replaced may still write: nothing. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { db, pool, sql, transaction } from "#lib/machine/db";
import { backOff, LeaseLost } from "#lib/machine/lease";
import { advance, leaseMailbox, mailboxes, releaseMailbox } from "#lib/returns/mailbox/lease";
import {
  countByHand,
  leaseSentFolder,
  recordNoCopies,
  releaseSentFolder,
  renew,
  sentFolders,
  startOver,
} from "#lib/returns/mailbox/sent-lease";
import { sendingCampaign } from "#testing/deliveries";

const long = new Date(0);
const soon = () => new Date(Date.now() + 60_000);
/** Null: a relay without a mailbox. */
const give = async (mailbox: object | null = {}, relay: object = {}) =>
  (
    await db.relay.create({
      data: {
        ...{ name: "R", kind: "smtp", host: "smtp.example", ...relay },
        ...(mailbox && { mailbox: { create: { host: "imap.example", dueAt: long, ...mailbox } } }),
      },
    })
  ).id;
const others = (id: number, table: "mailboxes" | "sent_folders") =>
  table === "mailboxes"
    ? sql`select * from mailboxes where relay_id <> ${id} order by relay_id`
    : sql`select * from sent_folders where relay_id <> ${id} order by relay_id`;

beforeEach(async () => {
  await sql`delete from sent_folders`;
  await sql`update relays set archived_at = now()`;
  await sql`update mailboxes set due_at = now() + interval '1 day'`;
});

describe("a mailbox", () => {
  const take = async () => {
    const lease = await leaseMailbox();
    assert.ok(lease);
    return lease;
  };

  test("is read when it is due, by one reader, the longest due first", async () => {
    const [second, first] = [await give({ dueAt: new Date(1000) }), await give()];
    await give({ dueAt: soon() });
    await give({}, { archivedAt: long });
    await give(null);
    await give({ leaseUntil: soon(), leaseToken: crypto.randomUUID() });
    const lapsed = await give({ dueAt: new Date(2000), leaseUntil: long });
    const sandbox = await give({ host: "", dueAt: new Date(3000) }, { kind: "sandbox", host: "" }).catch(
      () => null,
    );
    const taken: (number | undefined)[] = [];
    for (let lease = await leaseMailbox(); lease; lease = await leaseMailbox()) taken.push(lease.id);
    assert.deepEqual(taken, [first, second, lapsed, ...(sandbox === null ? [] : [sandbox])]);
  });

  test("is passed on: its reader moves the cursor and gives it back, and no other is touched", async () => {
    const id = await give();
    await give({ dueAt: soon() });
    const before = await others(id, "mailboxes");
    const lease = await take();
    await transaction((client) => advance(client, lease, 7n, 12));
    const state = () => db.mailbox.findUniqueOrThrow({ where: { relayId: id } });
    assert.deepEqual([(await state()).uidValidity, (await state()).lastUid], [7n, 12]);
    await releaseMailbox(lease);
    const after = await state();
    assert.deepEqual([after.leaseToken, after.failures, after.error], [null, 0, null]);
    assert.ok(Math.abs(Number(after.dueAt) - Number(after.readAt) - 60_000) < 1_000);
    await db.mailbox.update({ where: { relayId: id }, data: { dueAt: long } });
    const again = await take();
    assert.deepEqual([again.validity, again.lastUid, again.hadFailed], [7n, 12, false]);
    await transaction((client) => backOff(client, mailboxes, again, "auth"));
    assert.deepEqual(await others(id, "mailboxes"), before);
    await db.mailbox.update({ where: { relayId: id }, data: { dueAt: long } });
    assert.equal((await take()).hadFailed, true);
  });

  test("is lost by a reader that was too slow: nothing of what it says is written", async () => {
    const id = await give();
    const slow = await take();
    await db.mailbox.update({ where: { relayId: id }, data: { leaseUntil: long } });
    const quick = await take();
    const before = await db.mailbox.findUniqueOrThrow({ where: { relayId: id } });
    await assert.rejects(
      transaction((client) => advance(client, slow, 9n, 99)),
      LeaseLost,
    );
    await releaseMailbox(slow);
    await transaction((client) => backOff(client, mailboxes, slow, "auth"));
    assert.deepEqual(await db.mailbox.findUniqueOrThrow({ where: { relayId: id } }), before);
    await transaction((client) => advance(client, quick, 9n, 1));
  });
});

describe("a Sent folder", () => {
  const take = async () => {
    const lease = await leaseSentFolder();
    assert.ok(lease);
    return lease;
  };
  const folder = (relayId: number) => db.sentFolder.findUniqueOrThrow({ where: { relayId } });
  const at = { path: "Sent", validity: 5n, uid: 40 };
  const use = (relay: number, outcome: string, hours: number, n = 1) => sql`
    insert into relay_usage (relay_id, bucket, shard, outcome, n)
    values (${relay}, date_bin('10 seconds', now() - make_interval(mins => ${Math.round(hours * 60)}), 'epoch'), 0, ${outcome}, ${n})`;
  const used = async (relay: number) =>
    (
      await sql<{ n: number }>`
        select coalesce(sum(n), 0)::int as n from relay_usage where relay_id = ${relay} and outcome = 'byHand'`
    )[0]?.n;

  test("is that of a relay in use that has a mailbox, when it is due and nobody reads it", async () => {
    const id = await give();
    await give(null);
    const gone = await give({}, { archivedAt: long });
    await sql`insert into sent_folders (relay_id) values (${gone})`;
    // The sandbox has a mailbox and no Sent folder.
    await sql`insert into mailboxes (relay_id) select id from relays where kind = 'sandbox' on conflict do nothing`;
    await sql`update relays set archived_at = null where id = (select min(id) from relays where kind = 'sandbox')`;
    assert.equal((await take()).id, id);
    assert.equal(await leaseSentFolder(), null);
    assert.deepEqual(await sql`select relay_id as id from sent_folders order by 1`, [{ id }, { id: gone }]);
    await db.sentFolder.update({ where: { relayId: id }, data: { leaseUntil: long, dueAt: soon() } });
    assert.equal(await leaseSentFolder(), null, "not due");
    await db.sentFolder.update({ where: { relayId: id }, data: { leaseUntil: soon(), dueAt: long } });
    assert.equal(await leaseSentFolder(), null, "somebody reads it");
  });

  test("is lost by a reader that was too slow: nothing of what it says is written", async () => {
    const id = await give();
    await use(id, "byHand", 1);
    await use(id, "sent", 1);
    const slow = await take();
    await db.sentFolder.update({ where: { relayId: id }, data: { leaseUntil: long } });
    const quick = await take();
    const before = await folder(id);
    await assert.rejects(renew(slow), LeaseLost);
    await assert.rejects(
      transaction((client) => startOver(client, slow, at)),
      LeaseLost,
    );
    const copies = [{ delivery: null, at: new Date(), recipients: ["a@b.example"] }] as never;
    await assert.rejects(
      transaction((client) => countByHand(client, slow, at, copies)),
      LeaseLost,
    );
    await recordNoCopies(slow);
    await releaseSentFolder(slow, 600);
    await backOff(pool(), sentFolders, slow, "auth");
    assert.deepEqual(await folder(id), before);
    assert.equal(await used(id), 1);
    await renew(quick);
  });

  test("is written of by its own reader, and no other's is touched", async () => {
    const [id, other] = [await give(), await give()];
    await sql`insert into sent_folders (relay_id, due_at) values (${id}, '1970-01-01'), (${other}, now() + interval '1 day')`;
    await use(other, "byHand", 1);
    await use(id, "byHand", 1);
    await use(id, "byHand", 30);
    await use(id, "refused", 1);
    const before = await others(id, "sent_folders");
    const lease = await take();
    assert.equal(lease.id, id);
    await transaction((client) => startOver(client, lease, at));
    assert.deepEqual([await used(id), await used(other)], [1, 1], "the last day is counted again");
    await renew(lease);
    await recordNoCopies(lease);
    assert.equal((await folder(id)).filesCopies, false);
    await transaction((client) => startOver(client, { ...lease, validity: 4n }, at));
    const anew = await folder(id);
    assert.deepEqual(
      [anew.filesCopies, anew.path, anew.uidValidity, Number(anew.lastUid)],
      [null, "Sent", 5n, 40],
    );
    const { campaign } = await sendingCampaign({ port: 1, recipients: 1 });
    const [ours] = await sql<{ id: number }>`
      update deliveries set relay_id = ${id} where campaign_id = ${campaign} returning id`;
    const copies = [{ delivery: ours?.id ?? 0, at: new Date(), recipients: [] }] as never;
    await transaction((client) => countByHand(client, lease, at, copies));
    assert.equal((await folder(id)).filesCopies, true, "a copy of ours is there");
    await backOff(pool(), sentFolders, lease, "auth");
    assert.deepEqual([(await folder(id)).error, (await folder(id)).failures], ["auth", 1]);
    assert.deepEqual(await others(id, "sent_folders"), before);
  });

  test("files no copies when the day's ledger has messages and nobody saw one", async () => {
    const filing = 600;
    const told = async (usage: [string, number, number?][]) => {
      const [id, other] = [await give(), await give()];
      await use(other, "sent", 3);
      for (const [outcome, hours, n] of usage) await use(id, outcome, hours, n);
      await sql`insert into sent_folders (relay_id, due_at) values (${id}, '1970-01-01'), (${other}, now() + interval '1 day')`;
      await releaseSentFolder(await take(), filing);
      return (await folder(id)).filesCopies;
    };
    assert.equal(await told([["sent", 1]]), false);
    assert.equal(await told([["refused", 1]]), null);
    assert.equal(await told([["sent", 1, 0]]), null);
    assert.equal(await told([["sent", 0.1]]), null, "perhaps they are only late");
    assert.equal(await told([["sent", 21]]), null);
  });
});
