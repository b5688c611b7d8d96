// French mails of both sorts, written for this test: people's (not one may be condemned, hidden or obeyed) and machines'.
// french/*.mbox: the line that opens a mail says what it is: `From class [verdict blame recipient]`, a blame of « - »
// being anybody's but the recipient's. Each is also read as it arrives from systems that lose accents.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { judgeMail } from "#lib/returns/bounces/judge";

type Mail = { label: string; text: string };

const read = (name: string): Mail[] =>
  readFileSync(new URL(`../../../testing/french/${name}.mbox`, import.meta.url), "utf8")
    .split(/^(?=From )/m)
    .map((text) => ({ label: text.slice(5, text.indexOf("\n")), text: text.slice(text.indexOf("\n") + 1) }));

const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/’/g, "'");
const writings: Record<string, (text: string) => Buffer> = {
  "UTF-8": (text) => Buffer.from(text),
  "no accents": (text) => Buffer.from(plain(text)),
  "accents lost": (text) => Buffer.from(text.replace(/’/g, "'").replace(/[\u0080-\uffff]/g, "?")),
  "Latin-1": (text) =>
    Buffer.from(text.replace(/’/g, "'").replaceAll("charset=utf-8", "charset=iso-8859-1"), "latin1"),
  "non-breaking spaces, CRLF": (text) =>
    Buffer.from(text.replace(/ ([:;!?])/g, "\u00a0$1").replaceAll("\n", "\r\n")),
};

const people = read("people");
const machines = read("machines");

test("the corpus has at least 150 mails, of both sorts", () => {
  assert.ok(people.length >= 100 && machines.length >= 70, `${people.length} and ${machines.length}`);
});

for (const [writing, write] of Object.entries(writings)) {
  test(`no mail of a person is condemned, hidden or obeyed, in ${writing}`, async () => {
    const wrong: string[] = [];
    for (const { label, text } of people) {
      const judged = await judgeMail(write(text));
      if (judged.class !== label || judged.results.length > 0)
        wrong.push(`${judged.class}: ${titleOf(text)}`);
    }
    assert.deepEqual(wrong, []);
  });

  test(`what machines say is understood, in ${writing}`, async () => {
    const wrong: string[] = [];
    for (const { label, text } of machines) {
      const [kind, verdict, blame, recipient] = label.split(" ");
      const judged = await judgeMail(write(text));
      const [one] = judged.results;
      const right =
        judged.class === kind &&
        (!verdict || (one?.verdict === verdict && one.recipient === recipient && blames(blame, one.blame)));
      if (!right)
        wrong.push(
          `${label} ≠ ${judged.class} ${one?.verdict} ${one?.blame} ${one?.reason} ${one?.recipient}: ${titleOf(text)}`,
        );
    }
    assert.deepEqual(wrong, []);
  });
}

const blames = (wanted: string | undefined, blame: string) =>
  wanted === "-" ? blame !== "recipient" : blame === wanted;

const titleOf = (text: string) => /^Subject: (.*)$/m.exec(text)?.[1];
