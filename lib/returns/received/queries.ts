import { htmlToText } from "html-to-text";
import { simpleParser } from "mailparser";
import type { Prisma } from "#db/client";
import { db, sql } from "#lib/machine/db";
import { contentsOf } from "#lib/returns/received/enclosed";
import type { Judged } from "#lib/returns/received/judged";
import type { View } from "#lib/returns/received/schema";

const perPage = 40;

const where: Record<View, Prisma.ReceivedMailWhereInput> = {
  toHandle: { class: "reply", handledAt: null },
  toDecide: { proposal: { not: null }, handledAt: null },
  replies: { class: "reply" },
  bounces: { class: "bounce" },
  complaints: { class: { in: ["complaint", "unsubscribe"] } },
  automatic: { class: "auto-reply" },
  others: { class: { in: ["other", "report", "copy"] } },
};

/** One page, newest first; `before` is the last id of the page above. */
export async function listReceived(filter: { view: View; q: string; before?: number | undefined }) {
  const words = { contains: filter.q, mode: "insensitive" as const };
  const rows = await db.receivedMail.findMany({
    where: {
      ...where[filter.view],
      ...(filter.q && { OR: [{ sender: words }, { subject: words }] }),
      ...(filter.before && { id: { lt: filter.before } }),
    },
    select: {
      id: true,
      class: true,
      sender: true,
      subject: true,
      receivedAt: true,
      handledAt: true,
      contact: { select: { id: true, firstName: true, lastName: true } },
      delivery: { select: { id: true, address: true, campaign: { select: { id: true, name: true } } } },
      bounces: {
        select: { verdict: true, blame: true, reason: true, status: true },
        orderBy: { id: "asc" },
        take: 1,
      },
    },
    orderBy: { id: "desc" },
    take: perPage + 1,
  });
  return {
    mails: rows.slice(0, perPage),
    next: rows.length > perPage ? (rows[perPage - 1]?.id ?? null) : null,
  };
}

export type ReceivedRow = Awaited<ReturnType<typeof listReceived>>["mails"][number];

export const countToDecide = () =>
  db.receivedMail.count({ where: { proposal: { not: null }, handledAt: null }, take: 1_000 });

export const countToHandle = () =>
  db.receivedMail.count({ where: { class: "reply", handledAt: null }, take: 1_000 });

/**
 * One mail with its words and verdicts, and its layout when `layout` asks for it. What quotes a letter with a one-time
 * link is read by who may read secrets.
 */
export async function readReceived(id: number, mayReadSecrets: boolean, layout = false) {
  const mail = await findReceived(id);
  if (!mail) return null;
  const { raw, carriesSecret, ...facts } = mail;
  if (carriesSecret && !mayReadSecrets)
    return { ...facts, hidden: true, text: "", source: "", contents: null };
  const contents = contentsOf(Buffer.from(raw), layout);
  return { ...facts, hidden: false, text: await readText(raw), source: readSource(raw), contents };
}

function findReceived(id: number) {
  return db.receivedMail.findUnique({
    where: { id },
    select: {
      id: true,
      class: true,
      sender: true,
      subject: true,
      receivedAt: true,
      folder: true,
      handledAt: true,
      raw: true,
      carriesSecret: true,
      proposal: true,
      proposedAddress: true,
      backOn: true,
      decision: true,
      relay: { select: { name: true } },
      letter: { select: { threadId: true } },
      contact: {
        select: {
          id: true,
          firstName: true,
          lastName: true,
          addresses: {
            select: { id: true, address: true, isPrimary: true, standing: true },
            orderBy: { id: "asc" },
          },
        },
      },
      delivery: {
        select: { id: true, address: true, settledAt: true, campaign: { select: { id: true, name: true } } },
      },
      bounces: {
        select: {
          id: true,
          class: true,
          verdict: true,
          blame: true,
          status: true,
          reason: true,
          diagnostic: true,
          recipient: true,
          proof: true,
          overturnedAt: true,
          overturnedWhy: true,
        },
        orderBy: { id: "asc" },
      },
    },
  });
}

/** Whether the campaign is this person’s. */
export const isOwnCampaign = async (id: number, authorId: number): Promise<boolean> =>
  (await db.campaign.count({ where: { id, authorId } })) > 0;

/** The newest answers to a campaign. */
export const listReplies = (campaignId: number, limit = 20) => sql<{
  id: number;
  subject: string;
  sender: string;
  receivedAt: Date;
  handled: boolean;
  name: string | null;
}>`
  select m.id, m.subject, m.sender, m.received_at as "receivedAt", m.handled_at is not null as handled,
    nullif(btrim(c.first_name || ' ' || c.last_name), '') as name
  from deliveries d join received_mails m on m.delivery_id = d.id and m.class = 'reply'
  left join contacts c on c.id = m.contact_id
  where d.campaign_id = ${campaignId} and d.replied_at is not null
  order by m.id desc limit ${limit}`;

/** What a mail says, as plain text: HTML is never shown as such, nor its images fetched. At most 50 000 characters. */
export async function readText(raw: Uint8Array): Promise<string> {
  try {
    const mail = await simpleParser(Buffer.from(raw), { skipImageLinks: true, skipTextToHtml: true });
    const text = mail.text ?? (mail.html ? htmlToText(mail.html, { wordwrap: false }) : "");
    return text
      .replace(/\n{4,}/g, "\n\n\n")
      .trim()
      .slice(0, 50_000);
  } catch {
    // A mail too broken to be parsed still has its source, shown beside.
    return "";
  }
}

/** The first lines of the source, for whoever wants the evidence. */
export const readSource = (raw: Uint8Array): string =>
  Buffer.from(raw).subarray(0, 64_000).toString("utf8").toWellFormed();

/** The run that is under way or waits to be decided, else the last one that did something; null when there was none. */
export async function findRejudgement() {
  const run = await db.rejudgement.findFirst({
    where: { status: { not: "undone" } },
    select: {
      id: true,
      status: true,
      askedAt: true,
      mails: true,
      askedBy: { select: { name: true } },
      _count: { select: { changes: true } },
    },
    orderBy: { id: "desc" },
  });
  if (!run) return null;
  const { _count, ...facts } = run;
  const stale = await db.rejudgedMail.count({ where: { rejudgementId: run.id, outcome: "stale" } });
  return { ...facts, changes: _count.changes, stale };
}

export type Rejudgement = NonNullable<Awaited<ReturnType<typeof findRejudgement>>>;

/** One page of what a run would change, or changed; `after` is the last id of the page before. */
export async function listRejudged(rejudgementId: number, after = 0) {
  const rows = await db.rejudgedMail.findMany({
    where: { rejudgementId, id: { gt: after } },
    select: {
      id: true,
      before: true,
      after: true,
      outcome: true,
      receivedMail: {
        select: {
          id: true,
          subject: true,
          sender: true,
          contact: { select: { id: true, firstName: true, lastName: true } },
        },
      },
    },
    orderBy: { id: "asc" },
    take: perPage + 1,
  });
  const changes = rows.slice(0, perPage).map((row) => ({
    ...row,
    before: row.before as unknown as Judged,
    after: row.after as unknown as Judged,
  }));
  return { changes, next: rows.length > perPage ? (changes.at(-1)?.id ?? null) : null };
}

export type RejudgedRow = Awaited<ReturnType<typeof listRejudged>>["changes"][number];
