import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composeAutoReply,
  composeComplaint,
  composeReply,
  composeUnsubscribe,
} from "#lib/letters/sandbox/letters";
import { type Original, readOriginal } from "#lib/letters/sandbox/original";
import { composeReport, type ReportKind } from "#lib/letters/sandbox/reports";
import { judgeMail } from "#lib/returns/bounces/judge";

const sent = (recipient: string): Original =>
  readOriginal(
    Buffer.from(
      `Message-ID: <d.7k.0123@src.example>\r\nFrom: SRC <newsletter@src.example>\r\nTo: ${recipient}\r\nSubject: =?utf-8?B?w6l0w6k=?=\r\nList-Unsubscribe: <https://src.example/api/unsubscribe/t>,\r\n <mailto:newsletter@src.example?subject=unsubscribe%20abc.def>\r\n\r\nBonjour`,
    ),
    "newsletter@src.example",
    recipient,
  );

const domains = [
  "gmail.com",
  "orange.fr",
  "laposte.net",
  "outlook.com",
  "exemple.fr",
  "agence.example",
  "studio.example",
  "iut.example",
];
const expected: Record<ReportKind, { verdict: string; blame: RegExp }> = {
  hard: { verdict: "hard", blame: /^recipient$/ },
  soft: { verdict: "soft", blame: /^recipient$/ },
  blocked: { verdict: "soft", blame: /^(?:sender|content)$/ },
  delayed: { verdict: "soft", blame: /^(?:network|sender)$/ },
};

for (const [kind, { verdict, blame }] of Object.entries(expected) as [
  ReportKind,
  (typeof expected)[ReportKind],
][]) {
  test(`a ${kind} report of every mail system is judged ${verdict} and names the mail`, async () => {
    for (const domain of domains) {
      const judged = await judgeMail(composeReport(kind, sent(`lea.martin@${domain}`)));
      assert.equal(judged.class, "bounce", domain);
      assert.equal(judged.originalMessageId, "<d.7k.0123@src.example>", domain);
      const [result] = judged.results;
      assert.equal(result?.recipient, `lea.martin@${domain}`);
      assert.equal(result?.verdict, verdict, `${domain}: ${result?.reason}`);
      assert.match(result?.blame ?? "", blame, `${domain}: ${result?.reason}`);
      assert.equal(result?.action, kind === "delayed" ? "delayed" : "failed");
    }
  });
}

test("replies, absences and complaints are told apart and refer to the mail", async () => {
  const original = sent("lea.martin@exemple.fr");
  for (const [letter, name] of [
    [composeReply, "reply"],
    [composeAutoReply, "auto-reply"],
    [composeComplaint, "complaint"],
  ] as const) {
    const judged = await judgeMail(letter(original));
    assert.equal(judged.class, name);
    assert.equal(judged.references[0], "<d.7k.0123@src.example>", name);
  }
});

test("a reply quotes the subject as it was read, not as it travelled", () => {
  assert.match(composeReply(sent("lea.martin@exemple.fr")).toString(), /> été\r$/m);
});

test("a mail program's request to stop writes to the mailto of the mail, with its subject", () => {
  const text = composeUnsubscribe(sent("lea.martin@exemple.fr")).toString();
  assert.match(text, /^To: newsletter@src\.example\r$/m);
  assert.match(text, /^Subject: unsubscribe abc\.def\r$/m);
});
