/** The first message through a relay: to oneself, so that it is seen to arrive. */
import { actOn, audited, type By } from "#lib/department/audit/mutations";
import { enqueueLetter } from "#lib/letters/deliveries/enqueue";
import { db } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";

const words = {
  fr: (relay: string) => ({
    subject: `[Essai] ${relay}`,
    text: `Ce message est parti par le relais « ${relay} ». S’il est arrivé dans votre boîte, et non parmi les indésirables, le relais est prêt.`,
  }),
  en: (relay: string) => ({
    subject: `[Trial] ${relay}`,
    text: `This message left by the relay “${relay}”. If it reached your inbox, and not the junk folder, the relay is ready.`,
  }),
};

/**
 * Queues a message from the relay's first identity to whoever asks. The relay is tried once its server accepts it
 * (trigger `note_trial`).
 */
export async function tryRelay(
  id: number,
  to: { id: By; email: string; locale: string },
): Promise<Result<object, "notFound" | "notTested" | "noIdentity">> {
  const relay = await db.relay.findFirst({
    where: { id, kind: "smtp", archivedAt: null },
    select: {
      name: true,
      testedAt: true,
      identities: { where: { archivedAt: null }, select: { id: true }, orderBy: { id: "asc" }, take: 1 },
    },
  });
  if (!relay) return refused("notFound");
  if (!relay.testedAt) return refused("notTested");
  const [identity] = relay.identities;
  if (!identity) return refused("noIdentity");
  const { subject, text } = words[to.locale === "en" ? "en" : "fr"](shown(relay.name));
  const letter = { kind: "test" as const, to: to.email, subject, text, html: `<p>${text}</p>` };
  return audited(actOn("relay.tried", id, to.id), async (client) => {
    await enqueueLetter({ ...letter, identityId: identity.id }, client);
    return ok;
  });
}

/** A test is personalised and is HTML: neither braces nor angles of a name may count there. */
const shown = (name: string) => name.replace(/[{}<>&%]/g, " ").trim();
