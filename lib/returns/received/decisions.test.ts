import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, sql, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { decideProposal, overturnVerdict } from "#lib/returns/received/decisions";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign, givePerson } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

let uid = 0;
const receive = async (relayId: number, text: string) => {
  const raw = Buffer.from(text.replaceAll("\n", "\r\n"));
  const read = await readIncoming({ uid: ++uid, uidValidity: 1n, raw, receivedAt: new Date() });
  return (await transaction((client) => recordMail(client, relayId, read))) ?? 0;
};
const give = async (address: string) => {
  const person = await givePerson(address);
  const { relayId, deliveries } = await giveCampaign([person.id]);
  const [sent] = deliveries;
  assert.ok(sent);
  return { relayId, sent, person, address };
};
const state = async (address: string) => [
  (await db.emailAddress.findUniqueOrThrow({ where: { address } })).standing,
  ...(await listSuppressions(hashAddress(address))).map(({ reason }) => reason),
];
const bounceOf = async (id: number) => (await db.delivery.findUniqueOrThrow({ where: { id } })).bounce;
const report = (to: string, reference = "<x@elsewhere.example>", said = "550 5.1.1 User unknown") =>
  `From: MAILER-DAEMON@mx.example\nSubject: failure notice ${uid}\n\n<${to}>:\n${said}\n\n--- Below this line is a copy of the message.\n\nReceived: x\nMessage-ID: ${reference}\nSubject: La lettre\n`;
const someone = async () => {
  const [user] = await sql<{ id: number }>`
    insert into users (name, email, role) values ('Maud', ${`maud${++uid}@src.example`}, 'secretariat') returning id`;
  return user?.id ?? 0;
};

test("a report that waited acts once somebody believes it, and once only", async () => {
  const by = await someone();
  const { relayId, sent, address } = await give("held@orange.example");
  const id = await receive(relayId, report(address));
  assert.deepEqual(await state(address), ["ok"]);
  assert.deepEqual(await decideProposal({ id, accepted: true }, by), { ok: true });
  assert.deepEqual([await state(address), await bounceOf(sent.id)], [["hard", "hard_bounce"], "hard"]);
  assert.equal((await db.bounce.findFirstOrThrow({ where: { receivedMailId: id } })).proof, "staff");
  assert.deepEqual(await decideProposal({ id, accepted: false }, by), {
    ok: false,
    reason: "alreadyHandled",
  });
  const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "received.decided" } });
  assert.equal(entry.userId, by);
});

test("dismissed, it does nothing", async () => {
  const { relayId, address } = await give("dismissed@orange.example");
  const id = await receive(relayId, report(address));
  await decideProposal({ id, accepted: false }, await someone());
  assert.deepEqual(await state(address), ["ok"]);
  assert.equal((await db.receivedMail.findUniqueOrThrow({ where: { id } })).decision, "dismissed");
});

test("a complaint and a request to leave act as they would have, proven", async () => {
  const by = await someone();
  const angry = await give("angry2@orange.example");
  const arf = `From: fbl@orange.example\nSubject: FW\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: ${angry.address}\n\n--b--\n`;
  await decideProposal({ id: await receive(angry.relayId, arf), accepted: true }, by);
  assert.deepEqual(await state(angry.address), ["complaint", "complaint"]);
  const leaver = await give("leaver@orange.example");
  const id = await receive(leaver.relayId, `From: ${leaver.address}\nSubject: unsubscribe\n\n`);
  assert.deepEqual(await state(leaver.address), ["ok"]);
  await decideProposal({ id, accepted: true }, by);
  assert.deepEqual(await state(leaver.address), ["ok", "unsubscribe"]);
});

test("a verdict taken back gives the address back, unless another still stands", async () => {
  const by = await someone();
  const { relayId, sent, person, address } = await give("wrong@orange.example");
  const mail = await receive(relayId, report(address, sent.messageId));
  assert.deepEqual(await state(address), ["hard", "hard_bounce"]);
  const [first] = await db.bounce.findMany({ where: { receivedMailId: mail } });
  const again = await giveCampaign([person.id]);
  const other = await receive(relayId, report(address, again.deliveries[0]?.messageId));
  const why = "Son serveur était en panne";
  assert.deepEqual(await overturnVerdict({ id: first?.id ?? 0, why }, by), { ok: true });
  assert.deepEqual([await bounceOf(sent.id), await state(address)], [null, ["hard", "hard_bounce"]]);
  const [second] = await db.bounce.findMany({ where: { receivedMailId: other } });
  await overturnVerdict({ id: second?.id ?? 0, why }, by);
  assert.deepEqual(await state(address), ["ok"]);
  const kept = await db.bounce.findUniqueOrThrow({ where: { id: second?.id ?? 0 } });
  assert.deepEqual([kept.overturnedWhy, kept.overturnedById, kept.verdict], [why, by, "hard"]);
  assert.deepEqual(await overturnVerdict({ id: kept.id, why }, by), {
    ok: false,
    reason: "alreadyOverturned",
  });
});

test("two verdicts of one address taken back at once, by two people, give it back", async () => {
  const [ada, bob] = [await someone(), await someone()];
  for (let round = 0; round < 5; round++) {
    const { relayId, sent, person, address } = await give(`both${round}@orange.example`);
    const again = await giveCampaign([person.id]);
    const ids = [];
    for (const one of [sent, again.deliveries[0]]) {
      const mail = await receive(relayId, report(address, one?.messageId));
      ids.push((await db.bounce.findFirstOrThrow({ where: { receivedMailId: mail } })).id);
    }
    assert.deepEqual(await state(address), ["hard", "hard_bounce"]);
    const [first = 0, second = 0] = ids;
    const answers = await Promise.all([
      overturnVerdict({ id: first, why: "x" }, ada),
      overturnVerdict({ id: second, why: "y" }, bob),
      overturnVerdict({ id: second, why: "z" }, ada),
    ]);
    assert.equal(answers.filter(({ ok }) => ok).length, 2);
    assert.deepEqual(await state(address), ["ok"]);
  }
});

test("a dead address typed again lives; brought back by a feed it is as dead as it was", async () => {
  const { relayId, sent, person, address } = await give("again@orange.example");
  await receive(relayId, report(address, sent.messageId));
  const again = async (typed: boolean) => {
    await db.emailAddress.delete({ where: { address } });
    await db.emailAddress.create({
      data: { contactId: person.id, address, addressHash: hashAddress(address), isPrimary: true, typed },
    });
    return state(address);
  };
  assert.deepEqual(await again(false), ["hard", "hard_bounce"]);
  assert.deepEqual(await again(true), ["ok"]);
});

test("a reply after soft bounces lifts what they stopped", async () => {
  const person = await givePerson("resting@orange.example");
  let relay = 0;
  let last = "";
  for (let n = 0; n < 3; n++) {
    const { relayId, deliveries } = await giveCampaign([person.id]);
    [relay, last] = [relayId, deliveries[0]?.messageId ?? ""];
    await receive(relay, report("resting@orange.example", last, "552 5.2.2 Over quota"));
  }
  assert.deepEqual(await state("resting@orange.example"), ["soft", "hard_bounce"]);
  await receive(
    relay,
    `From: resting@orange.example\nSubject: Re: La lettre\nIn-Reply-To: ${last}\n\nMe revoilà.\n`,
  );
  assert.deepEqual(await state("resting@orange.example"), ["ok"]);
});
