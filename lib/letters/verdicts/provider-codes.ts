import type { Blame, Rule, Verdict } from "#lib/letters/verdicts/reasons";

/**
 * Codes that Orange (OFR) and La Poste (LPN) put in their replies: the last three digits count, whatever parts them,
 * and more than the SMTP status beside them (a full mailbox comes as 5.1.1). Sources: their postmaster pages, and the
 * tables of Sisimai. SFR's say what it thinks of the sender.
 */
const row = (reason: string, verdict: Verdict, blame: Blame, codes: string): Rule => ({
  reason,
  verdict,
  blame,
  text: new RegExp(`\\b(?:OFR|LPN) ?(?:\\d{1,3}[ _-]|[_-])?(?:${codes})\\b`, "i"),
});

export const byProviderCode: readonly Rule[] = [
  row("user-unknown", "hard", "recipient", "416|418"),
  row("mailbox-full", "soft", "recipient", "417"),
  row("mailbox-disabled", "hard", "recipient", "420|426"),
  row("sender-blocked", "soft", "sender", "10[0-2]|11\\d|20[02-9]|40[04-9]|50[0-24]|630"),
  row("too-many-connections", "soft", "sender", "104"),
  row("rate-limited", "soft", "sender", "103|105|10[7-9]|201|302|42[34]|503|505|510|999"),
  row("spam", "soft", "content", "506|513"),
  row("too-big", "soft", "content", "514|552"),
  row("sender-authentication", "soft", "sender", "305|40[12]|51[57-9]|609"),
  row("sender-rejected", "soft", "sender", "403|405|415|421"),
  { reason: "sender-blocked", verdict: "soft", blame: "sender", text: /\bSFR_IN_\d{3}\b/i },
];
