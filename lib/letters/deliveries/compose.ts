/** From a frozen content and one delivery to the bytes of a mail (RFC 5322, 2045–2049, 8058). */
import { randomBytes } from "node:crypto";
import { domainToASCII } from "node:url";
import type { Basis } from "#emails/footer";
import { type SplitTemplate, splice, splitSlots } from "#emails/personalise";
import { type Attached, listOfContent } from "#lib/letters/attachments/queries";
import { spliceBody } from "#lib/letters/deliveries/body";
import { type Footers, openFooters, whyOf } from "#lib/letters/deliveries/footer";
import { type Field, type HeaderWriter, openHeaders } from "#lib/letters/deliveries/headers";
import { nameLinks, personalLinks } from "#lib/letters/deliveries/links";
import { messageId } from "#lib/letters/deliveries/message-id";
import { fillSecret, openSecret } from "#lib/letters/deliveries/secrets";
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { type DeliveryName, signToken } from "#lib/machine/tokens";

/** A content ready to be personalised; made once a worker and a content. */
export type Prepared = {
  kind: "campaign" | "test" | "transactional" | "personal";
  campaignId: number | null;
  topicKey: string | null;
  from: { name: string; address: string };
  replyTo: string;
  publicUrl: string;
  subject: SplitTemplate;
  /** The mails that a letter written by hand follows. */
  inReplyTo: string;
  refs: string;
  footers: Footers;
  /** The one-time link it carries, already in its place. */
  secret: string | null;
  headers: HeaderWriter;
  /** What leaves with a letter written by hand. */
  files: Attached[];
  /** Those who are named in a mail to several; null: it is to one. */
  named: Named | null;
};

type Recipient = DeliveryName & {
  address: string;
  variables: Record<string, Record<string, unknown>>;
  /** Its counted links bear its name: its reader consented. Everybody else’s are the same. */
  followed?: boolean;
  /** Of the copy for whoever sent it: when it left, and to whom without the others’ knowledge. */
  copy?: { at: Date; bcc: string[] };
};

/** Who sees whom. Blind copies are nowhere in it. */
type Named = {
  to: string[];
  cc: string[] /** Whose Message-ID all of it refers to, should it leave in several times. */;
  first: DeliveryName;
};

type Row = {
  kind: Prepared["kind"];
  subject: string;
  html: string;
  text: string;
  campaignId: number | null;
  links: string[];
  sealedSecret: Buffer | null;
  inReplyTo: string;
  refs: string;
  topicKey: string | null;
  topicName: string | null;
  basis: Basis | null;
  house: string;
  displayName: string;
  address: string;
  replyTo: string;
  publicUrl: string | null;
  privacyUrl: string;
};

const verbatim = (text: string): SplitTemplate => ({ statics: [text], slots: [] });

/** @throws when the content is gone. */
export async function prepare(contentId: number): Promise<Prepared> {
  const [row] = await sql<Row>`
    select ct.kind, ct.subject, ct.html, ct.text, ct.campaign_id as "campaignId", ct.links,
      ct.sealed_secret as "sealedSecret", ct.in_reply_to as "inReplyTo", ct.refs, t.key as "topicKey",
      t.name as "topicName", t.legal_basis as basis, s.name as house,
      i.display_name as "displayName", i.address, i.reply_to as "replyTo", s.public_url as "publicUrl",
      s.privacy_url as "privacyUrl"
    from contents ct join identities i on i.id = ct.identity_id left join topics t on t.id = ct.topic_id, settings s
    where ct.id = ${contentId}`;
  if (!row) throw new Error(`content ${contentId} is gone`);
  // A letter of the application was written for its one reader: braces in it are only braces.
  const personal = row.kind === "campaign" || row.kind === "test";
  const secret = openSecret(contentId, row.sealedSecret);
  return {
    kind: row.kind,
    campaignId: row.campaignId,
    secret,
    inReplyTo: row.inReplyTo,
    refs: row.refs,
    topicKey: row.topicKey,
    from: { name: row.displayName, address: row.address },
    replyTo: row.replyTo,
    publicUrl: (row.publicUrl ?? env.publicUrl).replace(/\/$/, ""),
    subject: personal ? splitSlots(row.subject, "header") : verbatim(row.subject),
    footers: openFooters(
      personal ? splitSlots(row.html, "html") : verbatim(fillSecret(row.html, secret)),
      personal ? splitSlots(row.text, "text") : verbatim(fillSecret(row.text, secret)),
      whyOf(row.basis, row.topicName, row.house),
      row.kind === "campaign" ? splitSlots(nameLinks(row), "html") : null,
    ),
    headers: openHeaders(),
    files: row.kind === "personal" ? await listOfContent(contentId) : [],
    named: row.kind === "personal" ? await namedIn(contentId) : null,
  };
}

/** Whoever was left out before anything was sent, or erased since, is named to nobody. */
async function namedIn(contentId: number): Promise<Named | null> {
  const rows = await sql<DeliveryName & { role: string; address: string; hidden: boolean }>`
    select id, generation, role::text, address, status = 'skipped' or erased_at is not null as hidden
    from deliveries where content_id = ${contentId} and campaign_id is null and role is not null order by id`;
  const of = (wanted: string) =>
    rows.flatMap(({ role, address, hidden }) => (role === wanted && !hidden ? [address] : []));
  const [first] = rows;
  return first ? { to: of("to"), cc: of("cc"), first } : null;
}

/** The whole message, CRLF lines, ready for DATA; and the sender of the envelope. */
export function compose(content: Prepared, to: Recipient): { from: string; raw: Buffer } {
  const variables = variablesOf(content, to);
  const { body } = content.footers(to.variables, to.followed);
  const mail = mailOf(content, to, variables);
  // The boundary is one of nodemailer's: two hyphens more than it seems, and nothing encoded begins so.
  const boundary = `--_NmP-${randomBytes(8).toString("hex")}-Part_1`;
  const raw = [
    content.headers(fieldsOf(mail)),
    "Content-Type: multipart/alternative;",
    ` boundary="${boundary}"`,
    "",
    `--${boundary}`,
    ...partHeaders("plain"),
    spliceBody(body.text, variables),
    `--${boundary}`,
    ...partHeaders("html"),
    spliceBody(body.html, variables),
    `--${boundary}--`,
    "",
  ].join("\r\n");
  return { from: content.from.address, raw: Buffer.from(raw) };
}

const partHeaders = (type: "plain" | "html") => [
  `Content-Type: text/${type}; charset=utf-8`,
  "Content-Transfer-Encoding: quoted-printable",
  "",
];

/** In nodemailer's order. */
const fieldsOf = ({ headers, from, to, cc, bcc, replyTo, subject, messageId, date }: Mail): Field[] => [
  ...Object.entries(headers),
  ["From", from],
  ["To", to],
  ["Cc", cc],
  ["Bcc", bcc],
  ["Reply-To", replyTo],
  ["Subject", subject],
  ["Message-ID", messageId],
  ["Date", date],
  ["MIME-Version", "1.0"],
];

/** What one recipient's slots are filled with. */
export const variablesOf = (content: Prepared, to: Recipient) =>
  ({
    ...to.variables,
    words: content.footers(to.variables).words,
    links: personalLinks(content.publicUrl, to),
  }) as Parameters<typeof splice>[1];

type Mail = ReturnType<typeof mailOf>;

const bare = (addresses: string[]) => addresses.map((address) => ({ name: "", address }));

/** All of a mail but its two parts, as nodemailer takes it. */
export function mailOf(content: Prepared, to: Recipient, variables: Parameters<typeof splice>[1]) {
  const domain = content.from.address.split("@")[1] ?? "localhost";
  return {
    from: content.from,
    to: content.named ? bare(content.named.to) : { name: "", address: to.address },
    cc: bare(content.named?.cc ?? []),
    bcc: bare(to.copy?.bcc ?? []),
    replyTo: content.replyTo,
    subject: splice(content.subject, variables),
    messageId: messageId(to, domain),
    date: to.copy?.at ?? new Date(),
    encoding: "quoted-printable",
    headers: headersOf(content, to, domain),
    // Nothing in a content may make this process read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function headersOf(content: Prepared, delivery: DeliveryName, domain: string): Record<string, string> {
  if (content.kind === "transactional") return { "Auto-Submitted": "auto-generated" };
  if (content.kind === "personal")
    return threadHeaders(content, messageId(content.named?.first ?? delivery, domain));
  const { topicKey, publicUrl } = content;
  if (!topicKey) return {};
  const token = signToken("unsubscribe", delivery);
  // To the account whose mailbox is read, whoever answers are addressed to.
  const mailto = `mailto:${content.from.address}?subject=unsubscribe%20${token}`;
  return {
    // RFC 2919, section 3: an identifier in brackets, in a domain that is ours to name.
    "List-ID": `<${topicKey}.${domainToASCII(domain) || "localhost"}>`,
    "List-Help": `<${publicUrl}/confidentialite>`,
    "List-Unsubscribe": `<${publicUrl}/api/unsubscribe/${token}>, <${mailto}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "Feedback-ID": feedbackId(content, domain),
    // Programs that answer for people who are away, and old lists, keep quiet (RFC 3834, section 2).
    ...(content.kind === "campaign" && { Precedence: "bulk" }),
  };
}

/**
 * In-Reply-To and References (RFC 5322, section 3.6.4). The first letter of a thread refers to itself: a provider that
 * gives it another Message-ID leaves References alone, and the answer's then names ours.
 */
const threadHeaders = ({ inReplyTo, refs }: Prepared, own: string): Record<string, string> =>
  inReplyTo ? { "In-Reply-To": inReplyTo, References: refs || inReplyTo } : { References: refs || own };

/**
 * What Gmail's Postmaster Tools count complaints by, the last field being the sender's: five to fifteen characters, the
 * same in all mails. Nothing in it tells one reader from another.
 */
function feedbackId({ campaignId, topicKey, kind }: Prepared, domain: string): string {
  const sender = domain.replace(/[^a-z0-9]/gi, "").toLowerCase();
  return `${campaignId ?? 0}:${topicKey}:${kind}:${sender.padEnd(5, "0").slice(0, 15)}`;
}
