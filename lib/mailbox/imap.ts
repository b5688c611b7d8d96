import { ImapFlow } from "imapflow";
import type { Mailbox, MailboxAccess } from "#lib/mailbox/source";
import { isLoopback } from "#lib/relays/loopback";

/** Milliseconds; a person waiting for a connection test waits no longer. */
export type Patience = { setup: number; silence: number };

const ordinary: Patience = { setup: 20_000, silence: 60_000 };

/** Opens one folder read-only (EXAMINE): mails stay unread for the people who share the account. */
export async function openImap(access: MailboxAccess, patience = ordinary): Promise<Mailbox> {
  const client = await signIn(access, patience);
  try {
    const folder = await client.mailboxOpen(access.folder, { readOnly: true });
    return reading(client, folder.uidValidity, folder.uidNext);
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Signed in to the account, no folder open. A refused token is renewed once. @throws what the network or the server says. */
export async function signIn(access: MailboxAccess, patience = ordinary): Promise<ImapFlow> {
  try {
    return await signInWith(access, patience);
  } catch (error) {
    if (!("accessToken" in access) || !(error as { authenticationFailed?: boolean }).authenticationFailed)
      throw error;
    return signInWith({ ...access, accessToken: await access.renew(access.accessToken) }, patience);
  }
}

async function signInWith(access: MailboxAccess, patience: Patience): Promise<ImapFlow> {
  if (access.security === "none" && !isLoopback(access.host))
    throw Object.assign(new Error("no password is sent in clear"), { code: "EINCLEAR" });
  const secret = "accessToken" in access ? { accessToken: access.accessToken } : { pass: access.password };
  const client = new ImapFlow({
    host: access.host,
    port: access.port,
    secure: access.security === "tls",
    doSTARTTLS: access.security === "starttls",
    auth: { user: access.username, ...secret },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    connectionTimeout: patience.setup,
    greetingTimeout: patience.setup,
    socketTimeout: patience.silence,
  });
  // A connection lost between two commands: the next command rejects, and that is where it is told.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

function reading(client: ImapFlow, validity: bigint, uidNext: number): Mailbox {
  return {
    validity,
    startFrom: async (day) => {
      const uids = await client.search({ since: day }, { uid: true });
      return uids && uids.length > 0 ? Math.min(...uids) - 1 : uidNext - 1;
    },
    fetchAfter: async (after, limit, maxBytes) => {
      const found = await client.search({ uid: `${after + 1}:*` }, { uid: true });
      // « n:* » always names the last mail, even when it is below n (RFC 9051, section 9, seq-range).
      const uids = (found || [])
        .filter((uid) => uid > after)
        .toSorted((a, b) => a - b)
        .slice(0, limit);
      if (uids.length === 0) return [];
      const mails = await client.fetchAll(
        uids.join(","),
        { uid: true, internalDate: true, source: { start: 0, maxLength: maxBytes } },
        { uid: true },
      );
      return mails
        .flatMap(({ uid, source, internalDate }) =>
          source ? [{ uid, raw: source, receivedAt: new Date(internalDate ?? Date.now()) }] : [],
        )
        .toSorted((a, b) => a.uid - b.uid);
    },
    close: () => client.logout().catch(() => client.close()),
  };
}
