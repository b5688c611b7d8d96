import "#testing/database";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createTransport } from "nodemailer";
import { composeReply } from "#lib/letters/sandbox/letters";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport } from "#lib/letters/sandbox/reports";
import { startSandbox } from "#lib/letters/sandbox/server";
import { db, pool, sql } from "#lib/machine/db";
import { holding } from "#lib/machine/lease";
import { leaseMailbox, mailboxes, releaseMailbox } from "#lib/returns/mailbox/lease";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { type Dovecot, mailFolder, startDovecot } from "#testing/dovecot";
import { giveMailbox, sealedFor } from "#testing/mail-accounts";
import { giveCampaign, givePerson } from "#testing/received";
import { until } from "#testing/until";

/** A reader that never ends fails. */
const timely = { timeout: 30_000 };
let server: Dovecot;
let relayId: number;
before(async () => {
  server = await startDovecot();
  const relay = await db.relay.create({
    data: {
      name: "Alias",
      kind: "smtp",
      host: "127.0.0.1",
    },
  });
  relayId = relay.id;
  await giveMailbox(relayId, server, mailFolder);
});
after(() => server.stop());

const due = (where = { relayId }) => db.mailbox.updateMany({ where, data: { dueAt: new Date(0) } });
const poll = async () => {
  await due();
  return pollMailboxes();
};
const mailbox = () => db.mailbox.findUniqueOrThrow({ where: { relayId } });
const mail = (n: number) =>
  Buffer.from(
    `From: a@b.example\r\nSubject: Courrier ${n}\r\nMessage-ID: <${n}@b.example>\r\n\r\nBonjour ${n}\r\n`,
  );

async function sent(address: string) {
  const person = await givePerson(address);
  const campaign = await giveCampaign([person.id]);
  await db.delivery.updateMany({ where: { campaignId: campaign.campaignId }, data: { relayId } });
  const [delivery] = campaign.deliveries;
  assert.ok(delivery);
  const original = readOriginal(
    Buffer.from(`Message-ID: ${delivery.messageId}\r\nSubject: Bonjour\r\n\r\n`),
    "newsletter@src.example",
    address,
  );
  return { delivery, original };
}

test("an empty mailbox is known all the same: what comes next is new", timely, async () => {
  assert.equal(await poll(), 0);
  assert.notEqual((await mailbox()).uidValidity, null);
});

test("what Dovecot keeps is read once, judged, and left unread for people", timely, async () => {
  await server.append(mail(0), new Date("2019-01-01"));
  const { delivery, original } = await sent("dead@exemple.fr");
  await server.append(composeReport("hard", original));
  await server.append(composeReply((await sent("lea@exemple.fr")).original));

  assert.equal(await poll(), 2, "the mail of 2019 is older than the relay");
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: delivery.id } })).bounce, "hard");
  assert.deepEqual(await server.flags(), [[], [], []]);
  const state = await mailbox();
  assert.equal(state.error, null);
  assert.ok(state.readAt);
  assert.ok((state.progressAt?.getTime() ?? 0) > Date.now() - 30_000, "it brought something");
  assert.equal(state.leaseToken, null);

  assert.equal(await poll(), 0);
  await server.append(mail(1));
  assert.equal(await poll(), 1);
  const { lastUid } = await mailbox();
  await server.append(mail(2), new Date("2019-01-01"));
  assert.equal(await poll(), 0);
  assert.equal((await mailbox()).lastUid, lastUid + 1, "an old one is passed once");
});

test("two workers at once record each mail once", timely, async () => {
  for (let n = 100; n < 160; n++) await server.append(mail(n));
  await due();
  const counts = await Promise.all([pollMailboxes(), pollMailboxes(), pollMailboxes()]);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    60,
  );
  assert.equal(
    await db.receivedMail.count({ where: { relayId, subject: { startsWith: "Courrier 1" } } }),
    61,
  );
});

test("a reader that was killed is followed by another from the last recorded mail", timely, async () => {
  await server.append(mail(200));
  const before = await mailbox();
  // As a killed worker leaves it: leased, and the lease over.
  await db.mailbox.update({
    where: { relayId },
    data: {
      leaseToken: crypto.randomUUID(),
      leaseUntil: new Date(Date.now() + 60_000),
      dueAt: new Date(0),
    },
  });
  assert.equal(await pollMailboxes(), 0, "the lease still holds");
  await db.mailbox.update({ where: { relayId }, data: { leaseUntil: new Date(0) } });
  assert.equal(await pollMailboxes(), 1);
  assert.equal((await mailbox()).lastUid, before.lastUid + 1);
});

test("a reader that waits for its server keeps what it reads", timely, async () => {
  await due();
  const lease = await leaseMailbox("smtp");
  assert.ok(lease);
  const held = async () => ((await mailbox()).leaseUntil?.getTime() ?? 0) > Date.now();
  const { progressAt } = await mailbox();
  const wait = async () => {
    await db.mailbox.update({ where: { relayId }, data: { leaseUntil: new Date(0) } });
    await until(held, "kept");
  };
  await holding(pool(), mailboxes, lease, wait, 20);
  assert.deepEqual((await mailbox()).progressAt, progressAt, "which is no progress");
  assert.equal(await releaseMailbox(lease), true);
});

test(
  "a mail that the database refuses is set aside, and one that it cannot take now waits",
  timely,
  async () => {
    const record = () => db.receivedMail.count({ where: { relayId } });
    const known = await record();
    await sql`
    create function refuse_mail() returns trigger language plpgsql as $$ begin
      if new.subject = 'Courrier 250' then raise exception 'no such text' using errcode = 'untranslatable_character'; end if;
      if new.subject = 'Courrier 251' then raise exception 'full' using errcode = 'disk_full'; end if;
      return new;
    end $$`;
    await sql`create trigger refuse_mail before insert on received_mails for each row execute function refuse_mail()`;
    for (const n of [250, 251, 252]) await server.append(mail(n));
    assert.equal(await poll(), 0);
    assert.equal(await record(), known + 1, "the first is kept without its words");
    assert.equal((await db.receivedMail.findFirstOrThrow({ orderBy: { id: "desc" } })).subject, "");
    assert.notEqual((await mailbox()).error, null);
    await sql`drop trigger refuse_mail on received_mails`;
    assert.equal(await poll(), 2, "nothing is lost");
    assert.equal((await mailbox()).error, null);
    assert.equal((await db.notice.deleteMany({ where: { kind: "mailboxTrouble" } })).count, 1);
  },
);

test("new numbers for the same mails change nothing", timely, async () => {
  const known = await db.receivedMail.count({ where: { relayId } });
  const validity = (await mailbox()).uidValidity;
  await server.renumber();
  assert.equal(await poll(), 0);
  assert.notEqual((await mailbox()).uidValidity, validity);
  assert.equal(await db.receivedMail.count({ where: { relayId } }), known);
  await server.append(mail(300));
  assert.equal(await poll(), 1);
});

test(
  "a wrong password and a dead server are named, told once, and tried less and less often",
  timely,
  async () => {
    const poke = async (data: object, error: string) => {
      await db.mailbox.update({ where: { relayId }, data });
      await poll();
      const state = await mailbox();
      assert.equal(state.error, error);
      assert.equal(state.leaseToken, null);
      return state.dueAt.getTime() - Date.now();
    };
    const first = await poke({ sealedPassword: sealedFor(relayId, "faux") }, "auth");
    const second = await poke({ port: 1, sealedPassword: sealedFor(relayId) }, "refused");
    assert.ok(second > first, `${second} > ${first}`);
    assert.equal(await db.notice.count({ where: { kind: "mailboxTrouble" } }), 1);
    await poke({ port: server.port, folder: "Nulle part" }, "folder");
    await db.mailbox.update({ where: { relayId }, data: { folder: mailFolder } });
    await server.append(mail(400));
    assert.equal(await poll(), 1, "nothing was lost meanwhile");
    assert.equal((await mailbox()).error, null);
  },
);

test("the sandbox's own mailbox is read the same way", timely, async () => {
  const { relay: own } = await db.identity.findFirstOrThrow({
    where: { isDefault: true },
    select: { relay: { select: { id: true } } },
  });
  const person = await givePerson("camille.durand+rebond-dur@gmail.com");
  const { deliveries } = await giveCampaign([person.id]);
  const sandbox = await startSandbox(own.id);
  await createTransport({ host: "127.0.0.1", port: sandbox.port, ignoreTLS: true }).sendMail({
    from: "newsletter@src.example",
    to: deliveries[0]?.address ?? "",
    subject: "Bonjour",
    messageId: deliveries[0]?.messageId,
    text: "Bonjour",
  });
  await due({ relayId: own.id });
  assert.equal(await pollMailboxes(), 1);
  const delivery = await db.delivery.findUniqueOrThrow({ where: { id: deliveries[0]?.id } });
  assert.equal(delivery.bounce, "hard");
  await sandbox.close();
});
