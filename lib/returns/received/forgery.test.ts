// What anybody may write to the mailbox, and how far it is believed.
import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { db, transaction } from "#lib/machine/db";
import { hashAddress } from "#lib/machine/seal";
import { signToken } from "#lib/machine/tokens";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { giveCampaign, givePerson } from "#testing/received";
import { listSuppressions } from "#testing/suppressions";

let uid = 0;
const receive = async (relayId: number, text: string) => {
  const raw = Buffer.from(text.replaceAll("\n", "\r\n"));
  const read = await readIncoming({ uid: ++uid, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = await transaction((client) => recordMail(client, relayId, read));
  return db.receivedMail.findUniqueOrThrow({ where: { id: id ?? 0 }, include: { bounces: true } });
};
const give = async (address: string) => {
  const person = await givePerson(address);
  const campaign = await giveCampaign([person.id]);
  const [sent] = campaign.deliveries;
  assert.ok(sent);
  await db.relay.update({ where: { id: campaign.relayId }, data: { authservId: "mx.src.example" } });
  return { relayId: campaign.relayId, sent, person };
};
const state = async (address: string) => ({
  standing: (await db.emailAddress.findUniqueOrThrow({ where: { address } })).standing,
  stopped: (await listSuppressions(hashAddress(address))).map(({ reason }) => reason),
});
const alive = { standing: "ok", stopped: [] };

type Group = [recipient: string, action: string, status: string, diagnostic: string];
/** A delivery report on these recipients, returning the mail `reference` names. */
const report = (
  reference: string,
  groups: Group[],
  from = "MAILER-DAEMON@orange.example",
  head = "",
  words = "",
) =>
  `${head}From: Mail Delivery System <${from}>
To: src@src.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

${words}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.orange.example

${groups.map(([to, action, status, said]) => `Final-Recipient: rfc822; ${to}\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; ${said}`).join("\n\n")}

--b
Content-Type: message/rfc822

Message-ID: ${reference}
Subject: La lettre

--b--
`;
const dead = (to: string): Group => [to, "failed", "5.1.1", "550 5.1.1 User unknown"];
const passed = (domain: string, server = "mx.src.example") =>
  `Authentication-Results: ${server}; dmarc=pass header.from=${domain}\n`;

test("four lines of text bury nobody: they wait for somebody", async () => {
  const { sent, relayId } = await give("forged@orange.example");
  const mail = await receive(
    relayId,
    "From: MAILER-DAEMON@evil.example\nSubject: failure notice\n\n<forged@orange.example>:\n550 5.1.1 User unknown\n",
  );
  assert.deepEqual(await state("forged@orange.example"), alive);
  assert.deepEqual([mail.class, mail.proposal, mail.deliveryId], ["bounce", "bounce", sent.id]);
  assert.deepEqual(
    mail.bounces.map((one) => [one.verdict, one.proof, one.deliveryId, one.recipient]),
    [["hard", "none", null, "forged@orange.example"]],
  );
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).bounce, null);
});

test("authenticated as the recipient's own domain, a report without our reference is soft at most", async () => {
  const { sent, relayId } = await give("soft@orange.example");
  const mail = await receive(
    relayId,
    report("<x@elsewhere.example>", [dead("soft@orange.example")], undefined, passed("orange.example")),
  );
  assert.equal(mail.proposal, null);
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).bounce, "soft");
  assert.deepEqual(await state("soft@orange.example"), { standing: "soft", stopped: [] });
});

test("authenticated as somebody else, or by another server, it waits", async () => {
  const { relayId } = await give("evil@orange.example");
  const bare = (head: string, from: string) =>
    report("<x@elsewhere.example>", [dead("evil@orange.example")], from, head);
  const heads: [string, string][] = [
    [passed("evil.example"), "MAILER-DAEMON@evil.example"],
    [passed("orange.example", "mx.evil.example"), "MAILER-DAEMON@orange.example"],
    [
      `Authentication-Results: mx.src.example; dmarc=fail header.from=orange.example\n${passed("orange.example")}`,
      "MAILER-DAEMON@orange.example",
    ],
  ];
  for (const [head, from] of heads)
    assert.equal((await receive(relayId, bare(head, from))).proposal, "bounce");
  assert.deepEqual(await state("evil@orange.example"), alive);
});

test("each verdict is its recipient's: ours delivered and another's dead does not bury ours", async () => {
  const { sent, relayId } = await give("fine@orange.example");
  const delivered: Group = ["fine@orange.example", "delivered", "2.1.5", "250 ok"];
  const mail = await receive(relayId, report(sent.messageId, [delivered, dead("other@orange.example")]));
  assert.deepEqual(await state("fine@orange.example"), alive);
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).bounce, null);
  assert.deepEqual(mail.bounces.map((one) => [one.recipient, one.deliveryId]).toSorted(), [
    ["fine@orange.example", sent.id],
    ["other@orange.example", null],
  ]);
});

test("a report that returns our mail and names only somebody else waits", async () => {
  const { sent, relayId } = await give("named@orange.example");
  const mail = await receive(relayId, report(sent.messageId, [dead("stranger@gmail.example")]));
  assert.equal(mail.proposal, "bounce");
  assert.deepEqual(await state("named@orange.example"), alive);
});

test("an alias of ours is ours: expanded from, Original-Recipient, a local part, X.400", async () => {
  const cases: [string, (ours: string) => [Group, string]][] = [
    [
      "alias1",
      (ours) => [
        dead("box@gmail.example"),
        `<box@gmail.example> (expanded from <${ours}>): host said: 550 5.1.1 User unknown`,
      ],
    ],
    [
      "alias2",
      (ours) => [
        [`box@gmail.example\nOriginal-Recipient: rfc822; ${ours}`, "failed", "5.1.1", "550 User unknown"],
        "",
      ],
    ],
    ["alias3", () => [["alias3", "failed", "5.1.1", "550 User unknown"], ""]],
    ["jean.alias4", () => [["dummy", "failed", "5.1.1", "550 User unknown"], ""]],
    [
      "alias5",
      (ours) => [
        dead("box@gmail.example"),
        `box@gmail.example\n    (ultimately generated from ${ours})\n    550 unknown user`,
      ],
    ],
  ];
  for (const [local, make] of cases) {
    const address = `${local}@orange.example`;
    const { sent, relayId } = await give(address);
    const [group, words] = make(address);
    const text = report(sent.messageId, [group], undefined, "", words).replace(
      "rfc822; dummy",
      "x400; /C=FR/A=X/S=alias4/G=jean/",
    );
    await receive(relayId, text);
    assert.equal((await state(address)).standing, "hard", local);
  }
});

test("our reference proves nothing a month later, nor against somebody who answered since", async () => {
  const old = await give("old@orange.example");
  await db.delivery.update({
    where: { id: old.sent.id },
    data: { settledAt: new Date(Date.now() - 31 * 86_400_000) },
  });
  assert.equal(
    (await receive(old.relayId, report(old.sent.messageId, [dead("old@orange.example")]))).proposal,
    "bounce",
  );
  const answered = await give("answered@orange.example");
  await db.delivery.update({ where: { id: answered.sent.id }, data: { repliedAt: new Date() } });
  const mail = await receive(
    answered.relayId,
    report(answered.sent.messageId, [dead("answered@orange.example")]),
  );
  assert.equal(mail.proposal, "bounce");
  assert.deepEqual(
    [await state("old@orange.example"), await state("answered@orange.example")],
    [alive, alive],
  );
});

test("without our reference only the last week's mail to that address may be meant", async () => {
  const { sent, relayId } = await give("week@orange.example");
  const age = (days: number) =>
    db.delivery.update({
      where: { id: sent.id },
      data: { createdAt: new Date(Date.now() - days * 86_400_000) },
    });
  const bare = (n: number) => report(`<${n}@elsewhere.example>`, [dead("week@orange.example")]);
  await age(8);
  const late = await receive(relayId, bare(1));
  assert.deepEqual([late.deliveryId, late.proposal], [null, null]);
  await age(6);
  assert.deepEqual((await receive(relayId, bare(2))).deliveryId, sent.id);
});

test("what is only about the network or about us waits for nobody", async () => {
  const { relayId } = await give("calm@orange.example");
  const delayed: Group = ["calm@orange.example", "delayed", "4.4.1", "connection timed out"];
  const blocked: Group = [
    "calm@orange.example",
    "failed",
    "5.7.1",
    "554 5.7.1 blocked using zen.spamhaus.org",
  ];
  for (const group of [delayed, blocked])
    assert.equal((await receive(relayId, report("<y@elsewhere.example>", [group]))).proposal, null);
});

const complaint = (reference: string, to: string) => `From: Plaintes <fbl@orange.example>
Subject: FW: La lettre
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
${to && `Original-Rcpt-To: ${to}\n`}
--b
Content-Type: message/rfc822

Message-ID: ${reference}
Subject: La lettre

--b--
`;

test("a complaint needs our reference, and must not name somebody else", async () => {
  const { sent, relayId } = await give("calmly@orange.example");
  const address = "calmly@orange.example";
  for (const text of [
    complaint("<z@elsewhere.example>", address),
    complaint(sent.messageId, "other@orange.example"),
  ]) {
    const mail = await receive(relayId, text);
    assert.deepEqual([mail.class, mail.proposal], ["complaint", "complaint"]);
    assert.deepEqual(await state(address), alive);
  }
  assert.equal((await receive(relayId, complaint(sent.messageId, ""))).proposal, null);
  assert.equal((await state(address)).standing, "complaint");
  const masked = await give("masked@orange.example");
  await receive(masked.relayId, complaint(masked.sent.messageId, "redacted@orange.example"));
  assert.equal((await state("masked@orange.example")).standing, "complaint");
});

const word = (from: string, subject: string, head = "", body = "") =>
  `${head}From: ${from}\nSubject: ${subject}\n\n${body}\n`;

test("« unsubscribe » from nobody knows whom waits; proven, it acts", async () => {
  const forged = await give("stay@orange.example");
  const mail = await receive(forged.relayId, word("stay@orange.example", "unsubscribe"));
  assert.deepEqual(
    [mail.class, mail.proposal, await state("stay@orange.example")],
    ["unsubscribe", "leave", alive],
  );

  const meant = await receive(
    forged.relayId,
    word("stay@orange.example", "Désabonnement", passed("orange.example")),
  );
  assert.equal(meant.proposal, null);
  assert.deepEqual((await state("stay@orange.example")).stopped, ["unsubscribe"]);

  // Of an installation without a generation yet, and of one that has its own.
  const generations = [0, 34_567_890];
  for (const generation of generations) {
    const address = `token${generation}@orange.example`;
    const { sent, relayId } = await give(address);
    await db.delivery.update({ where: { id: sent.id }, data: { generation } });
    const subject = `unsubscribe ${signToken("unsubscribe", { id: sent.id, generation })}`;
    const left = await receive(relayId, word("other@elsewhere.example", subject));
    assert.equal(left.proposal, null, subject);
    assert.deepEqual((await state(address)).stopped, ["unsubscribe"]);
  }

  const bad = await receive(
    forged.relayId,
    word("stay@orange.example", "unsubscribe 1a.abcdefghijklmnopqrstuvwx"),
  );
  assert.equal(bad.proposal, "leave");
});

test("a sentence that asks to leave is proposed, never obeyed", async () => {
  const { sent, relayId } = await give("asks@orange.example");
  const head = `${passed("orange.example")}In-Reply-To: ${sent.messageId}\n`;
  const mail = await receive(
    relayId,
    word("asks@orange.example", "Re: La lettre", head, "Merci de me retirer de votre liste."),
  );
  assert.deepEqual(
    [mail.class, mail.proposal, await state("asks@orange.example")],
    ["reply", "leave", alive],
  );
  assert.equal(
    (await receive(relayId, word("nobody@elsewhere.example", "STOP aux prospectus", "", "stop"))).proposal,
    null,
  );
});

test("an absence says until when, and a departure offers what it gives", async () => {
  const { sent, relayId } = await give("away@orange.example");
  const head = `Auto-Submitted: auto-replied\nDate: Tue, 24 Nov 2026 09:12:00 +0100\nIn-Reply-To: ${sent.messageId}\n`;
  const away = await receive(
    relayId,
    word("away@orange.example", "Absence", head, "Absente jusqu'au 30 novembre."),
  );
  assert.deepEqual(
    [away.class, away.proposal, away.backOn?.toISOString().slice(0, 10)],
    ["auto-reply", null, "2026-11-30"],
  );
  const moved = await receive(
    relayId,
    word("away@orange.example", "Changement d'adresse", head, "Ma nouvelle adresse : neuf@orange.example"),
  );
  assert.deepEqual([moved.proposal, moved.proposedAddress], ["moved", "neuf@orange.example"]);
  assert.equal((await db.delivery.findUniqueOrThrow({ where: { id: sent.id } })).repliedAt, null);
});
