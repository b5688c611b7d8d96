import type { Blame, Rule, Verdict } from "#lib/letters/verdicts/reasons";

const row = (reason: string, verdict: Verdict, blame: Blame, enhanced: RegExp): Rule => ({
  reason,
  verdict,
  blame,
  enhanced,
});

/** RFC 3463 when the words say nothing; the vaguest statuses (x.0.0) decide nothing. */
export const byStatus: readonly Rule[] = [
  { reason: "null-mx", verdict: "hard", blame: "recipient", code: [521, 556] },
  row("user-unknown", "hard", "recipient", /^[45]\.1\.(?:1|3|4|10|351)$/),
  row("host-unknown", "hard", "recipient", /^(?:[45]\.1\.2|5\.4\.4)$/),
  row("moved", "hard", "recipient", /^[45]\.1\.6$/),
  row("mailbox-disabled", "hard", "recipient", /^[45]\.(?:2\.1|7\.13)$/),
  row("mailbox-full", "soft", "recipient", /^[45]\.2\.2$/),
  row("too-big", "soft", "content", /^[45]\.(?:2\.3|3\.4)$/),
  row("too-many-recipients", "soft", "sender", /^[45]\.5\.3$/),
  row("rate-limited", "soft", "sender", /^[45]\.7\.(?:28|650)$/),
  row("sending-limit", "soft", "sender", /^[45]\.4\.5$/),
  row("loop", "soft", "network", /^[45]\.4\.6$/),
  row("expired", "soft", "network", /^[45]\.4\.7$/),
  row("network", "soft", "network", /^[45]\.4\.\d+$/),
  row("server-error", "soft", "network", /^[45]\.[35]\.\d+$/),
  row("malformed", "soft", "content", /^[45]\.6\.\d+$/),
  row("sender-authentication", "soft", "sender", /^[45]\.7\.(?:2[0-79]|3[0-2]|40|509|515)$/),
  { reason: "content", verdict: "soft", blame: "content", enhanced: /^5\.7\.0$/, code: [552] },
  {
    // "Recipient address rejected: …" is how Postfix opens any refusal: alone it blames the address.
    reason: "user-unknown",
    verdict: "hard",
    blame: "recipient",
    text: /(?<!recipient )address (?:was )?rejected|(?<!all )recipient (?:address )?(?:was )?(?:rejected\W*(?:$|in reply)|rejected:? user|not accepted|not allowed)|recipients? rejected/i,
  },
  row("policy", "soft", "sender", /^[45]\.7\.\d+$/),
];
