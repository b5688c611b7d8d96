// The machine-readable groups of a delivery report (RFC 3464).

import { first, type Headers, type Mail, readFields } from "#lib/machine/mime/mail";
import { completed } from "#lib/returns/bounces/aliases";
import type { Notice } from "#lib/returns/bounces/parse";

const MAX_NOTICES = 500;

/** Keeps an address only if it can be one; `rfc822;` prefixes, brackets and comments go. */
export function cleanAddress(value: string): string | null {
  const text = value.slice(0, 1_000).replace(/^\s*[\w-]{1,20}\s*;\s*/, "");
  const match =
    /<\s*"?([^\s<>"@]{1,200}"?@[^\s<>()",;]{1,255})\s*>|([^\s<>()",;:@]{1,200}@[^\s<>()",;@]{1,255})/.exec(
      text,
    );
  const address = (match?.[1] ?? match?.[2] ?? "").replace(/"/g, "").replace(/[.:]+$/, "");
  return address === "" ? null : address;
}

/** Per-recipient groups of RFC 3464, wherever they stand: in their part or loose in the text. */
export function statusNotices(mail: Mail, texts: string[]): Notice[] {
  const parts = mail.parts.filter(
    (part) => part.type === "message/delivery-status" || part.type === "message/global-delivery-status",
  );
  const blocks = parts.length > 0 ? parts.map((part) => part.text) : looseGroups(mail, texts);
  // Keyed by what they say: some gateways repeat a group word for word.
  const notices = new Map<string, Notice>();
  const domain = /@([\w.-]{3,253})/.exec(first(mail.headers, "from"))?.[1]?.toLowerCase() ?? "";
  for (const group of blocks.flatMap(groups).slice(0, MAX_NOTICES)) {
    const notice = groupNotice(readFields(group), domain);
    notices.set(JSON.stringify(notice), notice);
  }
  return [...notices.values()];
}

function looseGroups({ headers }: Mail, texts: string[]): string[] {
  const forwarded = /^(?:fwd?|tr|wg) ?:/i.test(first(headers, "subject"));
  const loose = forwarded ? texts.map((text) => text.replace(/^> ?/gm, "")) : texts;
  return loose.filter((text) => /^final-recipient *:/im.test(text)).slice(0, 1);
}

/** Groups are parted by blank lines; a second Final-Recipient parts them too. */
function groups(block: string): string[] {
  const out: string[] = [];
  let lines: string[] = [];
  let named = false;
  const close = () => {
    if (named) out.push(lines.join("\n"));
    lines = [];
    named = false;
  };
  for (const line of block.split("\n")) {
    const isFinal = /^final-recipient *:/i.test(line);
    if (isFinal && lines.some((other) => /^final-recipient *:/i.test(other))) close();
    if (line.trim() === "") {
      if (named) close();
      else lines = [];
      continue;
    }
    named ||= isFinal || /^original-recipient *:/i.test(line);
    if (lines.length < 200) lines.push(line);
    if (out.length > MAX_NOTICES) break;
  }
  close();
  return out;
}

function groupNotice(fields: Headers, domain: string): Notice {
  const field = first(fields, "final-recipient");
  const final = cleanAddress(field);
  const original = cleanAddress(first(fields, "original-recipient"));
  const actual = cleanAddress(first(fields, "x-actual-recipient"));
  const diagnostics = [
    ...(fields.get("diagnostic-code") ?? []),
    first(fields, "x-supplementary-info"),
    first(fields, "x-display-name"),
  ];
  return {
    // A final recipient without a domain is a mailbox behind the gateway, not an address of ours.
    recipient:
      (final?.includes(".", final.indexOf("@")) ? final : null) ??
      original ??
      final ??
      actual ??
      completed(field, domain),
    originalRecipient: original,
    action: first(fields, "action")
      .toLowerCase()
      .replace(/[^a-z].*$/, ""),
    status: /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(fields, "status"))?.[0] ?? "",
    text: diagnostics
      .filter(Boolean)
      .join(" ")
      .replace(/^(?:smtp|x-[\w-]{1,30}|dns|unix)\s*;\s*/i, ""),
  };
}
