import { htmlToText } from "html-to-text";
import { simpleParser } from "mailparser";
import type { Prisma } from "#db/client";
import { db } from "#lib/machine/db";
import type { View } from "#lib/returns/received/schema";

const perPage = 40;

const where: Record<View, Prisma.ReceivedMailWhereInput> = {
  toHandle: { class: "reply", handledAt: null },
  toDecide: { proposal: { not: null }, handledAt: null },
  replies: { class: "reply" },
  bounces: { class: "bounce" },
  complaints: { class: { in: ["complaint", "unsubscribe"] } },
  automatic: { class: "auto-reply" },
  others: { class: { in: ["other", "report"] } },
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

/** One mail with its words and verdicts. What quotes a letter with a one-time link is read by who may read secrets. */
export async function readReceived(id: number, mayReadSecrets: boolean) {
  const mail = await findReceived(id);
  if (!mail) return null;
  const { raw, carriesSecret, ...facts } = mail;
  if (carriesSecret && !mayReadSecrets) return { ...facts, hidden: true, text: "", source: "" };
  return { ...facts, hidden: false, text: await readText(raw), source: readSource(raw) };
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
      handledAt: true,
      raw: true,
      carriesSecret: true,
      proposal: true,
      proposedAddress: true,
      backOn: true,
      decision: true,
      relay: { select: { name: true } },
      contact: { select: { id: true, firstName: true, lastName: true } },
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
