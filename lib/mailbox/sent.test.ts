import "#lib/test-db";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { sql } from "#lib/db";
import { settleNotFound, settleUnknown } from "#lib/deliveries/unknown";
import { openAccount } from "#lib/mailbox/account-fixtures";
import { type Dovecot, sentFolder, startDovecot } from "#lib/mailbox/dovecot";

let server: Dovecot;
before(async () => {
  server = await startDovecot();
  await server.create(sentFolder);
  // A folder that is only called so: the attribute comes first.
  await server.create("Sent");
});
after(() => server.stop());

let on: Awaited<ReturnType<typeof openAccount>>;
beforeEach(async () => {
  on = await openAccount(server);
});

test("a copy in the folder marked \\Sent settles the delivery as sent, and the ledger keeps it", async () => {
  await on.lose(0, 2);
  await on.file(0, 2.5);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
  assert.equal(await on.counted("unknown"), 1);
  assert.equal((await on.folder()).path, sentFolder);
  assert.equal((await on.folder()).filesCopies, true);
  const [attempt] = await sql`select outcome, reason from attempts where delivery_id = ${on.nth(0)}`;
  assert.deepEqual(attempt, { outcome: "sent", reason: "foundInSent" });
});

test("a copy that arrived while the delivery was still being sent is found later", async () => {
  await on.file(0, 3);
  await on.read();
  await on.lose(0, 2);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
});

test("absent, with the copy of a later message there: it is sent again and leaves the ledger", async () => {
  await on.lose(0, 5);
  await on.accept(1, 3);
  await on.file(1, 3);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "queued", reason: "notInSent" });
  assert.equal(await on.counted("unknown"), 0);
  assert.equal(await on.lookup(0), null);
});

test("absent proves nothing without a control, too early, or when only the unknown one's own minute is covered", async () => {
  await on.lose(0, 0.5);
  await on.lose(1, 3);
  await on.accept(2, 2.5);
  await on.file(2, 2.5);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal(await on.lookup(0), null, "not looked for within the first minute");
  assert.equal((await on.lookup(1))?.verdict, "tooEarly");
  assert.equal((await on.folder()).filesCopies, true);
  assert.equal(await on.read(), 0);
  assert.equal((await on.lookup(1))?.looks, 2);
});

test("accepted late, after the first look, it is found and not sent again", async () => {
  await on.lose(0, 3);
  await on.accept(1, 10);
  await on.file(1, 10);
  assert.equal(await on.read(), 0);
  await on.file(0);
  await on.accept(2, 0);
  await on.file(2);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
});

test("at the end of a campaign an earlier control will do, after a quarter of an hour", async () => {
  await on.accept(1, 20);
  await on.file(1, 20);
  await on.lose(0, 14);
  await on.lose(2, 16);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(2), { status: "queued", reason: "notInSent" });
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.lookup(0))?.earlierId, on.nth(1));
});

test("an account that files no copies is told so, its rows are left to people, and it is believed again at the first copy", async () => {
  await on.lose(0, 20);
  await on.accept(1, 18);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.lookup(0))?.verdict, "noCopies");
  assert.equal((await on.folder()).filesCopies, false);
  await on.file(1);
  assert.equal(await on.read(), 1);
  assert.equal((await on.folder()).filesCopies, true);
  assert.deepEqual(await on.status(0), { status: "queued", reason: "notInSent" });
});

test("known before anything is lost: a day's messages and not one copy", async () => {
  await on.accept(1, 5);
  await on.read();
  assert.equal((await on.folder()).filesCopies, null, "perhaps they are only late");
  await on.accept(2, 15);
  await on.read();
  assert.equal((await on.folder()).filesCopies, false);
});

test("what became unknown again after the reading began is not requeued by it", async () => {
  await on.lose(0, 5);
  const readAt = new Date(Date.now() - 6 * 60_000);
  assert.equal(await settleNotFound([on.nth(0)], readAt), 0);
  assert.equal(await settleNotFound([on.nth(0)], new Date()), 1);
});

test("people settle all of a campaign, one of them, or letters; a cancelled campaign drops what is not sent", async () => {
  for (const n of [0, 1, 2]) await on.lose(n, 5);
  assert.equal(await settleUnknown(null, "requeue"), 0);
  assert.equal(await settleUnknown(on.campaign, "sent", on.nth(0)), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "decidedByStaff" });
  assert.equal(await on.counted("unknown"), 3);
  assert.equal(await settleUnknown(on.campaign, "requeue", on.nth(1)), 1);
  assert.equal(await on.counted("unknown"), 2);
  await sql`update campaigns set status = 'cancelled', cancelled_at = now() where id = ${on.campaign}`;
  assert.equal(await settleUnknown(on.campaign, "requeue"), 1);
  assert.deepEqual(await on.status(2), { status: "skipped", reason: "cancelled" });
  assert.equal(await on.counted("unknown"), 1);
  await on.lose(3, 5);
  await sql`update relay_usage set campaign_id = 0 where outcome = 'unknown' and n = 1 and relay_id = ${on.relay}`;
  await sql`update deliveries set campaign_id = null where id = ${on.nth(3)}`;
  assert.equal(await settleUnknown(null, "requeue"), 1);
});

test("a copy of one tried twice may be of its first try: it is no control", async () => {
  await on.lose(0, 5);
  await on.accept(1, 3, 2);
  await on.file(1, 3);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.folder()).filesCopies, true);
});
