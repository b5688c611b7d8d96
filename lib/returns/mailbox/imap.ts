import { ImapFlow } from "imapflow";
import { isLoopback } from "#lib/machine/network/loopback";
import type { Fetched, Mailbox, MailboxAccess } from "#lib/returns/mailbox/source";

/** Milliseconds; a person waiting for a connection test waits no longer. `command`: for one answer, however much it talks. */
export type Patience = { setup: number; silence: number; command: number };

export const ordinary: Patience = { setup: 20_000, silence: 60_000, command: 300_000 };

const megabyte = 1024 * 1024;
/** Far above what we ask for; an inbox of a million mails is searched in a line of eight megabytes. */
const sizes = {
  maxLiteralSize: 4 * megabyte,
  maxLineLength: 32 * megabyte,
  maxResponseSize: 40 * megabyte,
};

/** Opens one folder read-only (EXAMINE): mails stay unread for the people who share the account. */
export async function openImap(access: MailboxAccess, patience = ordinary): Promise<Mailbox> {
  const client = await signIn(access, patience);
  try {
    const folder = await answered(client, patience, () =>
      client.mailboxOpen(access.folder, { readOnly: true }),
    );
    return reading(client, folder.uidValidity, folder.uidNext, patience);
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
    ...sizes,
  });
  // A connection lost between two commands: the next command rejects, and that is where it is told.
  client.on("error", () => {});
  try {
    await answered(client, patience, () => client.connect());
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

/** What a server answers, if it comes to an end of it: it is hung up on otherwise, and others' mail read meanwhile. */
export async function answered<T>(
  client: ImapFlow,
  { command }: Patience,
  ask: () => Promise<T>,
): Promise<T> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    client.close();
  }, command);
  try {
    return await ask();
  } catch (error) {
    throw late ? Object.assign(new Error("an answer without an end"), { code: "ETIMEDOUT" }) : error;
  } finally {
    clearTimeout(timer);
  }
}

function reading(client: ImapFlow, validity: bigint, uidNext: number, patience: Patience): Mailbox {
  const search = (query: { since: Date } | { uid: string }) =>
    answered(client, patience, () => client.search(query, { uid: true }));
  return {
    validity,
    startFrom: async (day) => {
      const uids = await search({ since: day });
      return uids && uids.length > 0 ? Math.min(...uids) - 1 : uidNext - 1;
    },
    fetchAfter: async (after, limit, maxBytes) => {
      const found = await search({ uid: `${after + 1}:*` });
      // « n:* » always names the last mail, even when it is below n (RFC 9051, section 9, seq-range).
      const uids = (found || [])
        .filter((uid) => uid > after)
        .toSorted((a, b) => a - b)
        .slice(0, limit);
      if (uids.length === 0) return [];
      return answered(client, patience, () => fetched(client, uids, maxBytes));
    },
    close: () => client.logout().catch(() => client.close()),
  };
}

/** Only what was asked for is kept, once: a server may go on about other mails. */
async function fetched(client: ImapFlow, uids: number[], maxBytes: number): Promise<Fetched[]> {
  const wanted = new Set(uids);
  const mails: Fetched[] = [];
  const source = { start: 0, maxLength: maxBytes };
  for await (const mail of client.fetch(
    uids.join(","),
    { uid: true, internalDate: true, source },
    { uid: true },
  ))
    if (mail.source && wanted.delete(mail.uid))
      mails.push({ uid: mail.uid, raw: mail.source, receivedAt: new Date(mail.internalDate ?? Date.now()) });
  return mails.toSorted((a, b) => a.uid - b.uid);
}
