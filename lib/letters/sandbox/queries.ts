import { readParts, readPartsWithoutSecret } from "#lib/letters/sandbox/parts";
import { db } from "#lib/machine/db";

const perPage = 50;

/** True while the identity the application writes from sends through the sandbox: nothing really leaves. */
export const isSandboxActive = async () =>
  (await db.identity.count({
    where: { isDefault: true, archivedAt: null, relay: { kind: "sandbox", archivedAt: null } },
  })) > 0;

/** One page, newest first; `q` is looked for in the recipient and the subject. */
export async function listSandboxMessages(filter: {
  folder: "sent" | "inbox";
  q: string;
  before?: number | undefined;
}) {
  const words = { contains: filter.q, mode: "insensitive" as const };
  const rows = await db.sandboxMessage.findMany({
    where: {
      folder: filter.folder,
      ...(filter.q && { OR: [{ recipient: words }, { envelopeFrom: words }, { subject: words }] }),
      ...(filter.before && { id: { lt: filter.before } }),
    },
    select: { id: true, envelopeFrom: true, recipient: true, subject: true, receivedAt: true },
    orderBy: { id: "desc" },
    take: perPage + 1,
  });
  return {
    messages: rows.slice(0, perPage),
    next: rows.length > perPage ? (rows[perPage - 1]?.id ?? null) : null,
  };
}

/** How many of each folder, counted up to 10 000. */
export async function countSandboxMessages() {
  const count = (folder: "sent" | "inbox") => db.sandboxMessage.count({ where: { folder }, take: 10_001 });
  const [sent, inbox] = await Promise.all([count("sent"), count("inbox")]);
  return { sent, inbox };
}

/** One mail as a person may read it: a one-time link is only shown to who may read secrets. */
export async function readSandboxMessage(id: number, mayReadSecrets: boolean) {
  const row = await db.sandboxMessage.findUnique({
    where: { id },
    select: {
      folder: true,
      envelopeFrom: true,
      recipient: true,
      subject: true,
      receivedAt: true,
      raw: true,
      messageId: true,
      carriesSecret: true,
    },
  });
  if (!row) return null;
  const { raw, messageId, carriesSecret, ...message } = row;
  const whole = mayReadSecrets || !carriesSecret;
  return { ...message, parts: whole ? await readParts(raw) : await readPartsWithoutSecret(raw, messageId) };
}
