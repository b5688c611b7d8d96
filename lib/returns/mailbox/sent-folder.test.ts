import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { listUnknown } from "#lib/letters/deliveries/queries";
import { db, sql } from "#lib/machine/db";
import { readSentFolders } from "#lib/returns/mailbox/sent";
import { type Dovecot, sentFolder, startDovecot } from "#testing/dovecot";
import { openAccount, sealedFor } from "#testing/mail-accounts";

let server: Dovecot;
before(async () => {
  server = await startDovecot();
  await server.create(sentFolder);
  await server.create("Sent");
});
after(() => server.stop());

let on: Awaited<ReturnType<typeof openAccount>>;
beforeEach(async () => {
  on = await openAccount(server);
});

test("new numbers for the same mails count nothing twice, and their absence judges nothing of before", async () => {
  await on.byHand("a@b.example, C <c@d.example>", 30, "Cc: e@f.example\r\nBcc: g@h.example\r\n");
  await on.file(0, 3);
  await on.read();
  assert.equal(await on.counted("byHand"), 4);
  const { uidValidity } = await on.folder();
  await server.renumber(sentFolder);
  await on.lose(0, 12);
  await on.lose(1, 15);
  await on.accept(2, 1);
  await on.file(2, 1);
  await on.accept(3, 30);
  await on.file(3, 30);
  await on.read();
  assert.notEqual((await on.folder()).uidValidity, uidValidity);
  assert.equal(await on.counted("byHand"), 4);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
  assert.equal((await on.status(1)).status, "unknown");
  assert.equal((await on.lookup(1))?.verdict, "newFolder");
  assert.equal((await listUnknown(on.campaign)).rows[0]?.standing, "newFolder");
});

test("a folder put back from a backup, numbers and all, is another one", async () => {
  await on.accept(2, 1);
  await on.file(2, 1);
  await on.accept(3, 30);
  await on.file(3, 30);
  await on.read();
  await sql`update sent_folders set last_uid = last_uid + 1`;
  await on.lose(1, 15);
  await on.read();
  assert.equal((await on.lookup(1))?.verdict, "newFolder");
});

test("copies a moved account brought along are no witness of where mail was filed since", async () => {
  await sql`update sent_folders set reading_since = now() - interval '20 minutes'`;
  await on.accept(3, 30);
  await on.file(3, 30);
  await on.accept(2, 1);
  await on.file(2, 1);
  await on.lose(1, 15);
  await on.lose(0, 25);
  await on.read();
  assert.equal((await on.lookup(1))?.verdict, "tooEarly");
  assert.equal((await on.lookup(0))?.verdict, "newFolder");
  await on.accept(4, 18);
  await on.file(4, 18);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(1), { status: "queued", reason: "notInSent" });
});

test("what people send is counted once, by recipient, at its time, under the domain the relay limits", async () => {
  await sql`insert into relay_domains (relay_id, domain, per_hour) values (${on.relay}, 'orange.fr', 10)`;
  const before = await on.counted("byHand");
  await on.read();
  const start = await on.counted("byHand");
  assert.equal(start, 4 + before, "the last 24 hours of the account, whoever reads it");
  await on.byHand("lea@Orange.fr, tom@b.example", 10);
  await on.byHand("undisclosed-recipients:;", 5);
  await on.byHand("hier@b.example", 26 * 60);
  await on.file(3);
  await on.read();
  await on.read();
  assert.equal(await on.counted("byHand"), start + 3);
  const rows = await sql`
    select domain, n, extract(epoch from now() - bucket)::int / 60 as ago from relay_usage
    where relay_id = ${on.relay} and outcome = 'byHand' and bucket > now() - interval '15 minutes' order by bucket, domain`;
  assert.deepEqual(rows, [
    { domain: "", n: 1, ago: 10 },
    { domain: "orange.fr", n: 1, ago: 10 },
    { domain: "", n: 1, ago: 5 },
  ]);
});

test("several workers at once settle each delivery once and count each mail once", async () => {
  await on.read();
  const start = await on.counted("byHand");
  for (let n = 0; n < 5; n++) await on.byHand(`p${n}@b.example`);
  for (const n of [0, 1, 2]) await on.lose(n, 15);
  for (const [n, ago] of [
    [3, 1],
    [4, 30],
  ] as const) {
    await on.accept(n, ago);
    await on.file(n, ago);
  }
  await on.file(0, 15);
  await sql`update sent_folders set due_at = now()`;
  const settled = await Promise.all([readSentFolders(), readSentFolders(), readSentFolders()]);
  assert.deepEqual(settled.toSorted(), [0, 0, 3]);
  assert.equal(await on.counted("byHand"), start + 5);
  assert.equal(await on.counted("unknown"), 1);
  const log =
    await sql`select outcome, count(*)::int as n from attempts where delivery_id = any(${on.ids}) group by 1 order by 1`;
  assert.deepEqual(log, [
    { outcome: "requeued", n: 2 },
    { outcome: "sent", n: 1 },
  ]);
});

test("no verdict while the folder is missing, the server away or the password wrong; less and less often, and shown", async () => {
  await on.lose(0, 20);
  await on.accept(1, 3);
  await on.file(1, 3);
  await on.accept(2, 30);
  await on.file(2, 30);
  const failing = async (data: object, error: string) => {
    await db.mailbox.update({ where: { relayId: on.relay }, data });
    assert.equal(await on.read(), 0);
    const now = await on.folder();
    assert.equal(now.error, error);
    assert.equal(now.leaseToken, null);
    assert.equal((await on.status(0)).status, "unknown");
    assert.equal(await on.lookup(0), null);
    return now.dueAt.getTime() - Date.now();
  };
  const first = await failing({ sentFolder: "Nulle part" }, "folder");
  const second = await failing({ sentFolder: "", port: 1 }, "refused");
  const third = await failing({ port: server.port, sealedPassword: sealedFor(on.relay, "faux") }, "auth");
  assert.ok(first < second && second < third, `${first} < ${second} < ${third}`);
  await db.mailbox.update({ where: { relayId: on.relay }, data: { sealedPassword: sealedFor(on.relay) } });
  assert.equal(await on.read(), 1);
  assert.equal((await on.folder()).error, null);
  assert.deepEqual(await on.status(0), { status: "queued", reason: "notInSent" });
});

test("the folder may be named by hand, and by its usual names", async () => {
  await server.create("INBOX.Envoyés");
  await db.mailbox.update({ where: { relayId: on.relay }, data: { sentFolder: "envoyés" } });
  await on.read();
  assert.equal((await on.folder()).path, "INBOX.Envoyés");
  assert.equal(await on.counted("byHand"), 0, "another folder is read from its own beginning");
  await db.mailbox.update({ where: { relayId: on.relay }, data: { sentFolder: "Sent" } });
  await on.read();
  assert.equal((await on.folder()).path, "Sent");
});

test("a reader that was killed is followed by another once its lease is over", async () => {
  await on.read();
  await on.lose(0, 12);
  await on.file(0, 12);
  const leased = (seconds: number) =>
    sql`update sent_folders set lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => ${seconds})`;
  await leased(60);
  assert.equal(await on.read(), 0);
  await leased(-1);
  assert.equal(await on.read(), 1);
});

test("where our own mails cannot be told from others, none is counted as sent by hand", async () => {
  await on.read();
  const start = await on.counted("byHand");
  await on.accept(1, 3);
  await on.byHand("a@b.example", 3);
  await on.read();
  assert.equal(await on.counted("byHand"), start);
  await on.file(1, 3);
  await on.byHand("c@b.example", 2);
  await on.read();
  assert.equal(await on.counted("byHand"), start + 1);
});
