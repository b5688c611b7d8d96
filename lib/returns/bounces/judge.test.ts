import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";

const judge = (text: string) => judgeMail(Buffer.from(text.replaceAll("\n", "\r\n")));

/** A report of RFC 3464 with its three parts. */
function report(
  words: string,
  fields: string,
  original = "Message-ID: <ours@src.example>\nTo: lea@example.fr",
): string {
  return `From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: src@example.org
Subject: Delivery Status Notification (Failure)
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=UTF-8

${words}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com

${fields}

--b
Content-Type: message/rfc822

${original}
Subject: La lettre

--b--
`;
}

const failed = (status: string, diagnostic: string) =>
  `Final-Recipient: rfc822; lea@example.fr\nAction: failed\nStatus: ${status}\nDiagnostic-Code: smtp; ${diagnostic}`;

test("a report names its recipient, its reason and our mail", async () => {
  const judged = await judge(
    report(
      "** Adresse introuvable **",
      failed("5.1.1", "550-5.1.1 The email account that you tried to reach does\n 550-5.1.1 not exist."),
    ),
  );
  assert.equal(judged.class, "bounce");
  assert.equal(judged.originalMessageId, "<ours@src.example>");
  assert.deepEqual(judged.results, [
    {
      recipient: "lea@example.fr",
      originalRecipient: null,
      verdict: "hard",
      blame: "recipient",
      status: "5.1.1",
      reason: "user-unknown",
      action: "failed",
    },
  ]);
});

test("Action: failed is trusted above Status: 4.0.0", async () => {
  const [result] = (await judge(report("", failed("4.0.0", "550 No such user here")))).results;
  assert.equal(result?.verdict, "hard");
});

test("a temporary reply that ends in failure is soft", async () => {
  const [result] = (await judge(report("", failed("4.4.7", "451 4.1.1 User unknown")))).results;
  assert.equal(result?.verdict, "soft");
});

test("our daily limit is our fault", async () => {
  const [result] = (await judge(report("", failed("5.4.5", "550 5.4.5 Daily user sending limit exceeded"))))
    .results;
  assert.deepEqual([result?.reason, result?.verdict, result?.blame], ["sending-limit", "soft", "sender"]);
});

test("a delay is a bounce that buries nobody", async () => {
  const judged = await judge(
    report("Delivery incomplete", "Final-Recipient: rfc822; lea@example.fr\nAction: delayed\nStatus: 4.0.0"),
  );
  const [result] = judged.results;
  assert.deepEqual(
    [judged.class, result?.action, result?.verdict, result?.reason],
    ["bounce", "delayed", "soft", "delayed"],
  );
});

test("a success report is a report", async () => {
  const judged = await judge(
    report("Delivered", "Final-Recipient: rfc822; lea@example.fr\nAction: delivered\nStatus: 2.1.5"),
  );
  assert.equal(judged.class, "report");
});

test("several recipients each get their own verdict, in the words of their own group", async () => {
  const second = failed("5.2.2", "552 5.2.2 Mailbox full").replace("lea@", "zoe@");
  const { results } = await judge(report("", `${failed("5.1.1", "550 5.1.1 User unknown")}\n\n${second}`));
  assert.deepEqual(
    results.map((one) => [one.recipient, one.verdict]),
    [
      ["lea@example.fr", "hard"],
      ["zoe@example.fr", "soft"],
    ],
  );
});

test("X-Original-Message-ID serves when the original is missing", async () => {
  const fields = `X-Original-Message-ID: <gmail@src.example>\n\n${failed("5.1.1", "550 no")}`;
  const judged = await judge(report("", fields, "X-Nothing: here"));
  assert.equal(judged.originalMessageId, "<gmail@src.example>");
});

test("a refusal in plain words, without any report", async () => {
  const judged = await judge(`From: MAILER-DAEMON@mx.example.fr
To: src@example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.fr.
I'm afraid I wasn't able to deliver your message to the following addresses.

<lea@example.fr>:
Sorry, no mailbox here by that name. (#5.1.1)

<full@example.fr>:
192.0.2.25 does not like recipient.
Remote host said: 552 5.2.2 Over quota

--- Below this line is a copy of the message.

Return-Path: <src@example.org>
Message-ID: <qmail@src.example>
From: src@example.org
To: lea@example.fr
`);
  assert.equal(judged.originalMessageId, "<qmail@src.example>");
  assert.deepEqual(
    judged.results.map((one) => [one.recipient, one.verdict]),
    [
      ["lea@example.fr", "hard"],
      ["full@example.fr", "soft"],
    ],
  );
});

test("a French Exchange refusal without fields", async () => {
  const judged = await judge(`From: postmaster@univ.example.fr
To: src@example.org
Subject: =?utf-8?Q?Non_remis=C2=A0=3A_La_lettre?=
Content-Type: text/plain; charset=utf-8
In-Reply-To: <ours@src.example>

Échec de la remise à ces destinataires ou groupes :

lea@example.fr
L’adresse de messagerie que vous avez entrée est introuvable.
`);
  const [result] = judged.results;
  assert.deepEqual(
    [judged.class, result?.recipient, result?.verdict, judged.originalMessageId],
    ["bounce", "lea@example.fr", "hard", "<ours@src.example>"],
  );
});

test("complaints: ARF, and the mail of a List-Unsubscribe", async () => {
  const arf = report("abuse", "")
    .replace("delivery-status;", "feedback-report;")
    .replace(
      "message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n",
      "message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: lea@example.fr",
    );
  const judged = await judge(arf);
  assert.deepEqual(
    [judged.class, judged.results[0]?.recipient, judged.results[0]?.reason],
    ["complaint", "lea@example.fr", "complaint"],
  );
  const left = await judge("From: Léa <lea@example.fr>\nSubject: unsubscribe\n\n");
  assert.deepEqual(
    [left.class, left.results[0]?.recipient, left.results[0]?.reason],
    ["complaint", "lea@example.fr", "unsubscribe"],
  );
});

const classes: [string, string, string][] = [
  [
    "absence with RFC 3834",
    "auto-reply",
    "From: lea@example.fr\nSubject: Absente\nAuto-Submitted: auto-replied\nIn-Reply-To: <a@b>\n\nDe retour lundi.",
  ],
  [
    "absence by its subject",
    "auto-reply",
    "From: lea@example.fr\nSubject: =?utf-8?Q?R=C3=A9ponse_automatique_:_La_lettre?=\n\nJe suis absente.",
  ],
  [
    "absence without a return path",
    "auto-reply",
    "Return-Path: <>\nFrom: lea@example.fr\nSubject: Automatic reply: La lettre\n\nI cannot deliver an answer today.",
  ],
  [
    "ticket acknowledgement",
    "auto-reply",
    "From: support@example.fr\nSubject: Votre demande\nPrecedence: auto_reply\n\nBien reçu.",
  ],
  [
    "a person",
    "reply",
    "From: Léa <lea@example.fr>\nSubject: Re: La lettre\nIn-Reply-To: <ours@src.example>\n\nBonjour, merci !",
  ],
  ["a person without threading", "reply", "From: Léa <lea@example.fr>\nSubject: RE : La lettre\n\nMerci"],
  [
    "a person who speaks of failures",
    "reply",
    "From: Léa <lea@example.fr>\nSubject: Re: Undelivered Mail\nReferences: <a@b>\n\nYour mail was not delivered to my colleague.",
  ],
  [
    "a read receipt",
    "report",
    "From: lea@example.fr\nSubject: Lu : La lettre\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nLu\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--",
  ],
  [
    "a DMARC aggregate",
    "report",
    "From: noreply-dmarc-support@google.com\nSubject: Report domain: example.org Submitter: google.com Report-ID: 1\nContent-Type: application/zip\n\nUEsDBAo=",
  ],
  [
    "a TLS report",
    "report",
    'From: smtp-tls-reporting@google.com\nSubject: Report Domain: example.org\nContent-Type: multipart/report; report-type="tlsrpt"; boundary=b\n\n--b\n\nx\n--b--',
  ],
  ["a new letter", "other", "From: Léa <lea@example.fr>\nSubject: Forum des métiers\n\nBonjour,"],
  ["nothing", "other", ""],
  ["no header", "other", "bonjour"],
];

for (const [what, wanted, text] of classes) {
  test(`${what} is ${wanted}`, async () => assert.equal((await judge(text)).class, wanted));
}

test("an answer gives the Message-ID it answers", async () => {
  const judged = await judge("From: a@b.fr\nSubject: Re: x\nReferences: <old@x> <new@x>\n\n");
  assert.deepEqual(judged.references, ["<new@x>", "<old@x>"]);
  assert.deepEqual(judged.results, []);
});
