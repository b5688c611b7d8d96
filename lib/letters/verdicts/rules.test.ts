import assert from "node:assert/strict";
import { test } from "node:test";
import { codeIn, enhancedIn, judgeReply } from "#lib/letters/verdicts/rules";

/** code, enhanced status, words → reason, verdict, blame. */
type Row = [number | null, string, string, string, string, string];

const rows: Row[] = [
  [
    550,
    "5.4.5",
    "Daily user sending limit exceeded. https://support.google.com/a/answer/166852",
    "sending-limit",
    "soft",
    "sender",
  ],
  [550, "5.4.5", "Daily sending quota exceeded", "sending-limit", "soft", "sender"],
  [550, "5.4.5", "", "sending-limit", "soft", "sender"],
  [550, "5.7.1", "Daily SMTP relay sending limit exceeded for customer", "sending-limit", "soft", "sender"],
  [
    550,
    "5.7.28",
    "Our system has detected an unusual rate of unsolicited mail originating from your IP",
    "rate-limited",
    "soft",
    "sender",
  ],
  [421, "4.7.28", "Gmail has detected an unusual rate of mail", "rate-limited", "soft", "sender"],
  [535, "5.7.8", "Username and Password not accepted", "login-refused", "soft", "sender"],
  [534, "5.7.9", "Application-specific password required", "login-refused", "soft", "sender"],
  [530, "5.7.0", "Authentication Required", "login-refused", "soft", "sender"],
  [454, "4.7.0", "Too many login attempts, please try again later", "too-many-connections", "soft", "sender"],
  [
    550,
    "5.7.26",
    "This mail has been blocked because the sender is unauthenticated",
    "sender-authentication",
    "soft",
    "sender",
  ],
  [
    550,
    "5.7.515",
    "Access denied, sending domain X doesn't meet the required authentication level",
    "sender-authentication",
    "soft",
    "sender",
  ],
  [
    550,
    "5.7.25",
    "The IP address sending this message does not have a PTR record setup",
    "sender-dns",
    "soft",
    "sender",
  ],
  [
    450,
    "4.2.1",
    "The user you are trying to contact is receiving mail too quickly",
    "recipient-rate",
    "soft",
    "network",
  ],
  [452, "4.5.3", "Your message has too many recipients", "too-many-recipients", "soft", "sender"],
  [550, "5.5.3", "Too many recipients for this sender", "too-many-recipients", "soft", "sender"],
  [452, "4.2.2", "The recipient's inbox is out of storage space", "mailbox-full", "soft", "recipient"],
  [
    552,
    "5.2.2",
    "The email account that you tried to reach is over quota",
    "mailbox-full",
    "soft",
    "recipient",
  ],
  [552, "5.2.2", "", "mailbox-full", "soft", "recipient"],
  [
    550,
    "5.1.1",
    "The email account that you tried to reach does not exist",
    "user-unknown",
    "hard",
    "recipient",
  ],
  [550, "5.1.1", "", "user-unknown", "hard", "recipient"],
  [
    550,
    "",
    "<x@example.fr>: Recipient address rejected: User unknown in virtual mailbox table",
    "user-unknown",
    "hard",
    "recipient",
  ],
  [553, "5.1.3", "", "user-unknown", "hard", "recipient"],
  [553, "5.1.2", "We weren't able to find the recipient domain", "host-unknown", "hard", "recipient"],
  [
    550,
    "5.2.1",
    "The email account that you tried to reach is disabled",
    "mailbox-disabled",
    "hard",
    "recipient",
  ],
  [450, "4.1.1", "User unknown, try again", "user-unknown", "soft", "recipient"],
  [552, "5.3.4", "Message too large", "too-big", "soft", "content"],
  [
    552,
    "5.7.0",
    "This message was blocked because its content presents a potential security issue",
    "virus",
    "soft",
    "content",
  ],
  [552, "5.7.0", "", "content", "soft", "content"],
  [
    550,
    "5.7.1",
    "Our system has detected that this message is likely unsolicited mail (spam)",
    "spam",
    "soft",
    "content",
  ],
  [550, "5.7.1", "This message is not RFC 5322 compliant", "malformed", "soft", "content"],
  [
    554,
    "5.7.1",
    "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "sender-blocked",
    "soft",
    "sender",
  ],
  [
    550,
    "5.1.1",
    "Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    "user-unknown",
    "hard",
    "recipient",
  ],
  [
    550,
    "5.5.0",
    "Adresse destinataire invalide. Invalid recipient. LPN007_416",
    "user-unknown",
    "hard",
    "recipient",
  ],
  [550, "5.2.0", "Mail rejete. Mail rejected. OFR_506 [506]", "spam", "soft", "content"],
  [
    421,
    "4.2.0",
    "Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR005_505 [505]",
    "rate-limited",
    "soft",
    "sender",
  ],
  [
    550,
    "",
    "Le compte du destinataire est bloque. The recipient account is blocked. LPN007_426",
    "mailbox-disabled",
    "hard",
    "recipient",
  ],
  [451, "4.7.1", "Greylisting in action, please come back later", "greylisted", "soft", "network"],
  [421, "4.4.2", "Connection timed out", "network", "soft", "network"],
  [
    550,
    "5.2.1",
    "This mailbox has been blocked due to inactivity (UserSearch)",
    "mailbox-disabled",
    "hard",
    "recipient",
  ],
  [
    550,
    "5.7.133",
    "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
    "sender-rejected",
    "soft",
    "sender",
  ],
  [550, "5.4.1", "Recipient address rejected: Access denied", "user-unknown", "hard", "recipient"],
  [550, "", "La boîte aux lettres du destinataire n’existe pas", "user-unknown", "hard", "recipient"],
  [550, "", "Le quota de la boîte du destinataire est dépassé", "mailbox-full", "soft", "recipient"],
  [550, "", "Ce compte a été supprimé", "mailbox-disabled", "hard", "recipient"],
  [554, "5.7.1", "Relay access denied", "relay-denied", "soft", "sender"],
  [451, "4.3.0", "", "server-error", "soft", "network"],
  [550, "", "full@example.fr spam@example.fr", "unknown", "unknown", "unknown"],
  [421, "", "", "unknown", "soft", "unknown"],
  [null, "", "", "unknown", "unknown", "unknown"],
];

for (const [code, enhanced, text, reason, verdict, blame] of rows) {
  test(`${code ?? "—"} ${enhanced} ${text.slice(0, 60)} → ${reason}`, () => {
    assert.deepEqual(judgeReply({ code, enhanced, text }), { reason, verdict, blame });
  });
}

test("reads code and status out of the words when they are not given", () => {
  assert.equal(codeIn("host mx.example.fr [192.0.2.153] said: 550 5.1.1 <x@example.fr>"), 550);
  assert.equal(codeIn("connect to [192.0.2.250]:25: refused"), null);
  assert.equal(enhancedIn("550-5.2.1 The account"), "5.2.1");
  assert.equal(enhancedIn("connect to 5.1.1.9"), "");
  assert.equal(judgeReply({ text: "smtp; 550 5.1.1 …" }).verdict, "hard");
});

test("a folded reply is read as one sentence", () => {
  const text =
    "550-5.1.1 The email account that you tried to\r\n550-5.1.1 reach does not exist. Please try\r\n550 5.1.1 https://support.google.com/";
  assert.equal(judgeReply({ text }).reason, "user-unknown");
  assert.equal(judgeReply({ text: "550-User\r\n550 unknown" }).reason, "user-unknown", "cut in a phrase");
});
