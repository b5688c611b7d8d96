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
  const ids =
    [first(mail.headers, "in-reply-to"), first(mail.headers, "references")].join(" ").match(/<[^<>\s]+>/g) ??
    [];
  const named = await findNamed(
    mail.references.slice(0, 200).flatMap((reference) => deliveryOf(reference) ?? []),
    client,
  );
  const own = first(mail.headers, "message-id").trim();
  await fileLetter(client, {
    receivedMailId: id,
    at: mail.receivedAt > new Date() ? new Date() : mail.receivedAt,
    from: mail.from,
    contactId: plan.contactId,
    subject: secret ? "" : mail.subject,
    text: secret ? "" : mail.words,
    messageId: isMessageId(own) ? own : null,
    refs: ids.slice(-50).filter(isMessageId).join(" ").slice(0, 4_000),
    references: ids.filter(isMessageId),
    named,
    automatic,
  });
}

/** A newsletter or a robot that somebody we know is the sender of. */
const isMachine = ({ headers }: ReadMail): boolean =>
  ["list-id", "list-unsubscribe"].some((name) => first(headers, name) !== "") ||
  /bulk|junk|list/i.test(first(headers, "precedence")) ||
  /^auto-/i.test(first(headers, "auto-submitted"));
