/** What came from a person goes to « Messagerie », in the thread it belongs to. */
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import { findNamed } from "#lib/letters/deliveries/names";
import { fileLetter } from "#lib/letters/threads/filing";
import { isMessageId } from "#lib/letters/threads/rules";
import type { Target } from "#lib/letters/verdicts/attribution";
import type { Runner } from "#lib/machine/db";
import { first } from "#lib/machine/mime/mail";
import type { ReadMail } from "#lib/returns/received/read";

type Kept = { id: number; plan: { target: Target | null; contactId: number | null }; secret: boolean };

/**
 * An answer, an absence that answers a letter written by hand, or a new mail of somebody we know. What quotes a one-time
 * link keeps its words to itself: only its own page shows them, to who may read secrets.
 */
export async function fileIncoming(
  client: Runner,
  mail: ReadMail,
  { id, plan, secret }: Kept,
): Promise<void> {
  const automatic = mail.class === "auto-reply";
  const isPersonal =
    mail.class === "reply" ||
    automatic ||
    (mail.class === "other" && plan.contactId !== null && !isMachine(mail));
  if (!isPersonal || mail.raw.length === 0) return;
  await fileLetter(client, {
    ...(await lettered(client, mail, { id, secret })),
    from: mail.from,
    contactId: plan.contactId,
    automatic,
  });
}

type Ours = { id: number; secret: boolean; authorId: number; contactId: number; to: string };

/** What one of us sent by themselves: in the thread of whoever it is to. */
export async function fileAsOurs(
  client: Runner,
  mail: ReadMail,
  { id, secret, authorId, contactId, to }: Ours,
) {
  const letter = await lettered(client, mail, { id, secret });
  return fileLetter(client, { ...letter, from: to, contactId, automatic: false, authorId });
}

/** Deliveries of ours that a mail names. */
export const namedIn = (client: Runner, mail: ReadMail): Promise<number[]> =>
  findNamed(
    mail.references.slice(0, 200).flatMap((reference) => deliveryOf(reference) ?? []),
    client,
  );

async function lettered(client: Runner, mail: ReadMail, { id, secret }: { id: number; secret: boolean }) {
  const ids =
    [first(mail.headers, "in-reply-to"), first(mail.headers, "references")].join(" ").match(/<[^<>\s]+>/g) ??
    [];
  const own = first(mail.headers, "message-id").trim();
  return {
    receivedMailId: id,
    at: mail.receivedAt > new Date() ? new Date() : mail.receivedAt,
    subject: secret ? "" : mail.subject,
    text: secret ? "" : mail.words,
    messageId: isMessageId(own) ? own : null,
    refs: ids.slice(-50).filter(isMessageId).join(" ").slice(0, 4_000),
    references: ids.filter(isMessageId),
    named: await namedIn(client, mail),
  };
}

/** A newsletter or a robot that somebody we know is the sender of. */
const isMachine = ({ headers }: ReadMail): boolean =>
  ["list-id", "list-unsubscribe"].some((name) => first(headers, name) !== "") ||
  /bulk|junk|list/i.test(first(headers, "precedence")) ||
  /^auto-/i.test(first(headers, "auto-submitted"));
