/** Whose turn it is to read which mailbox and which Sent folder, and what a reader that was replaced may still write: nothing. */
import "#testing/database";
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { advance, backOff, leaseMailbox, releaseMailbox } from "#lib/returns/mailbox/lease";
import {
  backOffSent,
  countByHand,
  LeaseLost,
  leaseSentFolder,
  releaseSentFolder,
  renew,
  startOver,
  tellNoCopies,
} from "#lib/returns/mailbox/sent-lease";

const long = new Date(0);
const soon = () => new Date(Date.now() + 60_000);
const give = async (data: object = {}) =>
  (
    await db.relay.create({
      data: {
        name: "R",
        kind: "smtp",
        host: "smtp.example",
        imapHost: "imap.example",
        imapDueAt: long,
        ...data,
      },
    })
  ).id;
const others = (id: number, table: "relays" | "sent_folders") =>
  table === "relays"
    ? sql`select * from relays where id <> ${id} order by id`
    : sql`select * from sent_folders where relay_id <> ${id} order by relay_id`;

beforeEach(async () => {
  await sql`delete from sent_folders`;
  await sql`update relays set archived_at = now(), imap_due_at = now() + interval '1 day'`;
});

describe("a mailbox", () => {
  const take = async () => {
    const lease = await leaseMailbox();
    assert.ok(lease);
    return lease;
  };

  test("is read when it is due, by one reader, the longest due first", async () => {
    const [second, first] = [await give({ imapDueAt: new Date(1000) }), await give()];
    await give({ imapDueAt: soon() });
    await give({ archivedAt: long });
    await give({ imapHost: "" });
    await give({ imapLeaseUntil: soon(), imapLeaseToken: crypto.randomUUID() });
    const lapsed = await give({ imapDueAt: new Date(2000), imapLeaseUntil: long });
    const sandbox = await give({ kind: "sandbox", imapHost: "", host: "", imapDueAt: new Date(3000) }).catch(
      () => null,
    );
    const taken: (number | undefined)[] = [];
    for (let lease = await leaseMailbox(); lease; lease = await leaseMailbox()) taken.push(lease.relayId);
    assert.deepEqual(taken, [first, second, lapsed, ...(sandbox === null ? [] : [sandbox])]);
  });

  test("is passed on: its reader moves the cursor and gives it back, and no other is touched", async () => {
    const id = await give();
    await give({ imapDueAt: soon() });
    const before = await others(id, "relays");
    const lease = await take();
    assert.equal(await transaction((client) => advance(client, lease, 7n, 12)), true);
    const state = () => db.relay.findUniqueOrThrow({ where: { id } });
    assert.deepEqual([(await state()).imapUidValidity, (await state()).imapLastUid], [7n, 12]);
    await releaseMailbox(lease);
    const after = await state();
    assert.deepEqual([after.imapLeaseToken, after.imapFailures, after.imapError], [null, 0, null]);
    assert.ok(Math.abs(Number(after.imapDueAt) - Number(after.imapPolledAt) - 60_000) < 1_000);
    await db.relay.update({ where: { id }, data: { imapDueAt: long } });
    const again = await take();
    assert.deepEqual([again.validity, again.lastUid, again.hadFailed], [7n, 12, false]);
    await transaction((client) => backOff(client, again, "auth"));
    assert.deepEqual(await others(id, "relays"), before);
    await db.relay.update({ where: { id }, data: { imapDueAt: long } });
    assert.equal((await take()).hadFailed, true);
  });

  test("is lost by a reader that was too slow: nothing of what it says is written", async () => {
    const id = await give();
    const slow = await take();
    await db.relay.update({ where: { id }, data: { imapLeaseUntil: long } });
    const quick = await take();
    const before = await db.relay.findUniqueOrThrow({ where: { id } });
    assert.equal(await transaction((client) => advance(client, slow, 9n, 99)), false);
    await releaseMailbox(slow);
    await transaction((client) => backOff(client, slow, "auth"));
    assert.deepEqual(await db.relay.findUniqueOrThrow({ where: { id } }), before);
    assert.equal(await transaction((client) => advance(client, quick, 9n, 1)), true);
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
    await give({ imapHost: "" });
    const gone = await give({ archivedAt: long });
    await sql`insert into sent_folders (relay_id) values (${gone})`;
    assert.equal((await take()).relayId, id);
    assert.equal(await leaseSentFolder(), null);
    assert.equal(await db.sentFolder.count(), 2);
    await db.sentFolder.update({ where: { relayId: id }, data: { leaseUntil: long, dueAt: soon() } });
    assert.equal(await leaseSentFolder(), null, "not due");
    await db.sentFolder.update({ where: { relayId: id }, data: { leaseUntil: soon(), dueAt: long } });
    assert.equal(await leaseSentFolder(), null, "somebody reads it");
  });

  test("is lost by a reader that was too slow: nothing of what it says is written", async () => {
    const id = await give();
    await use(id, "byHand", 1);
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
    await tellNoCopies(slow);
    await releaseSentFolder(slow, 600);
    await backOffSent(slow, "auth");
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
    assert.equal(lease.relayId, id);
    await transaction((client) => startOver(client, lease, at));
    assert.deepEqual([await used(id), await used(other)], [1, 1], "the last day is counted again");
    await renew(lease);
    await tellNoCopies(lease);
    assert.equal((await folder(id)).filesCopies, false);
    await transaction((client) => startOver(client, { ...lease, validity: 4n }, at));
    const anew = await folder(id);
    assert.deepEqual(
      [anew.filesCopies, anew.path, anew.uidValidity, Number(anew.lastUid)],
      [null, "Sent", 5n, 40],
    );
    await backOffSent(lease, "auth");
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
