/** Each stage of SMTP blames only what the server has seen by then: of the same words, at each stage, who pays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stage } from "#lib/letters/relays/outcome";
import { judgeOutcome, settleLetter } from "#lib/letters/relays/rules";

/** In the order of a conversation. `envelope` is RCPT and the word DATA: the content is still ours alone. */
const stages = ["connect", "login", "sender", "envelope", "data"] as const satisfies Stage[];

/**
 * `relay`: nobody is tried for a while. `perhaps`: only if it takes nothing else. `address`: this one fails, and its
 * address is to blame. `alone`: this one fails, nobody is blamed. `later`: tried again. `campaign`: it is paused.
 */
type Payer = "relay" | "perhaps" | "address" | "alone" | "later" | "campaign";

function payer(stage: Stage, reply: string): Payer {
  const found = judgeOutcome({ kind: "refused", stage, code: Number(reply.slice(0, 3)), reply }, 1);
  if (found.pauseCampaign) return "campaign";
  if (found.pauseRelay) return "relay";
  if (found.suspect) return "perhaps";
  if (found.status !== "failed") return "later";
  return found.judgement?.blame === "recipient" ? "address" : "alone";
}

const table: [string, ...Payer[]][] = [
  // what only a reader of the message can say
  ["550 5.7.1 This mailbox does not accept bulk mail", "relay", "relay", "relay", "alone", "campaign"],
  ["554 5.7.1 Message classified as spam", "relay", "relay", "relay", "alone", "campaign"],
  ["550 5.7.1 Mail rejete. Mail rejected. OFR_506 [506]", "relay", "relay", "relay", "alone", "campaign"],
  ["552 5.7.0 content presents a potential security issue", "relay", "relay", "relay", "alone", "campaign"],
  ["550 5.6.0 Malformed message", "relay", "relay", "relay", "alone", "campaign"],
  ["550 5.7.1 Missing Message-ID header", "relay", "relay", "relay", "alone", "campaign"],
  ["554 5.6.1", "relay", "relay", "relay", "alone", "campaign"],
  ["450 4.7.1 This looks like spam", "relay", "relay", "later", "later", "later"],
  // its size was announced with the sender
  ["552 5.3.4 Message size exceeds fixed limit", "relay", "relay", "campaign", "alone", "campaign"],
  ["552 5.2.3 Message too big for this mailbox", "relay", "relay", "campaign", "alone", "campaign"],
  // what only a reader of RCPT can say
  ["550 5.1.1 User unknown", "relay", "relay", "relay", "address", "address"],
  ["552 5.2.2 Mailbox full", "relay", "relay", "relay", "address", "address"],
  ["550 5.2.1 Mailbox disabled", "relay", "relay", "relay", "address", "address"],
  ["553 5.1.2 Host unknown", "relay", "relay", "relay", "address", "address"],
  ["553 5.6.7 SMTPUTF8 required: non-ASCII address", "relay", "relay", "relay", "address", "address"],
  ["550 5.6.7", "relay", "relay", "relay", "address", "address"],
  ["450 4.2.1 User unknown, try again", "relay", "relay", "later", "later", "later"],
  // what speaks of us, whenever it is said
  ["550 5.4.5 Daily user sending limit exceeded", "relay", "relay", "relay", "relay", "relay"],
  ["535 5.7.8 Username and Password not accepted", "relay", "relay", "relay", "relay", "relay"],
  ["554 5.7.1 Client host blocked using Spamhaus", "relay", "relay", "relay", "perhaps", "perhaps"],
  ["554 5.7.1 Relay access denied", "relay", "relay", "relay", "perhaps", "perhaps"],
  ["550 5.7.1 Access denied", "relay", "relay", "relay", "perhaps", "perhaps"],
  // what speaks of nobody
  ["451 4.3.0 Temporary server error", "relay", "relay", "later", "later", "later"],
  ["451 4.7.1 Greylisted, come back later", "relay", "relay", "later", "later", "later"],
  ["554 5.0.0", "relay", "relay", "relay", "alone", "alone"],
];

for (const [reply, ...payers] of table)
  test(`${reply}`, () => {
    const found = stages.map((stage) => `${stage}: ${payer(stage, reply)}`);
    assert.deepEqual(
      found,
      stages.map((stage, i) => `${stage}: ${payers[i]}`),
    );
  });

test("a letter to one person is judged by the same table", () => {
  const reply = "550 5.7.1 This mailbox does not accept bulk mail";
  for (const stage of ["envelope", "data"] as const) {
    const found = settleLetter(judgeOutcome({ kind: "refused", stage, code: 550, reply }, 1));
    assert.deepEqual([found.status, found.reply, found.pauseCampaign], ["failed", reply, undefined]);
  }
});

test("the reason given to people is one the server could know", () => {
  const reason = (stage: Stage, reply: string) =>
    judgeOutcome({ kind: "refused", stage, code: Number(reply.slice(0, 3)), reply }, 1).reason;
  assert.equal(reason("envelope", "550 5.7.1 This mailbox does not accept bulk mail"), "policy");
  assert.equal(reason("envelope", "552 5.3.4 Message too big"), "too-big");
  assert.equal(reason("sender", "550 5.1.1 Mailbox unavailable"), "sender-rejected");
  assert.equal(reason("envelope", "553 5.6.7 SMTPUTF8 required"), "non-ascii-address");
  assert.equal(reason("connect", "521 5.3.2 This host does not accept mail"), "unknown");
});
