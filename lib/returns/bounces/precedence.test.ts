/** Which word of a report decides: of the diagnostic, the status, the sentences around; and what kind of mail tells what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";

const judge = (text: string) => judgeMail(Buffer.from(text.replaceAll("\n", "\r\n")));

/** A report of RFC 3464, or of RFC 5965 and 8098 by its type, returning a mail to lea@example.fr. */
const report = (words: string, fields: string, type = "delivery-status", from = "mailer-daemon@mx.example") =>
  `From: <${from}>
Subject: Delivery Status Notification
Content-Type: multipart/report; report-type=${type}; boundary="b"

--b
Content-Type: text/plain

${words}

--b
Content-Type: message/${type}

${type === "delivery-status" ? "Reporting-MTA: dns; mx.example\n\n" : ""}${fields}

--b
Content-Type: message/rfc822

Message-ID: <ours@src.example>
To: lea@example.fr
Subject: La lettre

--b--
`;
const group = (status: string, diagnostic: string, who = "lea", action = "failed") =>
  [
    `Final-Recipient: rfc822; ${who}@example.fr`,
    `Action: ${action}`,
    ...(status ? [`Status: ${status}`] : []),
    ...(diagnostic ? [`Diagnostic-Code: smtp; ${diagnostic}`] : []),
  ].join("\n");

/** Status field and diagnostic → what is written of it. Nothing hard where either says that it may pass. */
const pairs: [status: string, diagnostic: string, written: string, reason: string, verdict: string][] = [
  ["5.7.1", "550 5.1.1 zzz", "5.1.1", "user-unknown", "hard"],
  ["5.1.1", "550 5.3.9 zzz", "5.3.9", "server-error", "soft"],
  ["5.1.1", "550 5.0.0 zzz", "5.1.1", "user-unknown", "hard"],
  ["5.1.1", "550 zzz", "5.1.1", "user-unknown", "hard"],
  ["5.0.0", "550 4.0.0 zzz", "4.0.0", "unknown", "unknown"],
  ["5.0.0", "550 zzz", "5.0.0", "unknown", "unknown"],
  ["", "550 zzz", "550", "unknown", "unknown"],
  ["", "zzz 4.0.0", "4.0.0", "unknown", "soft"],
  ["4.1.1", "550 zzz", "4.1.1", "unknown", "unknown"],
  ["4.2.2", "450 zzz", "4.2.2", "mailbox-full", "soft"],
  ["4.1.1", "User unknown", "4.1.1", "user-unknown", "soft"],
  ["4.1.1", "550 User unknown", "4.1.1", "user-unknown", "hard"],
  ["5.1.1", "450 User unknown", "5.1.1", "user-unknown", "soft"],
];
test("the diagnostic decides, then the status, and the vaguer of the two last", async () => {
  for (const [status, diagnostic, written, reason, verdict] of pairs) {
    const [one] = (await judge(report("", group(status, diagnostic)))).results;
    assert.deepEqual(
      [one?.status, one?.reason, one?.verdict],
      [written, reason, verdict],
      `${status} ${diagnostic}`,
    );
  }
});

test("a delay keeps its reason", async () => {
  const [one] = (await judge(report("", group("4.2.2", "452 4.2.2 Mailbox full", "lea", "delayed")))).results;
  assert.deepEqual([one?.reason, one?.verdict], ["mailbox-full", "soft"]);
});

const sentences: [words: string, diagnostic: string, expected: string][] = [
  ["User unknown", "", "user-unknown hard"],
  ["452 Mailbox full", "zzz", "mailbox-full soft"],
  ["450 User unknown", "zzz", "user-unknown soft"],
];
test("words decide when the fields say nothing, and their own code says whether it may pass", async () => {
  for (const [words, diagnostic, expected] of sentences) {
    const [one] = (await judge(report(words, group("5.0.0", diagnostic)))).results;
    assert.equal(`${one?.reason} ${one?.verdict}`, expected, words);
  }
  const [field] = (await judge(report("zzz 5.2.2", group("5.1.1", "zzz")))).results;
  assert.equal(field?.reason, "user-unknown", "a status of the fields before one in words");
});

test("of several recipients each is judged by the lines under their own address", async () => {
  const fields = `${group("5.0.0", "")}\n\n${group("5.0.0", "", "zoe")}`;
  for (const words of [
    "lea@example.fr:\n over quota\nzoe@example.fr:\n User unknown\n",
    "zoe@example.fr:\n a\n b\n User unknown\nlea@example.fr:\n c\n d\n over quota\n",
  ]) {
    const { results } = await judge(report(words, fields));
    assert.deepEqual(
      results.map((one) => [one.recipient, one.reason, one.verdict]),
      [
        ["lea@example.fr", "mailbox-full", "soft"],
        ["zoe@example.fr", "user-unknown", "hard"],
      ],
    );
  }
});

const unsubscribe = "To unsubscribe, write to us";
const gone = "Je ne travaille plus ici, écrivez à zoe@example.fr.";
const returned =
  "Content-Type: message/rfc822\n\nMessage-ID: <ours@src.example>\nTo: lea@example.fr\nSubject: x\n";
/** What a mail is, whether it asks to leave, what its answering machine says, and whom it is about. */
const mails: [what: string, mail: string, kind: string, told: unknown[], results: unknown[]][] = [
  [
    "a bounce that quotes our footer",
    report(unsubscribe, group("5.1.1", "550 no")),
    "bounce",
    [null, undefined],
    [["lea@example.fr", "user-unknown", "5.1.1"]],
  ],
  [
    "a delivery that quotes it",
    report(unsubscribe, group("2.1.5", "250 ok", "lea", "delivered")),
    "report",
    [null, undefined],
    [["lea@example.fr", "delivered", "2.1.5"]],
  ],
  [
    "a sentence",
    "From: lea@example.fr\nSubject: Re: x\nIn-Reply-To: <a@b>\n\nJe ne souhaite plus recevoir vos lettres.\n",
    "reply",
    ["said", undefined],
    [],
  ],
  [
    "a machine",
    `From: lea@example.fr\nSubject: Absente\nAuto-Submitted: auto-replied\n\n${gone}\n`,
    "auto-reply",
    [null, "departed"],
    [],
  ],
  [
    "a person saying the same",
    `From: lea@example.fr\nSubject: Re: x\nIn-Reply-To: <a@b>\n\n${gone}\n`,
    "reply",
    [null, undefined],
    [],
  ],
  [
    "a complaint by a provider, though it says the word",
    report(
      "unsubscribe",
      "Feedback-Type: abuse\nOriginal-Rcpt-To: lea@example.fr",
      "feedback-report",
      "fbl@mx.example",
    ).replace("Delivery Status Notification", "unsubscribe"),
    "complaint",
    ["bare", undefined],
    [["lea@example.fr", "complaint", ""]],
  ],
  [
    "a failed authentication",
    report("x", "Feedback-Type: auth-failure\nOriginal-Rcpt-To: lea@example.fr", "feedback-report"),
    "report",
    [null, undefined],
    [["lea@example.fr", "authentication-report", ""]],
  ],
  [
    "a loop older than its standard",
    `From: staff@hotmail.example\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${returned}--b--\n`,
    "complaint",
    [null, undefined],
    [["lea@example.fr", "complaint", ""]],
  ],
  [
    "a receipt",
    report(
      "Lu",
      "Final-Recipient: rfc822; lea@example.fr\nDisposition: manual-action/MDN-sent-manually; displayed",
      "disposition-notification",
      "lea@example.fr",
    ),
    "report",
    [null, undefined],
    [],
  ],
  [
    "a filter's refusal",
    report(
      "This message was automatically rejected",
      "Final-Recipient: rfc822; lea@example.fr\nDisposition: automatic-action/MDN-sent-automatically; deleted",
      "disposition-notification",
      "lea@example.fr",
    ),
    "bounce",
    [null, undefined],
    [["lea@example.fr", "refused-by-filter", ""]],
  ],
  [
    "the bare word of a server",
    "From: MAILER-DAEMON@example.fr\nSubject: unsubscribe\n\n",
    "other",
    ["bare", undefined],
    [],
  ],
];
test("each kind of mail tells what it may tell, and about whom", async () => {
  for (const [what, mail, kind, told, results] of mails) {
    const judged = await judge(mail);
    assert.equal(judged.class, kind, what);
    assert.deepEqual([judged.leaving, judged.answer?.kind], told, what);
    assert.deepEqual(
      judged.results.map((one) => [one.recipient, one.reason, one.status]),
      results,
      what,
    );
  }
});
