/** For tests of what is written by hand: people, drafts ready to leave, mails that answer them. */
import assert from "node:assert/strict";
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { saveLetter, startDraft } from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { db, transaction } from "#lib/machine/db";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";
import { nameOf } from "#testing/names";
import { givePerson } from "#testing/received";

let made = 0;
/** One nobody has yet. */
export const freshAddress = (before: string) => `${before}${++made}@orange.example`;
export async function giveUser(role: "secretariat" | "teacher" = "teacher") {
  const n = ++made;
  const { id } = await db.user.create({ data: { email: `u${n}@iut.example`, name: `Prof ${n}`, role } });
  return { id, role };
}
export const identity = async () => db.identity.findFirstOrThrow({ where: { isDefault: true } });

/** A draft ready to leave; returns its id and version. */
export async function giveDraft(
  by: number,
  contactIds: number[],
  subject = "Votre stage",
  html = "<p>Bonjour <b>Zoé</b></p>",
) {
  const started = await startDraft(contactIds, by);
  assert.ok(started.ok);
  const before = await findDraft(started.id, by);
  const saved = await saveLetter(
    { id: started.id, version: before?.version ?? 0, identityId: (await identity()).id, subject, html },
    by,
  );
  assert.ok(saved.ok);
  return { id: started.id, version: saved.version, at: "" as const, more: "no" as const, remind: 0 };
}
export const person = async () => (await givePerson(`p${++made}@orange.example`)).id;
export const rowsOf = (draftId: number) =>
  db.letter.findMany({
    where: { draftId },
    include: { delivery: { include: { content: true } } },
    orderBy: { id: "asc" },
  });

/** What came from `address`, in answer to `references`. */
export async function receive(address: string, lines: string[], text = "Merci, oui.") {
  const relayId = (await identity()).relayId;
  const n = ++made;
  const raw = [
    `From: Zoé <${address}>`,
    `Message-ID: <in${n}@orange.example>`,
    ...lines,
    "Content-Type: text/plain; charset=utf-8",
    "",
    text,
    "",
  ].join("\r\n");
  const read = await readIncoming({
    uid: 10_000 + n,
    uidValidity: 1n,
    raw: Buffer.from(raw),
    receivedAt: new Date(),
  });
  const id = await transaction((client) => recordMail(client, relayId, read));
  const letter = await db.letter.findUnique({ where: { receivedMailId: id ?? 0 } });
  return { id: id ?? 0, messageId: `<in${n}@orange.example>`, letter };
}
export const sentId = async (deliveryId: number) => {
  const { raw } = compose(
    await prepare((await db.delivery.findUniqueOrThrow({ where: { id: deliveryId } })).contentId),
    {
      ...(await nameOf(deliveryId)),
      address: "x@y.example",
      variables: {},
    },
  );
  const text = raw.toString();
  const field = (name: string) =>
    new RegExp(`^${name}: ((?:.*)(?:\\r\\n[ \\t].*)*)`, "mi").exec(text)?.[1]?.replace(/\r\n\s+/g, " ") ?? "";
  return { id: field("Message-ID"), references: field("References"), inReplyTo: field("In-Reply-To"), text };
};
