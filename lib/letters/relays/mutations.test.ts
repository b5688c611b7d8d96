import "#testing/database";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SMTPServer } from "smtp-server";
import { tryRelay } from "#lib/letters/deliveries/trial";
import { archiveIdentity, makeDefault, saveIdentity } from "#lib/letters/relays/identities";
import {
  archiveRelay,
  createRelay,
  pauseRelay,
  resumeRelay,
  updateRelay,
} from "#lib/letters/relays/mutations";
import { findRelay, findTrial } from "#lib/letters/relays/queries";
import { relayInput } from "#lib/letters/relays/schema";
import { db, sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";
import { checkRelay } from "#lib/returns/mailbox/check";
import { account, type Dovecot, mailFolder, startDovecot } from "#testing/dovecot";

let imap: Dovecot;
const smtp = new SMTPServer({
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  disableReverseLookup: true,
  onAuth: ({ username, password }, _, done) =>
    username === "prof" && password === "juste"
      ? done(null, { user: username })
      : done(Object.assign(new Error("5.7.8 no"), { responseCode: 535 })),
});
let smtpPort = 0;
before(async () => {
  imap = await startDovecot();
  await new Promise<void>((resolve) => {
    smtp.listen(0, "127.0.0.1", resolve);
  });
  const address = smtp.server.address();
  smtpPort = typeof address === "object" ? (address?.port ?? 0) : 0;
});
after(async () => {
  await imap.stop();
  await new Promise<void>((resolve) => {
    smtp.close(resolve);
  });
});

const nobody = { id: null, email: "moi@src.example", locale: "fr" };

const form = (over: Record<string, string> = {}) =>
  relayInput.parse({
    name: "Alias",
    host: "127.0.0.1",
    port: String(smtpPort),
    security: "none",
    username: "prof",
    password: "juste",
    maxConnections: "2",
    perMinute: "",
    perHour: "100",
    perDay: "400",
    imapHost: "127.0.0.1",
    imapPort: String(imap.port),
    imapSecurity: "none",
    imapUsername: account.username,
    imapPassword: account.password,
    imapFolder: mailFolder,
    ...over,
  });
const given = async (over: Record<string, string> = {}) => {
  const made = await createRelay(form(over), null);
  assert.ok(made.ok);
  return made.id;
};

test("passwords are sealed, never read back, and kept when the field is left empty", async () => {
  const id = await given();
  await updateRelay(id, form({ password: "", name: "Autre" }), null);
  const row = await db.relay.findUniqueOrThrow({ where: { id } });
  assert.equal(unseal(row.sealedPassword ?? new Uint8Array(), "relays.sealed_password", id), "juste");
  assert.ok(!Buffer.from(row.sealedPassword ?? []).includes("juste"));
  const shown = await findRelay(id);
  assert.equal(shown?.name, "Autre");
  assert.equal(shown?.hasPassword, true);
  assert.ok(!JSON.stringify(shown).includes("juste"));
  assert.equal(shown?.perMinute, null);
  assert.equal(shown?.perDay, 400);
});

test("the connection test signs in for real and names what is wrong", async () => {
  assert.deepEqual(await checkRelay(await given(), "smtp", null), { ok: true });
  assert.deepEqual(await checkRelay(await given(), "imap", null), { ok: true });
  const wrong = async (over: Record<string, string>, what: "smtp" | "imap") => {
    const result = await checkRelay(await given(over), what, null);
    return result.ok ? "ok" : result.reason;
  };
  assert.equal(await wrong({ password: "faux" }, "smtp"), "auth");
  assert.equal(await wrong({ imapPassword: "faux" }, "imap"), "auth");
  assert.equal(await wrong({ port: "1" }, "smtp"), "refused");
  assert.equal(await wrong({ imapPort: "1" }, "imap"), "refused");
  assert.equal(await wrong({ host: "nulle-part.invalid", security: "starttls" }, "smtp"), "dns");
  assert.equal(await wrong({ imapHost: "nulle-part.invalid", imapSecurity: "tls" }, "imap"), "dns");
  assert.equal(await wrong({ security: "tls" }, "smtp"), "tls");
  assert.equal(await wrong({ security: "starttls" }, "smtp"), "tls");
  assert.equal(await wrong({ imapFolder: "Ailleurs" }, "imap"), "folder");
});

test("another mailbox is read from its own beginning", async () => {
  const id = await given();
  await db.mailbox.update({ where: { relayId: id }, data: { uidValidity: 5n, lastUid: 40, error: "auth" } });
  await updateRelay(id, form({ name: "Même boîte" }), null);
  assert.equal((await db.mailbox.findUniqueOrThrow({ where: { relayId: id } })).lastUid, 40);
  await updateRelay(id, form({ imapFolder: "Autre" }), null);
  const moved = await db.mailbox.findUniqueOrThrow({ where: { relayId: id } });
  assert.deepEqual([moved.uidValidity, moved.lastUid, moved.error], [null, 0, null]);
});

test("folders besides the main one are kept as written, and read anew in another account only", async () => {
  const id = await given({ imapJunk: "yes", imapMore: " Absences \r\n\nSpam/2026\nAbsences" });
  const kept = () =>
    db.mailbox.findUniqueOrThrow({ where: { relayId: id }, include: { folders: true, listener: true } });
  assert.deepEqual((await kept()).moreFolders, ["Absences", "Spam/2026"]);
  assert.equal((await kept()).readJunk, true);
  await sql`insert into mailbox_folders (relay_id, path, last_uid) values (${id}, 'Absences', 7)`;
  await sql`insert into mailbox_listeners (relay_id) values (${id})`;
  await updateRelay(id, form(), null);
  const after = await kept();
  assert.deepEqual([after.readJunk, after.moreFolders, after.folders.length], [false, [], 1]);
  assert.equal(after.listener, null, "who listens with the old settings is let go");
  await updateRelay(id, form({ imapUsername: "autre" }), null);
  assert.equal((await kept()).folders.length, 0);
  const ask = (n: number) => () => form({ imapMore: Array.from({ length: n }, (_, i) => `${i}`).join("\n") });
  assert.doesNotThrow(ask(10));
  assert.throws(ask(11), /tooManyFolders/);
});

test("copies are looked for anew where another account files them, and at once where the same does", async () => {
  const id = await given();
  const changed = async (over: Record<string, string>) => {
    await updateRelay(id, form(), null);
    await sql`delete from sent_folders where relay_id = ${id}`;
    await sql`insert into sent_folders (relay_id, due_at, failures) values (${id}, now() + interval '1 hour', 3)`;
    await sql`update mailboxes set last_uid = 40 where relay_id = ${id}`;
    await updateRelay(id, form(over), null);
    const folder = await db.sentFolder.findUnique({ where: { relayId: id } });
    const mailbox = await db.mailbox.findUnique({ where: { relayId: id } });
    if (folder) assert.deepEqual([folder.failures, folder.dueAt <= new Date()], [0, true]);
    return { reader: folder ? "same" : "new", mailbox: mailbox && (mailbox.lastUid === 40 ? "same" : "new") };
  };
  assert.deepEqual(await changed({ name: "Autre nom" }), { reader: "same", mailbox: "same" });
  type Over = Record<string, string>;
  const senders: Over[] = [{ host: "localhost" }, { username: "autre" }, { sentFolder: "Envoyés" }];
  for (const over of senders)
    assert.deepEqual(await changed(over), { reader: "new", mailbox: "same" }, JSON.stringify(over));
  const readers: Over[] = [{ imapHost: "localhost" }, { imapUsername: "autre" }];
  for (const over of readers)
    assert.deepEqual(await changed(over), { reader: "new", mailbox: "new" }, JSON.stringify(over));
  assert.deepEqual(await changed({ imapFolder: "Autre" }), { reader: "same", mailbox: "new" });
});

test("a relay without a mailbox keeps nothing of the one it had", async () => {
  const id = await given();
  await updateRelay(id, form({ imapHost: "" }), null);
  assert.equal(await db.mailbox.count({ where: { relayId: id } }), 0);
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: false, reason: "notFound" });
  await updateRelay(id, form(), null);
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: true });
});

test("leaving the sandbox must be agreed to; there is always one default", async () => {
  const relayId = await given();
  const made = await saveIdentity(
    {
      relayId,
      displayName: "SRC",
      address: "Newsletter@IUT.example",
      replyTo: "",
    },
    null,
  );
  assert.ok(made.ok);
  assert.deepEqual(await makeDefault(made.id, true, null), { ok: false, reason: "notTried" });
  await assert.rejects(sql`update identities set is_default = true where id = ${made.id}`, /not tested/);
  assert.ok((await checkRelay(relayId, "smtp", null)).ok);
  assert.deepEqual(await makeDefault(made.id, true, null), { ok: false, reason: "notTried" });
  await sql`update relays set tried_at = now() where id = ${relayId}`;
  assert.deepEqual(await makeDefault(made.id, false, null), { ok: false, reason: "confirmLeaving" });
  assert.deepEqual(await makeDefault(made.id, true, null), { ok: true, relayId });
  const defaults = await db.identity.findMany({ where: { isDefault: true } });
  assert.deepEqual(
    defaults.map(({ address }) => address),
    ["newsletter@iut.example"],
  );
  assert.deepEqual(await archiveIdentity(made.id, null), { ok: false, reason: "isDefault" });
  assert.deepEqual(await archiveRelay(relayId, null), { ok: false, reason: "isDefault" });
  const sandbox = await db.identity.findFirstOrThrow({ where: { relay: { kind: "sandbox" } } });
  assert.deepEqual(
    await makeDefault(sandbox.id, false, null),
    { ok: true, relayId: sandbox.relayId },
    "back to the sandbox nothing leaves",
  );
  assert.deepEqual(await archiveRelay(relayId, null), { ok: true });
  assert.deepEqual(await makeDefault(made.id, true, null), { ok: false, reason: "notFound" });
});

test("a paused relay waits for whoever resumes it", async () => {
  const id = await given();
  assert.ok((await checkRelay(id, "smtp", null)).ok);
  assert.deepEqual(await pauseRelay(id, null), { ok: true });
  assert.deepEqual((await findRelay(id))?.pause, { reason: "staff", until: null });
  assert.deepEqual(await resumeRelay(id, null), { ok: true });
  assert.deepEqual(await resumeRelay(id, null), { ok: false, reason: "notPaused" });
});

const state = async (id: number) => {
  const { pauseReason, testedAt, triedAt } = await db.relay.findUniqueOrThrow({ where: { id } });
  return { pauseReason, tested: testedAt !== null, tried: triedAt !== null };
};

test("a new relay leads: account, test, identity, trial; nothing leaves before", async () => {
  const id = await given({ password: "faux" });
  const toTest = { pauseReason: "not-tested", tested: false, tried: false };
  assert.deepEqual(await state(id), toTest);
  assert.deepEqual((await findRelay(id))?.pause, { reason: "not-tested", until: null });
  assert.deepEqual(await resumeRelay(id, null), { ok: false, reason: "notTested" });
  assert.deepEqual(await tryRelay(id, nobody), { ok: false, reason: "notTested" });
  assert.deepEqual(await checkRelay(id, "smtp", null), { ok: false, reason: "auth" });
  assert.deepEqual(await state(id), toTest);

  await updateRelay(id, form(), null);
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: true });
  assert.deepEqual(await state(id), toTest, "reading is not sending");
  assert.deepEqual(await checkRelay(id, "smtp", null), { ok: true });
  assert.deepEqual(await state(id), { pauseReason: null, tested: true, tried: false });
  assert.deepEqual(await tryRelay(id, nobody), { ok: false, reason: "noIdentity" });

  const from = await saveIdentity(
    {
      relayId: id,
      displayName: "SRC",
      address: "src@iut.example",
      replyTo: "",
    },
    null,
  );
  assert.ok(from.ok);
  assert.equal(await findTrial(id), null);
  assert.deepEqual(await tryRelay(id, nobody), { ok: true });
  assert.equal((await findTrial(id))?.status, "queued");
  const trial = sql`
    update deliveries set status = 'sent', settled_at = now(), relay_id = ${id}
    where content_id in (select id from contents where identity_id = ${from.id})`;
  await trial;
  assert.deepEqual(await state(id), { pauseReason: null, tested: true, tried: true });
});

test("another account proves itself anew; the same one, renamed, need not", async () => {
  const id = await given();
  assert.ok((await checkRelay(id, "smtp", null)).ok);
  await sql`update relays set tried_at = now() where id = ${id}`;
  await updateRelay(id, form({ name: "Autre nom", perHour: "50", password: "" }), null);
  assert.deepEqual(await state(id), { pauseReason: null, tested: true, tried: true });
  const others: Record<string, string>[] = [
    { username: "autre" },
    { host: "localhost" },
    { port: "2525" },
    { security: "tls" },
  ];
  for (const over of others) {
    await sql`update relays set tested_at = now(), tried_at = now(), paused_until = null, pause_reason = null where id = ${id}`;
    await updateRelay(id, form(over), null);
    assert.deepEqual(await state(id), { pauseReason: "not-tested", tested: false, tried: false });
    await updateRelay(id, form(), null);
  }
  await pauseRelay(id, null);
  await updateRelay(id, form({ port: "2525" }), null);
  assert.equal((await state(id)).pauseReason, "staff", "a colleague’s pause stays theirs");
});

test("a login that serves both servers is asked once, and kept once", async () => {
  const same = { imapSame: "yes", imapUsername: "", imapPassword: "" };
  const id = await given({ ...same, username: account.username, password: account.password });
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: true });
  await updateRelay(
    id,
    form({ username: account.username, password: account.password, imapPassword: "faux" }),
    null,
  );
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: false, reason: "auth" });
  await updateRelay(id, form({ ...same, username: account.username, password: "" }), null);
  assert.deepEqual(await checkRelay(id, "imap", null), { ok: true }, "with the password kept from before");
});

test("a saved relay is counted again: what was used up may no longer be", async () => {
  const id = await given();
  await db.relay.update({
    where: { id },
    data: { spentUntil: new Date(Date.now() + 3_600_000), spentWindow: "hour" },
  });
  assert.equal((await findRelay(id))?.isSpent, true);
  await updateRelay(id, form({ perHour: "200" }), null);
  assert.equal((await findRelay(id))?.isSpent, false);
});

test("a relay is not archived while one of its senders has a campaign to send; then all that leant on it goes", async () => {
  const [id, other] = [await given(), await given()];
  const sender = { displayName: "SRC", replyTo: "" };
  const from = await saveIdentity({ relayId: id, ...sender, address: "a@iut.example" }, null);
  const elsewhere = await saveIdentity({ relayId: other, ...sender, address: "b@iut.example" }, null);
  assert.ok(from.ok && elsewhere.ok);
  await sql`insert into identity_fallbacks (identity_id, position, relay_id) values (${from.id}, 1, ${other}), (${elsewhere.id}, 1, ${id})`;
  const [campaign] = await sql<{ id: number }>`
    with s as (insert into segments (name, criteria) values ('tous', '{"match":"all","groups":[]}') returning id)
    insert into campaigns (name, model, topic_id, segment_id, identity_id, subject)
    select 'Lettre', 'src', (select min(id) from topics), s.id, ${from.id}, 'x' from s returning id`;
  const moves = {
    scheduled: "scheduled_for = now()",
    sending: "launched_at = now()",
    paused: "launched_at = now(), paused_at = now()",
  };
  for (const [status, when] of Object.entries(moves)) {
    await db.$executeRawUnsafe(
      `update campaigns set status = '${status}', ${when} where id = ${campaign?.id}`,
    );
    assert.deepEqual(await archiveRelay(id, null), { ok: false, reason: "inUse" }, status);
  }
  assert.equal(await db.identityFallback.count({ where: { relayId: { in: [id, other] } } }), 2);
  await sql`update campaigns set status = 'cancelled', cancelled_at = now() where id = ${campaign?.id}`;
  assert.deepEqual(await archiveRelay(id, null), { ok: true });
  assert.deepEqual(await archiveRelay(id, null), { ok: false, reason: "notFound" }, "once");
  assert.equal(await db.identityFallback.count({ where: { relayId: { in: [id, other] } } }), 0);
  const archived = await db.identity.findMany({
    where: { id: { in: [from.id, elsewhere.id] } },
    orderBy: { id: "asc" },
  });
  assert.deepEqual(
    archived.map(({ archivedAt }) => archivedAt !== null),
    [true, false],
  );
  assert.equal((await db.relay.findUniqueOrThrow({ where: { id: other } })).archivedAt, null);
});
