// The level reached on real mails: corpus/ holds 629 of them (set-of-emails, BSD-2-Clause, see its
// LICENSE) with the verdicts on which three readers of bounces agree. Every miss is listed here
// with its reason; a new one fails, and so does one that is no longer a miss.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Judgement, judgeMail } from "#lib/returns/bounces/judge";

type Expected = { recipient: string | null; accept_recipients: string[]; expect: string; reason: string };
type Mail = { file: string; contested: boolean; expect_mail: string | null; results: Expected[] };

const corpus = new URL("../../../testing/corpus/", import.meta.url);
const { mails } = JSON.parse(readFileSync(new URL("expected.json", corpus), "utf8")) as { mails: Mail[] };
const scored = mails.filter((mail) => mail.expect_mail === null);
const judged = new Map<string, Judgement>();
for (const mail of scored) {
  judged.set(mail.file, await judgeMail(readFileSync(new URL(mail.file, corpus))));
}

/** Misses we keep, and why. */
const wrongClass = new Map([["sendmail-14", "a person forwards a report: theirs is the mail"]]);
const wrongRecipient = new Map([
  ["apachejames-01", "anonymised differently in the label"],
  ["domino-03", "the words and the fields of the report disagree: fields win"],
  ["exim-03", "X-Failed-Recipients and the words disagree: the header wins"],
  ["exim-52", "a malformed address is two addresses"],
  ["office365-04", "anonymised differently in the label"],
  ["sendmail-14", "a person's forward names nobody"],
  ["v5sendmail-01", "the label is cut short"],
]);
const wrongVerdict = new Map([
  ["opensmtpd-12", "no MX, but only a delay so far: never hard"],
  ["postfix-80", "our MAIL FROM is listed in Spamhaus: the sender's fault, not an unknown user"],
  ["trendmicro-03", "says only that it could not deliver"],
  ["aol-06", "a malformed DNS answer may heal"],
  ["sendmail-14", "not read as a bounce"],
  ["nttdocomo-02", "« 550 Unknown user » is taken at its word"],
  ["nttdocomo-03", "« 550 Unknown user » is taken at its word"],
]);
const wrongContested = new Map([
  ["rfc3464-01", "a vacation program's full disk above a report of an unknown user"],
  ["rfc3464-35", "three recipients, labels exchanged"],
]);

const classes = new Map([
  ["complaint", "complaint"],
  ["ignore", "auto-reply"],
  ["report-other", "report"],
  ["delivered", "report"],
]);

const of = (mail: Mail) => judged.get(mail.file) as Judgement;
const short = (mail: Mail) => mail.file.replace(/^sisimai\/(?:[lr]host-)?|\.eml$/g, "");
const find = (mail: Mail, wanted: Expected) => {
  const found = of(mail).results.filter(
    (one) => one.recipient !== null && wanted.accept_recipients.includes(one.recipient.toLowerCase()),
  );
  return found.find((one) => one.recipient?.toLowerCase() === wanted.recipient?.toLowerCase()) ?? found[0];
};

function classMissed(mail: Mail): boolean {
  return !mail.results.some((one) => (classes.get(one.expect) ?? "bounce") === of(mail).class);
}

function recipientMissed(mail: Mail): boolean {
  return mail.results.some((one) => one.recipient !== null && one.expect !== "ignore" && !find(mail, one));
}

function verdictMissed(mail: Mail): boolean {
  return mail.results.some((one) => {
    const verdict = (find(mail, one) ?? of(mail).results[0])?.verdict;
    return one.expect === "hard"
      ? verdict !== "hard"
      : one.expect === "not-hard" && (verdict === undefined || verdict === "hard");
  });
}

function missesOf(list: Mail[], missed: (mail: Mail) => boolean): string[] {
  return list.filter(missed).map(short).sort();
}

const agreed = scored.filter((mail) => !mail.contested);
const contested = scored.filter((mail) => mail.contested);

test("597 mails are agreed upon and 25 contested", () =>
  assert.deepEqual([agreed.length, contested.length], [597, 25]));

test("class: 596 of 597", () =>
  assert.deepEqual(missesOf(agreed, classMissed), [...wrongClass.keys()].sort()));

test("recipients: 590 of 597 mails", () =>
  assert.deepEqual(missesOf(agreed, recipientMissed), [...wrongRecipient.keys()].sort()));

test("verdicts: 590 of 597 mails", () =>
  assert.deepEqual(missesOf(agreed, verdictMissed), [...wrongVerdict.keys()].sort()));

test("contested mails: class 25, recipients 25, verdicts 23", () => {
  assert.deepEqual(missesOf(contested, classMissed), []);
  assert.deepEqual(missesOf(contested, recipientMissed), []);
  assert.deepEqual(missesOf(contested, verdictMissed), [...wrongContested.keys()].sort());
});

test("scores: recipients at least 98.5 %, hard ones found 97 %, false ones at most 0.6 %", () => {
  const wanted = agreed.flatMap((mail) =>
    mail.results.map((one) => ({
      expect: one.expect,
      verdict: (find(mail, one) ?? of(mail).results[0])?.verdict,
    })),
  );
  const share = (expect: string) => {
    const list = wanted.filter((one) => one.expect === expect);
    return list.filter(({ verdict }) => verdict === "hard").length / list.length;
  };
  const recipients = 1 - missesOf(agreed, recipientMissed).length / agreed.length;
  assert.ok(recipients >= 0.985, `recipients ${recipients}`);
  assert.ok(share("hard") >= 0.97, `hard ${share("hard")}`);
  assert.ok(share("not-hard") <= 0.006, `false hard ${share("not-hard")}`);
});

test("nobody is condemned for a fault of ours", () => {
  const ours = new Set([
    "authfailure",
    "blocked",
    "badreputation",
    "requireptr",
    "spamdetected",
    "policyviolation",
    "norelaying",
    "toomanyconn",
    "mesgtoobig",
  ]);
  const condemned = agreed.filter((mail) =>
    mail.results.some((one) => ours.has(one.reason) && find(mail, one)?.blame === "recipient"),
  );
  assert.deepEqual(condemned.map(short), []);
});

test("our Message-ID is found in 552 mails", () => {
  assert.equal(scored.filter((mail) => of(mail).originalMessageId !== null).length, 552);
});
