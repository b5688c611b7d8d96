import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composeAutoReply,
  composeComplaint,
  composeReply,
  composeUnsubscribe,
} from "#lib/letters/sandbox/letters";
import { readOriginal } from "#lib/letters/sandbox/original";
import { composeReport, type ReportKind } from "#lib/letters/sandbox/reports";
import { recordRefusal } from "#lib/letters/verdicts/mutations";
import { db, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { signToken } from "#lib/machine/tokens";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { firstLife } from "#testing/names";
import { giveCampaign, givePerson, totalsOf } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

type Sent = { id: number; address: string; messageId: string };
let uid = 0;

const receive = async (relayId: number, raw: Buffer) => {
  const read = await readIncoming({ uid: ++uid, uidValidity: 1n, raw, receivedAt: new Date() });
  return transaction((client) => recordMail(client, relayId, read));
};
const originalOf = ({ id, address, messageId }: Sent) =>
  readOriginal(
    Buffer.from(
      `Message-ID: ${messageId}\r\nSubject: Bonjour\r\nList-Unsubscribe: <mailto:newsletter@src.example?subject=unsubscribe%20${signToken("unsubscribe", firstLife(id))}>\r\n\r\n`,
    ),
    "newsletter@src.example",
    address,
  );
const report = (kind: ReportKind, sent: Sent) => composeReport(kind, originalOf(sent));
const standing = async (address: string) =>
  (await db.emailAddress.findUniqueOrThrow({ where: { address } })).standing;
const reasons = async (address: string) =>
  (await listSuppressions(hashAddress(address))).map(({ reason }) => reason);
const give = async (address: string) => {
  const person = await givePerson(address);
  const campaign = await giveCampaign([person.id]);
  const [sent] = campaign.deliveries;
  assert.ok(sent);
  return { ...campaign, person, sent };
};

test("a hard bounce marks its delivery, buries the address and is written on the contact", async () => {
  const { sent, person, relayId, campaignId } = await give("dead@gmail.com");
  const raw = report("hard", sent);
  const id = await receive(relayId, raw);
  assert.ok(id);
  const delivery = await db.delivery.findUniqueOrThrow({
    where: { id: sent.id },
    include: { bounces: true },
  });
  assert.equal(delivery.bounce, "hard");
  assert.ok(delivery.bouncedAt);
  assert.deepEqual(
    delivery.bounces.map(({ verdict, blame, receivedMailId }) => [verdict, blame, receivedMailId]),
    [["hard", "recipient", id]],
  );
  assert.match(delivery.bounces[0]?.diagnostic ?? "", /does not exist/);
  assert.equal(await standing("dead@gmail.com"), "hard");
  assert.deepEqual(await reasons("dead@gmail.com"), ["hard_bounce"]);
  assert.equal(await db.activity.count({ where: { contactId: person.id, kind: "bounce.hard" } }), 1);
  assert.equal((await totalsOf(campaignId)).hardBounced, 1);

  assert.equal(await receive(relayId, raw), null, "the same mail read again is nothing new");
  await receive(relayId, report("hard", sent));
  assert.equal((await totalsOf(campaignId)).hardBounced, 1, "a second report about it neither");
  assert.equal(await db.activity.count({ where: { contactId: person.id, kind: "bounce.hard" } }), 1);
});

test("blame on the sender, the content or the network punishes nobody; a delay is no bounce", async () => {
  const { sent, relayId } = await give("blocked@exemple.fr");
  await receive(relayId, report("delayed", sent));
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).bouncedAt, null);
  await receive(relayId, report("blocked", sent));
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).bounce, "soft");
  assert.equal(await standing("blocked@exemple.fr"), "ok");
  assert.deepEqual(await reasons("blocked@exemple.fr"), []);
});

test("a mailbox that stays full is left alone after three campaigns in a row", async () => {
  const person = await givePerson("full@exemple.fr");
  for (const [n, refused] of [false, true, false].entries()) {
    assert.deepEqual(await reasons("full@exemple.fr"), [], `campaign ${n}`);
    const { deliveries, relayId } = await giveCampaign([person.id]);
    const [sent] = deliveries;
    assert.ok(sent);
    const judgement = { reason: "mailbox-full", verdict: "soft", blame: "recipient" } as const;
    if (refused) await recordRefusal({ deliveryId: sent.id, judgement, reply: "552 5.2.2 full" });
    else await receive(relayId, report("soft", sent));
    if (!refused) await receive(relayId, report("soft", sent));
    assert.equal(
      (await db.emailAddress.findUniqueOrThrow({ where: { address: "full@exemple.fr" } })).softBounces,
      n + 1,
    );
  }
  assert.equal(await standing("full@exemple.fr"), "soft");
  assert.deepEqual(await reasons("full@exemple.fr"), ["hard_bounce"]);
});

test("in a row are campaigns that reached their own server: not blame elsewhere, not what was set aside", async () => {
  const neighbour = await give("voisin@exemple.fr");
  const after = async (address: string, kinds: (ReportKind | "skipped")[]) => {
    const person = await givePerson(address);
    for (const kind of kinds) {
      const { deliveries, relayId } = await giveCampaign([person.id]);
      const sent = deliveries[0] ?? assert.fail();
      if (kind === "skipped")
        await db.delivery.update({ where: { id: sent.id }, data: { status: "skipped", reason: "x" } });
      else await receive(relayId, report(kind, sent));
    }
    return (await db.emailAddress.findUniqueOrThrow({ where: { address } })).softBounces;
  };
  assert.equal(await after("filtre@exemple.fr", ["blocked", "blocked", "soft"]), 1);
  assert.equal(await after("plein@exemple.fr", ["soft", "soft", "skipped", "soft"]), 3);
  assert.equal(await standing(neighbour.sent.address), "ok");
});

test("a mail that went through in between starts the count again, and so does a reply", async () => {
  const person = await givePerson("busy@exemple.fr");
  for (const bounced of [true, true, false, true]) {
    const { deliveries, relayId } = await giveCampaign([person.id]);
    if (bounced && deliveries[0]) await receive(relayId, report("soft", deliveries[0]));
  }
  assert.equal(
    (await db.emailAddress.findUniqueOrThrow({ where: { address: "busy@exemple.fr" } })).softBounces,
    1,
  );
  const { deliveries, relayId } = await giveCampaign([person.id]);
  if (deliveries[0]) await receive(relayId, composeReply(originalOf(deliveries[0])));
  assert.equal(await standing("busy@exemple.fr"), "ok");
});

test("a reply counts once, an absence never", async () => {
  const other = await give("muet@exemple.fr");
  const { sent, person, relayId, campaignId } = await give("lea@exemple.fr");
  await receive(relayId, composeAutoReply(originalOf(sent)));
  assert.equal((await totalsOf(campaignId)).replied, 0);
  const repliedAt = async () =>
    (await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).repliedAt?.getTime();
  await receive(relayId, composeReply(originalOf(sent)));
  const first = await repliedAt();
  await receive(relayId, composeReply(originalOf(sent)));
  assert.equal(await repliedAt(), first, "the first answer gives the time");
  assert.equal((await totalsOf(campaignId)).replied, 1);
  assert.equal((await totalsOf(other.campaignId)).replied, 0);
  const classes = await db.receivedMail.findMany({
    where: { contactId: person.id },
    select: { class: true },
    orderBy: { id: "asc" },
  });
  assert.deepEqual(
    classes.map((row) => row.class),
    ["auto-reply", "reply", "reply"],
  );
  const noted = await db.activity.findMany({ where: { contactId: person.id }, orderBy: { id: "asc" } });
  assert.deepEqual(
    noted.map(({ kind }) => kind),
    ["autoreply", "reply", "reply"],
  );
});

test("a task that waits for an answer is moved by an absence, closed by a person, and by nobody else", async () => {
  const { sent, relayId } = await give("attendue@exemple.fr");
  const other = await give("autre@exemple.fr");
  const { id: ownerId } = await db.user.create({
    data: { name: "Maud", email: "maud@src.example", role: "secretariat" },
  });
  const due = new Date("2026-11-27");
  const waiting = (awaitsId: number) =>
    db.task.create({ data: { title: "Relancer", ownerId, dueOn: due, awaitsId } });
  const [task, his] = [await waiting(sent.id), await waiting(other.sent.id)];
  const now = (id: number) => db.task.findUniqueOrThrow({ where: { id } });
  const away = composeAutoReply(originalOf(sent))
    .toString("utf8")
    .replace(/Content-Transfer-Encoding: [^\r\n]*\r?\n/i, "")
    .replace(/\r?\n\r?\n[\s\S]*/, "\r\n\r\nJe suis absente jusqu’au 4 janvier 2027.\r\n");
  await receive(relayId, Buffer.from(away));
  const moved = await now(task.id);
  assert.deepEqual([moved.doneAt, moved.dueOn.toISOString().slice(0, 4)], [null, "2027"]);
  const id = await receive(relayId, composeReply(originalOf(sent)));
  const closed = await now(task.id);
  assert.deepEqual([closed.doneAt !== null, closed.doneBy, closed.answerId], [true, null, id]);
  assert.deepEqual([(await now(his.id)).doneAt, (await now(his.id)).dueOn], [null, due]);
});

test("what a machine says of somebody erased since is kept without its words; of nobody's letter, with them", async () => {
  const { sent, relayId } = await give("parti@exemple.fr");
  const kept = async (raw: Buffer) => {
    const id = (await receive(relayId, raw)) ?? 0;
    const { raw: words, sender } = await db.receivedMail.findUniqueOrThrow({ where: { id } });
    return words.length > 0 && sender !== "";
  };
  await db.delivery.update({ where: { id: sent.id }, data: { contactId: null } });
  assert.equal(await kept(report("soft", sent)), true);
  await db.delivery.update({ where: { id: sent.id }, data: { erasedAt: new Date() } });
  assert.equal(await kept(report("hard", sent)), false);
  assert.equal(await kept(composeReply(originalOf(sent))), true, "they wrote to us themselves since");
});

test("what says that a mail arrived gives a resting mailbox back, what only passed it on does not", async () => {
  const { sent, relayId } = await give("repose@exemple.fr");
  await receive(relayId, report("soft", sent));
  const raw = report("delayed", sent).toString();
  for (const [action, after] of [
    ["relayed", "soft"],
    ["delivered", "ok"],
  ] as const) {
    await receive(relayId, Buffer.from(raw.replace(/^Action: .*$/im, `Action: ${action}`)));
    assert.equal(await standing("repose@exemple.fr"), after, action);
  }
});

test("a complaint stops everything for good and tells the secretariat", async () => {
  const { sent, person, relayId, campaignId } = await give("angry@exemple.fr");
  await receive(relayId, composeComplaint(originalOf(sent)));
  assert.equal(await standing("angry@exemple.fr"), "complaint");
  assert.deepEqual(await reasons("angry@exemple.fr"), ["complaint"]);
  assert.equal((await totalsOf(campaignId)).complained, 1);
  assert.equal(await db.notice.count({ where: { contactId: person.id, kind: "complaint" } }), 1);
  const subscription = await db.subscription.findFirstOrThrow({ where: { contactId: person.id } });
  assert.ok(subscription.unsubscribedAt);
});

test("a mail program's « se désabonner » acts as the page does", async () => {
  const { sent, person, relayId, campaignId } = await give("bye@exemple.fr");
  await receive(relayId, composeUnsubscribe(originalOf(sent)));
  assert.deepEqual(await reasons("bye@exemple.fr"), ["unsubscribe"]);
  assert.equal((await totalsOf(campaignId)).unsubscribed, 1);
  const [event] = await db.subscriptionEvent.findMany({ where: { contactId: person.id } });
  assert.equal(event?.via, "mailto");
  assert.equal(
    (await db.receivedMail.findFirstOrThrow({ where: { contactId: person.id } })).class,
    "unsubscribe",
  );
});

test("bytes that are no mail are kept as « other » and harm nothing", async () => {
  const { relayId } = await give("x@exemple.fr");
  for (const raw of [
    Buffer.alloc(0),
    Buffer.from([0, 255, 10, 13, 0]),
    Buffer.from("Subject: \0\ud800\r\nFrom: \0\r\n\r\n\0"),
    Buffer.alloc(600_000, 0x41),
  ]) {
    assert.ok(await receive(relayId, raw));
  }
  const huge = await db.receivedMail.findFirstOrThrow({
    orderBy: { id: "desc" },
    select: { class: true, raw: true },
  });
  assert.equal(huge.class, "other");
  assert.equal(huge.raw.length, 512 * 1024);
});

test("a riddle set in a robot's name is laid to the person it guards", async () => {
  const { relayId, person } = await give("guarded@entreprise.example");
  const raw = Buffer.from(
    "From: Mailinblack <robot@mailinblack.example>\nSubject: Votre message\nContent-Type: text/plain; charset=utf-8\n\nMerci d’authentifier votre adresse pour écrire à guarded@entreprise.example : https://app.example/c",
  );
  const id = await receive(relayId, raw);
  const mail = await db.receivedMail.findUniqueOrThrow({ where: { id: id ?? 0 } });
  assert.deepEqual([mail.class, mail.proposal, mail.contactId], ["auto-reply", "challenge", person.id]);
  assert.equal(await standing("guarded@entreprise.example"), "ok");
});
