import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";
import { cases, draws, mutated } from "#testing/mutated-mails";

/** Milliseconds one mail may take; measured: 160 at worst on two cores. */
const LIMIT = 1_000;

const head = "From: MAILER-DAEMON@x.fr\nTo: a@b.fr\nSubject: Undelivered Mail Returned to Sender\n";
const fields = (groups: string) =>
  `${head}Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n${groups}\n--B--\n`;
const text = (body: string, type = "text/plain") => `${head}Content-Type: ${type}\n\n${body}`;
const many = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join("\n");

function nested(depth: number): string {
  let mail = "deep";
  for (let level = 0; level < depth; level += 1)
    mail = `Content-Type: multipart/mixed; boundary=b${level}\n\n--b${level}\n${mail}\n--b${level}--\n`;
  return mail;
}

const mails: Record<string, string | Buffer> = {
  "one megabyte of NUL": Buffer.alloc(1_000_000),
  "ten megabytes on one line": text("x".repeat(10_000_000)),
  "ten megabytes of lines": text("hello world\n".repeat(900_000)),
  "five thousand levels of MIME": nested(5_000),
  "a hundred thousand parts": `Content-Type: multipart/mixed; boundary=b\n\n${"--b\n\nx\n".repeat(100_000)}`,
  "a hundred thousand groups": fields(
    many(100_000, (at) => `Final-Recipient: rfc822; u${at}@x.fr\nAction: failed\n`),
  ),
  "a hundred thousand recipients in words": text(
    many(100_000, (at) => `<u${at}@x.fr>:\nuser mailbox ${at}\n`),
  ),
  "a hundred thousand failed recipients": `${head}X-Failed-Recipients: ${many(100_000, (at) => `u${at}@x.fr`).replaceAll("\n", ",")}\n\nx`,
  "two hundred thousand headers": `${"X: y\n".repeat(200_000)}\nbody`,
  "a header folded without end": `Subject: a\n${" b\n".repeat(300_000)}\nbody`,
  "broken base64": `${head}Content-Transfer-Encoding: base64\n\n${"ÿ$$!!".repeat(100_000)}`,
  "an unknown charset": text("bonjour", 'text/plain; charset="klingon-9"'),
  "a multipart without its boundary": text("bonjour", "multipart/report"),
  "a hundred thousand references": `References: ${"<a@b> ".repeat(100_000)}\n\nx`,
  "broken JSON": text(`{"notificationType":${"{".repeat(100_000)}}`),
  "random bytes": Buffer.from(Array.from({ length: 500_000 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 255)),
};

/** Beginnings of our patterns, repeated: what makes a careless expression backtrack. */
const seeds = [
  "user ",
  "mailbox ",
  "the user account address ",
  "exceed ",
  "a.b.",
  "a@b ",
  "<div ",
  "<",
  "550 ",
  "550-5.1.1 ",
  "recipients ",
  "message ",
  "no such ",
  "your ip ",
  "=?utf-8?Q?=",
  "&lt;",
  "-",
  "boîte ",
  "From: a\n",
  "Final-Recipient: rfc822; \n",
];

for (const seed of seeds) {
  const times = Math.floor(900_000 / seed.length);
  const short = seed.replaceAll("\n", "").repeat(Math.floor(1_500 / seed.length));
  mails[`text of « ${seed.trim()} »`] = text(seed.repeat(times));
  mails[`HTML of « ${seed.trim()} »`] = text(seed.repeat(times), "text/html");
  mails[`headers of « ${seed.trim()} »`] = `Subject: ${short.repeat(50)}\nFrom: ${short.repeat(50)}\n\nx`;
  mails[`diagnostics of « ${seed.trim()} »`] = fields(
    many(
      500,
      (at) => `Final-Recipient: rfc822; u${at}@x.fr\nAction: failed\nDiagnostic-Code: smtp; ${at} ${short}\n`,
    ),
  );
}

for (const [name, mail] of Object.entries(mails)) {
  test(`survives ${name}`, async () => {
    // Of the processor, not of the clock: other tests share the machine.
    const before = process.cpuUsage();
    const judged = await judgeMail(Buffer.from(mail));
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < LIMIT);
    assert.ok(judged.results.length <= 500);
  });
}

test("cut anywhere, a report is still read without a throw", async () => {
  const whole = Buffer.from(
    fields("Final-Recipient: rfc822; a@x.fr\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no"),
  );
  for (let end = 0; end <= whole.length; end += 1) await judgeMail(whole.subarray(0, end));
});

// `npm run bench bounces -- --mutations 1000000` does this a million times.
test("three thousand damaged mails are judged, none of them slowly", async () => {
  const [mails, draw] = [cases(), draws(42)];
  for (let at = 0; at < 3_000; at += 1) {
    const mail = mutated(mails, draw);
    const took = async () => {
      const before = process.cpuUsage();
      await judgeMail(mail);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    assert.ok((await took()) < 50 || (await took()) < 50, `mail ${at}`);
  }
});
