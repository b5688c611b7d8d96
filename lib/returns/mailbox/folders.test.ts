import "#testing/database";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ListResponse } from "imapflow";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport } from "#lib/letters/sandbox/reports";
import { db } from "#lib/machine/db";
import { chooseFolders } from "#lib/returns/mailbox/folders";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { type Dovecot, junkFolder, mailFolder, startDovecot } from "#testing/dovecot";
import { giveMailbox } from "#testing/mail-accounts";
import { giveCampaign, givePerson } from "#testing/received";

const timely = { timeout: 30_000 };
let server: Dovecot;
let relayId: number;
before(async () => {
  server = await startDovecot();
  const relay = await db.relay.create({ data: { name: "Alias", kind: "smtp", host: "127.0.0.1" } });
  relayId = relay.id;
  await giveMailbox(relayId, server, mailFolder);
});
after(() => server.stop());

const set = (data: object) => db.mailbox.update({ where: { relayId }, data });
const poll = async () => {
  await set({ dueAt: new Date(0) });
  return pollMailboxes();
};
const folders = () =>
  db.mailboxFolder.findMany({
    where: { relayId },
    select: { path: true, error: true },
    orderBy: { path: "asc" },
  });
const mail = (from: string, n: number) =>
  Buffer.from(
    `From: ${from}\r\nSubject: Courrier ${n}\r\nMessage-ID: <${n}@b.example>\r\n\r\nBonjour ${n}\r\n`,
  );

async function reported(address: string) {
  const person = await givePerson(address);
  const { campaignId, deliveries } = await giveCampaign([person.id]);
  await db.delivery.updateMany({ where: { campaignId }, data: { relayId } });
  const [delivery] = deliveries;
  assert.ok(delivery);
  const raw = Buffer.from(`Message-ID: ${delivery.messageId}\r\nSubject: Bonjour\r\n\r\n`);
  const report = composeReport("hard", readOriginal(raw, "newsletter@src.example", address));
  const bounced = async () => (await db.delivery.findUniqueOrThrow({ where: { id: delivery.id } })).bounce;
  return { report, bounced };
}

test(
  "junk is read too: what concerns us is kept, and a stranger's advertisement is not",
  timely,
  async () => {
    await server.create(junkFolder);
    const { report, bounced } = await reported("morte@exemple.fr");
    await givePerson("lea@exemple.fr");
    await server.append(report, undefined, junkFolder);
    await server.append(mail("Promo <promo@b.example>", 1), undefined, junkFolder);
    await server.append(mail("Léa <lea@exemple.fr>", 2), undefined, junkFolder);
    assert.equal(await poll(), 2);
    assert.equal(await bounced(), "hard");
    const kept = await db.receivedMail.findMany({ where: { relayId }, select: { folder: true } });
    assert.deepEqual(kept, [{ folder: junkFolder }, { folder: junkFolder }]);
    assert.deepEqual(await folders(), [{ path: junkFolder, error: null }]);
    assert.equal(await poll(), 0);
  },
);

test("a mail moved between folders is judged once, whichever was read first", timely, async () => {
  const known = await db.receivedMail.count({ where: { relayId } });
  await server.move(junkFolder, mailFolder);
  assert.equal(await poll(), 1, "only the advertisement, which somebody put among the mails, is new");
  await server.move(mailFolder, junkFolder);
  assert.equal(await poll(), 0);
  assert.equal(await db.receivedMail.count({ where: { relayId } }), known + 1);
  assert.equal(await db.bounce.count(), 1);
});

test(
  "folders named by hand are read, each by its own numbers; one that is missing is told",
  timely,
  async () => {
    await server.create("Absences");
    await set({ readJunk: false, moreFolders: ["absences", "Nulle part"] });
    await server.append((await reported("autre@exemple.fr")).report, undefined, "Absences");
    assert.equal(await poll(), 1);
    assert.deepEqual(await folders(), [
      { path: "Absences", error: null },
      { path: "Nulle part", error: "folder" },
    ]);
    await server.renumber("Absences");
    assert.equal(await poll(), 0, "new numbers for the same mails change nothing");
    await server.append(mail("Léa <lea@exemple.fr>", 3), undefined, "Absences");
    assert.equal(await poll(), 1);
    await server.create("Nulle part");
    await poll();
    assert.deepEqual((await folders()).find(({ path }) => path === "Nulle part")?.error, null);
    const { error, readAt } = await db.mailbox.findUniqueOrThrow({ where: { relayId } });
    assert.equal(error, null);
    assert.ok(readAt);
  },
);

test("two workers at once record each mail of a second folder once", timely, async () => {
  for (let n = 10; n < 40; n++) await server.append(mail("Léa <lea@exemple.fr>", n), undefined, "Absences");
  await set({ dueAt: new Date(0) });
  const counts = await Promise.all([pollMailboxes(), pollMailboxes()]);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    30,
  );
});

const listed = (path: string, specialUse?: string, flags: string[] = []) =>
  ({ path, name: path.split("/").at(-1), specialUse, flags: new Set(flags) }) as ListResponse;

test("what is all mail, sent or not written yet is never read, nor the main folder twice", () => {
  const account = [
    listed("INBOX"),
    listed("[Gmail]", undefined, ["\\Noselect"]),
    listed("[Gmail]/Spam", "\\Junk"),
    listed("[Gmail]/Tous les messages", "\\All"),
    listed("[Gmail]/Messages envoyés", "\\Sent"),
    listed("Taxe"),
  ];
  const choose = (named: string[], junk = true) => chooseFolders(account, { junk, named, main: "INBOX" });
  assert.deepEqual(choose(["taxe", "Tous les messages", "Messages envoyés", "[Gmail]", "inbox"]), {
    paths: ["Taxe", "[Gmail]/Spam"],
    missing: ["Tous les messages", "Messages envoyés", "[Gmail]"],
  });
  assert.deepEqual(choose(["Taxe", "taxe"], false), { paths: ["Taxe"], missing: [] });
  const plain = [listed("INBOX"), listed("Courrier indésirable"), listed("Spamalot")];
  assert.deepEqual(chooseFolders(plain, { junk: true, named: [], main: "INBOX" }).paths, [
    "Courrier indésirable",
  ]);
});
