import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { finishCampaigns } from "#lib/letters/campaigns/mutations";
import { listUnknown } from "#lib/letters/deliveries/queries";
import { settleNotFound, settleUnknown } from "#lib/letters/deliveries/unknown";
import { pool, sql } from "#lib/machine/db";
import { type Dovecot, sentFolder, startDovecot } from "#testing/dovecot";
import { openAccount } from "#testing/mail-accounts";

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

/** The fifth and the sixth frame whatever was announced between half an hour and twelve minutes ago. */
async function surround() {
  for (const [n, ago] of [
    [4, 30],
    [5, 2],
  ] as const) {
    await on.accept(n, ago);
    await on.file(n, ago);
  }
}

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

test("another folder, other numbers or numbers that went back: read anew, and only then", async () => {
  await on.file(0, 3);
  await on.read();
  const known = await on.folder();
  await on.read();
  assert.deepEqual((await on.folder()).readingSince, known.readingSince);
  for (const change of ["path = 'Autrefois'", "uid_validity = uid_validity + 1", "last_uid = 100000"]) {
    await pool().query(`update sent_folders set ${change} where relay_id = ${on.relay}`);
    const { readingSince } = await on.folder();
    await on.read();
    const { path, uidValidity, lastUid, ...now } = await on.folder();
    assert.deepEqual(
      { path, uidValidity, lastUid },
      { path: known.path, uidValidity: known.uidValidity, lastUid: known.lastUid },
      change,
    );
    assert.ok(now.readingSince > readingSince, change);
  }
});

test("a copy that arrived while the delivery was still being sent is found later", async () => {
  await on.file(0, 3);
  await on.read();
  await on.lose(0, 12);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
});

test("absent, with copies of an earlier and of a later one there: it is sent again and leaves the ledger", async () => {
  await surround();
  await on.lose(0, 15);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "queued", reason: "notInSent" });
  assert.equal(await on.counted("unknown"), 0);
  assert.equal(await on.lookup(0), null);
});

test("absent, with copies of later ones only: this folder may not be the one it was filed in", async () => {
  await on.lose(0, 40);
  await on.accept(2, 15);
  await on.file(2, 15);
  assert.equal(await on.read(), 0);
  assert.equal((await on.lookup(0))?.verdict, "noControl");
  await on.lose(1, 14);
  await sql`update relay_usage set bucket = bucket - interval '1 hour' where outcome = 'sent'`;
  await on.accept(2, 30);
  await sql`update deliveries set announced_at = announced_at - interval '1 hour' where id = ${on.nth(0)}`;
  assert.equal(await on.read(), 0);
  assert.equal((await on.lookup(0))?.verdict, "noControl", "and so when nothing is sent any more");
});

test("absent proves nothing too early, or when only the next ten minutes are covered", async () => {
  await on.accept(3, 30);
  await on.file(3, 30);
  await on.lose(0, 9.5);
  await on.lose(1, 12);
  await on.accept(2, 2.5);
  await on.file(2, 2.5);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal(await on.lookup(0), null, "not looked for while a server may still hold it");
  assert.equal((await on.lookup(1))?.verdict, "tooEarly");
  assert.equal((await on.folder()).filesCopies, true);
  assert.equal(await on.read(), 0);
  assert.equal((await on.lookup(1))?.looks, 2);
});

test("accepted late, after the first look, it is found and not sent again", async () => {
  await on.accept(1, 30);
  await on.file(1, 30);
  await on.lose(0, 12);
  assert.equal(await on.read(), 0);
  await on.file(0);
  await on.accept(2, 0);
  await on.file(2);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
});

test("read while it was still being sent, then deleted by its owner: it was taken", async () => {
  await surround();
  await on.lose(0, 15);
  await sql`
    update deliveries set status = 'sending', unknown_at = null, lease_token = gen_random_uuid(), lease_until = now()
    where id = ${on.nth(0)}`;
  await on.file(0, 15);
  await on.read();
  await sql`
    update deliveries set status = 'unknown', unknown_at = now() - interval '14 minutes'
    where id = ${on.nth(0)}`;
  assert.equal(await settleNotFound([on.nth(0)], new Date()), 0);
  // Between the two readings it was deleted: the verdict must not need it.
  await server.empty(sentFolder);
  await on.file(4, 30);
  await on.file(5, 2);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(0), { status: "sent", reason: "foundInSent" });
});

test("at the end of a campaign an earlier control will do, after twenty minutes", async () => {
  await on.accept(1, 25);
  await on.file(1, 25);
  await on.lose(0, 19);
  await on.lose(2, 21);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(2), { status: "queued", reason: "notInSent" });
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.lookup(0))?.earlierId, on.nth(1));
});

test("after a week nobody looks any more, and people decide", async () => {
  await on.accept(1, 8 * 24 * 60);
  await on.file(1, 8 * 24 * 60);
  await on.lose(0, 7 * 24 * 60 + 1);
  await on.lose(2, 7 * 24 * 60 - 60);
  assert.equal(await on.read(), 1);
  assert.deepEqual(await on.status(2), { status: "queued", reason: "notInSent" });
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await listUnknown(on.campaign)).rows[0]?.standing, "tooOld");
});

test("an account that files no copies is told so, its rows are left to people, and it is believed again at the first copy", async () => {
  await on.accept(2, 40);
  await on.lose(0, 30);
  await on.accept(1, 18);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.lookup(0))?.verdict, "noCopies");
  assert.equal((await on.folder()).filesCopies, false);
  await on.file(2, 40);
  await on.file(1, 18);
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

test("people settle all of a campaign, one of them, or letters; what a cancelled campaign did not send is withdrawn", async () => {
  for (const n of [0, 1, 2]) await on.lose(n, 5);
  assert.deepEqual(await settleUnknown(null, "requeue", null), { ok: true, settled: 0 });
  assert.deepEqual(await settleUnknown(on.campaign, "sent", null, on.nth(0)), { ok: true, settled: 1 });
  assert.deepEqual(await on.status(0), { status: "sent", reason: "decidedByStaff" });
  assert.equal(await on.counted("unknown"), 3);
  assert.deepEqual(await settleUnknown(on.campaign, "requeue", null, on.nth(1)), { ok: true, settled: 1 });
  assert.equal(await on.counted("unknown"), 2);
  await sql`update campaigns set status = 'cancelled', cancelled_at = now() where id = ${on.campaign}`;
  assert.deepEqual(await settleUnknown(on.campaign, "requeue", null), { ok: true, settled: 1 });
  assert.equal(await on.counted("unknown"), 1);
  await on.lose(3, 5);
  await sql`update relay_usage set campaign_id = 0 where outcome = 'unknown' and n = 1 and relay_id = ${on.relay}`;
  await sql`update deliveries set campaign_id = null where id = ${on.nth(3)}`;
  assert.deepEqual(await settleUnknown(null, "requeue", null), { ok: true, settled: 1 });
  await finishCampaigns();
  assert.deepEqual(await on.status(2), { status: "skipped", reason: "cancelled" });
});

test("a copy of one tried twice may be of its first try: it is no control", async () => {
  await on.accept(2, 30);
  await on.file(2, 30);
  await on.lose(0, 15);
  await on.accept(1, 3, 2);
  await on.file(1, 3);
  assert.equal(await on.read(), 0);
  assert.equal((await on.status(0)).status, "unknown");
  assert.equal((await on.folder()).filesCopies, true);
});
