import "#lib/test-db";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { db, sql } from "#lib/db";
import { sendingCampaign } from "#lib/deliveries/fixtures";
import { messageId } from "#lib/deliveries/message-id";
import { settleUnknown } from "#lib/deliveries/unknown";
import { account, type Dovecot, sentFolder, startDovecot } from "#lib/mailbox/dovecot";
import { readSentFolders } from "#lib/mailbox/sent";
import { seal } from "#lib/seal";

let server: Dovecot;
before(async () => {
  server = await startDovecot();
  await server.create(sentFolder);
  // A folder that is only called so: the attribute comes first.
  await server.create("Sent");
});
after(() => server.stop());

let ids: { campaign: number; relay: number; deliveries: number[] };
beforeEach(async () => {
  await sql`update relays set archived_at = now() where kind = 'smtp'`;
  await sql`delete from sent_folders`;
  const { campaign, relay } = await sendingCampaign({ port: 1, recipients: 6 });
  // Its worker is elsewhere.
  await sql`update campaigns set status = 'paused' where id = ${campaign}`;
  await db.relay.update({
    where: { id: relay },
    data: {
      imapHost: "127.0.0.1",
      imapPort: server.port,
      imapSecurity: "none",
      imapUsername: account.username,
      sealedImapPassword: seal(account.password),
    },
  });
  const rows = await sql<{
    id: number;
  }>`select id from deliveries where campaign_id = ${campaign} order by id`;
  ids = { campaign, relay, deliveries: rows.map(({ id }) => id) };
});

const nth = (n: number) => ids.deliveries[n] ?? 0;
const read = async () => {
  await sql`update sent_folders set due_at = now() where relay_id = ${ids.relay}`;
  await sql`update lookups set due_at = now() - interval '1 second'`;
  return readSentFolders();
};
const status = async (n: number) =>
  await db.delivery.findUniqueOrThrow({ where: { id: nth(n) }, select: { status: true, reason: true } });
const lookup = (n: number) => db.lookup.findUnique({ where: { deliveryId: nth(n) } });
const folder = () => db.sentFolder.findUniqueOrThrow({ where: { relayId: ids.relay } });

/** Minutes ago. As the sweep leaves it, the ledger included. */
async function lose(n: number, ago: number) {
  await sql`
    with lost as (
      update deliveries set status = 'unknown', relay_id = ${ids.relay}, attempts = 1, reason = 'workerLost',
        announced_at = now() - make_interval(secs => ${ago * 60 + 30}), unknown_at = now() - make_interval(secs => ${ago * 60})
      where id = ${nth(n)} returning relay_id, unknown_at, campaign_id, address
    )
    insert into relay_usage (relay_id, bucket, shard, campaign_id, domain, outcome, n)
    select relay_id, date_bin('10 seconds', unknown_at, 'epoch'), 0, campaign_id, ledger_domain(relay_id, address), 'unknown', 1 from lost
    on conflict (relay_id, bucket, shard, campaign_id, domain, outcome, reason) do update set n = relay_usage.n + 1`;
}
/** Accepted so many minutes ago. */
async function accept(n: number, ago: number) {
  await sql`
    with accepted as (
      update deliveries set status = 'sent', relay_id = ${ids.relay}, attempts = 1, settled_at = now(),
        announced_at = now() - make_interval(secs => ${ago * 60})
      where id = ${nth(n)} returning *
    )
    insert into relay_usage (relay_id, bucket, shard, campaign_id, outcome, n)
    select relay_id, date_bin('10 seconds', announced_at, 'epoch'), 3, campaign_id, 'sent', 1 from accepted`;
}
const file = (n: number, ago = 0) =>
  server.append(
    Buffer.from(
      `From: lettre@iut.example\r\nTo: r@c.example\r\nMessage-ID: ${messageId(nth(n), "iut.example")}\r\n\r\nBonjour\r\n`,
    ),
    new Date(Date.now() - ago * 60_000),
    sentFolder,
  );
const byHand = (to: string, ago = 0, more = "") =>
  server.append(
    Buffer.from(
      `From: prof@iut.example\r\nTo: ${to}\r\n${more}Message-ID: <${Math.random()}@mail.example>\r\n\r\nBonjour\r\n`,
    ),
    new Date(Date.now() - ago * 60_000),
    sentFolder,
  );
const counted = async (outcome: string) =>
  (
    await sql<{ n: number }>`
    select coalesce(sum(n), 0)::int as n from relay_usage where relay_id = ${ids.relay} and outcome = ${outcome}
      and bucket > now() - interval '24 hours'`
  )[0]?.n;

test("a copy in the folder marked \\Sent settles the delivery as sent, and the ledger keeps it", async () => {
  await lose(0, 2);
  await file(0, 2.5);
  assert.equal(await read(), 1);
  assert.deepEqual(await status(0), { status: "sent", reason: "foundInSent" });
  assert.equal(await counted("unknown"), 1);
  assert.equal((await folder()).path, sentFolder);
  assert.equal((await folder()).filesCopies, true);
  const [attempt] = await sql`select outcome, reason from attempts where delivery_id = ${nth(0)}`;
  assert.deepEqual(attempt, { outcome: "sent", reason: "foundInSent" });
});

test("a copy that arrived while the delivery was still being sent is found later", async () => {
  await file(0, 3);
  await read();
  await lose(0, 2);
  assert.equal(await read(), 1);
  assert.deepEqual(await status(0), { status: "sent", reason: "foundInSent" });
});

test("absent, with the copy of a later message there: it is sent again and leaves the ledger", async () => {
  await lose(0, 5);
  await accept(1, 3);
  await file(1, 3);
  assert.equal(await read(), 1);
  assert.deepEqual(await status(0), { status: "queued", reason: "notInSent" });
  assert.equal(await counted("unknown"), 0);
  assert.equal(await lookup(0), null);
});

test("absent proves nothing without a control, too early, or when only the unknown one's own minute is covered", async () => {
  await lose(0, 0.5);
  await lose(1, 3);
  await accept(2, 2.5);
  await file(2, 2.5);
  assert.equal(await read(), 0);
  assert.equal((await status(0)).status, "unknown");
  assert.equal(await lookup(0), null, "not looked for within the first minute");
  assert.equal((await lookup(1))?.verdict, "tooEarly");
  assert.equal((await folder()).filesCopies, true);
  assert.equal(await read(), 0);
  assert.equal((await lookup(1))?.looks, 2);
});

test("accepted late, after the first look, it is found and not sent again", async () => {
  await lose(0, 3);
  await accept(1, 10);
  await file(1, 10);
  assert.equal(await read(), 0);
  await file(0);
  await accept(2, 0);
  await file(2);
  assert.equal(await read(), 1);
  assert.deepEqual(await status(0), { status: "sent", reason: "foundInSent" });
});

test("at the end of a campaign an earlier control will do, after a quarter of an hour", async () => {
  await accept(1, 20);
  await file(1, 20);
  await lose(0, 14);
  await lose(2, 16);
  assert.equal(await read(), 1);
  assert.deepEqual(await status(2), { status: "queued", reason: "notInSent" });
  assert.equal((await status(0)).status, "unknown");
  assert.equal((await lookup(0))?.earlierId, nth(1));
});

test("an account that files no copies is told so, its rows are left to people, and it is believed again at the first copy", async () => {
  await lose(0, 20);
  await accept(1, 18);
  assert.equal(await read(), 0);
  assert.equal((await status(0)).status, "unknown");
  assert.equal((await lookup(0))?.verdict, "noCopies");
  assert.equal((await folder()).filesCopies, false);
  await file(1);
  assert.equal(await read(), 1);
  assert.equal((await folder()).filesCopies, true);
  assert.deepEqual(await status(0), { status: "queued", reason: "notInSent" });
});

test("known before anything is lost: a day's messages and not one copy", async () => {
  await accept(1, 5);
  await read();
  assert.equal((await folder()).filesCopies, null, "perhaps they are only late");
  await accept(2, 15);
  await read();
  assert.equal((await folder()).filesCopies, false);
});

test("new numbers for the same mails change no verdict and count nothing twice", async () => {
  await byHand("a@b.example, C <c@d.example>", 30, "Cc: e@f.example\r\nBcc: g@h.example\r\n");
  await file(0, 3);
  await read();
  assert.equal(await counted("byHand"), 4);
  const { uidValidity } = await folder();
  await server.renumber(sentFolder);
  await lose(0, 2);
  await lose(1, 5);
  await accept(2, 1);
  await file(2, 1);
  await read();
  assert.notEqual((await folder()).uidValidity, uidValidity);
  assert.equal(await counted("byHand"), 4);
  assert.deepEqual(await status(0), { status: "sent", reason: "foundInSent" });
  assert.deepEqual(await status(1), { status: "queued", reason: "notInSent" });
});

test("what people send is counted once, by recipient, at its time, under the domain the relay limits", async () => {
  await sql`insert into relay_domains (relay_id, domain, per_hour) values (${ids.relay}, 'orange.fr', 10)`;
  const before = (await counted("byHand")) ?? 0;
  await read();
  const start = (await counted("byHand")) ?? 0;
  assert.equal(start, 4 + before, "the last 24 hours of the account, whoever reads it");
  await byHand("lea@Orange.fr, tom@b.example", 10);
  await byHand("undisclosed-recipients:;", 5);
  await byHand("hier@b.example", 26 * 60);
  await file(3);
  await read();
  await read();
  assert.equal(await counted("byHand"), start + 3);
  const rows = await sql`
    select domain, n, extract(epoch from now() - bucket)::int / 60 as ago from relay_usage
    where relay_id = ${ids.relay} and outcome = 'byHand' and bucket > now() - interval '15 minutes' order by bucket, domain`;
  assert.deepEqual(rows, [
    { domain: "", n: 1, ago: 10 },
    { domain: "orange.fr", n: 1, ago: 10 },
    { domain: "", n: 1, ago: 5 },
  ]);
});

test("several workers at once settle each delivery once and count each mail once", async () => {
  await read();
  const start = (await counted("byHand")) ?? 0;
  for (let n = 0; n < 5; n++) await byHand(`p${n}@b.example`);
  for (const n of [0, 1, 2]) await lose(n, 5);
  await accept(3, 1);
  await file(0, 5);
  await file(3, 1);
  await sql`update sent_folders set due_at = now()`;
  const settled = await Promise.all([readSentFolders(), readSentFolders(), readSentFolders()]);
  assert.deepEqual(settled.toSorted(), [0, 0, 3]);
  assert.equal(await counted("byHand"), start + 5);
  assert.equal(await counted("unknown"), 1);
  const log =
    await sql`select outcome, count(*)::int as n from attempts where delivery_id = any(${ids.deliveries}) group by 1 order by 1`;
  assert.deepEqual(log, [
    { outcome: "requeued", n: 2 },
    { outcome: "sent", n: 1 },
  ]);
});

test("no verdict while the folder is missing, the server away or the password wrong; less and less often, and shown", async () => {
  await lose(0, 20);
  await accept(1, 3);
  await file(1, 3);
  const failing = async (data: object, error: string) => {
    await db.relay.update({ where: { id: ids.relay }, data });
    assert.equal(await read(), 0);
    const now = await folder();
    assert.equal(now.error, error);
    assert.equal(now.leaseToken, null);
    assert.equal((await status(0)).status, "unknown");
    assert.equal(await lookup(0), null);
    return now.dueAt.getTime() - Date.now();
  };
  const first = await failing({ sentFolder: "Nulle part" }, "folder");
  const second = await failing({ sentFolder: "", imapPort: 1 }, "refused");
  const third = await failing({ imapPort: server.port, sealedImapPassword: seal("faux") }, "auth");
  assert.ok(first < second && second < third, `${first} < ${second} < ${third}`);
  await db.relay.update({ where: { id: ids.relay }, data: { sealedImapPassword: seal(account.password) } });
  assert.equal(await read(), 1);
  assert.equal((await folder()).error, null);
  assert.deepEqual(await status(0), { status: "queued", reason: "notInSent" });
});

test("the folder may be named by hand, and by its usual names", async () => {
  await server.create("INBOX.Envoyés");
  await db.relay.update({ where: { id: ids.relay }, data: { sentFolder: "envoyés" } });
  await read();
  assert.equal((await folder()).path, "INBOX.Envoyés");
  await db.relay.update({ where: { id: ids.relay }, data: { sentFolder: "Sent" } });
  await read();
  assert.equal((await folder()).path, "Sent");
});

test("a reader that was killed is followed by another once its lease is over", async () => {
  await read();
  await lose(0, 2);
  await file(0, 2);
  const leased = (seconds: number) =>
    sql`update sent_folders set lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => ${seconds})`;
  await leased(60);
  assert.equal(await read(), 0);
  await leased(-1);
  assert.equal(await read(), 1);
});

test("what became unknown again after the reading began is not requeued by it", async () => {
  await lose(0, 5);
  const readAt = new Date(Date.now() - 6 * 60_000);
  const { settleNotFound } = await import("#lib/deliveries/unknown");
  assert.equal(await settleNotFound([nth(0)], readAt), 0);
  assert.equal(await settleNotFound([nth(0)], new Date()), 1);
});

test("people settle all of a campaign, one of them, or letters; a cancelled campaign drops what is not sent", async () => {
  for (const n of [0, 1, 2]) await lose(n, 5);
  assert.equal(await settleUnknown(null, "requeue"), 0);
  assert.equal(await settleUnknown(ids.campaign, "sent", nth(0)), 1);
  assert.deepEqual(await status(0), { status: "sent", reason: "decidedByStaff" });
  assert.equal(await counted("unknown"), 3);
  assert.equal(await settleUnknown(ids.campaign, "requeue", nth(1)), 1);
  assert.equal(await counted("unknown"), 2);
  await sql`update campaigns set status = 'cancelled', cancelled_at = now() where id = ${ids.campaign}`;
  assert.equal(await settleUnknown(ids.campaign, "requeue"), 1);
  assert.deepEqual(await status(2), { status: "skipped", reason: "cancelled" });
  assert.equal(await counted("unknown"), 1);
  await lose(3, 5);
  await sql`update relay_usage set campaign_id = 0 where outcome = 'unknown' and n = 1 and relay_id = ${ids.relay}`;
  await sql`update deliveries set campaign_id = null where id = ${nth(3)}`;
  assert.equal(await settleUnknown(null, "requeue"), 1);
});
