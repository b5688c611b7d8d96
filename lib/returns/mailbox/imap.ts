import { ImapFlow } from "imapflow";
import { isLoopback } from "#lib/machine/network/loopback";
import { chooseFolders } from "#lib/returns/mailbox/folders";
import type { Fetched, Folder, Mailbox, MailboxAccess } from "#lib/returns/mailbox/source";

/**
 * Milliseconds, and bytes of a whole connection; a person waiting for a connection test waits no longer. `command`: for
 * one answer, however much it talks. `total`, `bytes`: then it is hung up on, whoever it is.
 */
export type Patience = { setup: number; silence: number; command: number; total: number; bytes: number };

const megabyte = 1024 * 1024;
export const ordinary: Patience = {
  setup: 20_000,
  silence: 60_000,
  command: 60_000,
  total: 240_000,
  bytes: 64 * megabyte,
};

/** Mails of a folder that one question is about: as many numbers as a line may hold. */
const most = 10_000;
/** What a server may make us keep at once; answers are asked for in pieces that fit. A mail is cut before it is that long. */
const sizes = { maxLiteralSize: megabyte, maxLineLength: 128 * 1024, maxResponseSize: 2 * megabyte };
/** Of one answer, and so much more of one to which something large belongs. */
export const answerBytes = megabyte / 2;
const LOOK_EVERY = 25;

/** A connection, and what is left of the patience with it. */
export type Dialogue = {
  client: ImapFlow;
  /** What the server answers, if it comes to an end of it: otherwise it is hung up on. `bytes` at most, of this answer. */
  ask<T>(what: (client: ImapFlow) => Promise<T>, bytes?: number): Promise<T>;
  /** Whether half of the patience is used up: the rest is read another time. */
  spent(): boolean;
  close(): Promise<void>;
};

/** Opens one folder read-only (EXAMINE): mails stay unread for the people who share the account. */
export async function openImap(access: MailboxAccess, patience = ordinary): Promise<Mailbox> {
  const dialogue = await signIn(access, patience);
  try {
    return {
      ...(await open(dialogue, access.folder)),
      others: async (chosen) =>
        chooseFolders(await dialogue.ask((client) => client.list()), { ...chosen, main: access.folder }),
      turnTo: (path) => open(dialogue, path),
      close: dialogue.close,
    };
  } catch (error) {
    dialogue.client.close();
    throw error;
  }
}

async function open(dialogue: Dialogue, path: string): Promise<Folder> {
  const folder = await dialogue.ask((client) => client.mailboxOpen(path, { readOnly: true }));
  return reading(dialogue, folder.uidValidity, folder.uidNext);
}

/** Signed in to the account, no folder open. A refused token is renewed once. @throws what the network or the server says. */
export async function signIn(access: MailboxAccess, patience = ordinary): Promise<Dialogue> {
  try {
    return await signInWith(access, patience);
  } catch (error) {
    if (!("accessToken" in access) || !(error as { authenticationFailed?: boolean }).authenticationFailed)
      throw error;
    return signInWith({ ...access, accessToken: await access.renew(access.accessToken) }, patience);
  }
}

async function signInWith(access: MailboxAccess, patience: Patience): Promise<Dialogue> {
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
  const dialogue = converse(client, patience);
  try {
    await dialogue.ask((client) => client.connect());
    return dialogue;
  } catch (error) {
    client.close();
    throw error;
  }
}

function converse(client: ImapFlow, patience: Patience): Dialogue {
  const startedAt = performance.now();
  const heard = () => client.stats().received;
  return {
    client,
    ask: async (what, bytes = answerBytes) => {
      const until = Math.min(performance.now() + patience.command, startedAt + patience.total);
      const allowed = Math.min(heard() + bytes, patience.bytes);
      let why: Error | undefined;
      const clock = setInterval(() => {
        if (performance.now() > until) why = failed("an answer without an end", "ETIMEDOUT");
        else if (heard() > allowed) why = failed("more than was asked for", "EPROTOCOL");
        if (why) client.close();
      }, LOOK_EVERY);
      try {
        return await what(client);
      } catch (error) {
        throw why ?? error;
      } finally {
        clearInterval(clock);
      }
    },
    spent: () => performance.now() - startedAt > patience.total / 2 || heard() > patience.bytes / 2,
    close: () => client.logout().catch(() => client.close()),
  };
}

const failed = (message: string, code: string) => Object.assign(new Error(message), { code });

/**
 * UIDs, rising, of what matches: asked for in pieces of the folder, the newest first, so that no answer is longer than we
 * take. Mails that go meanwhile move others towards the older pieces, where they are found once more, never less.
 * @throws when the search is refused: that is no empty folder.
 */
export async function search(
  dialogue: Dialogue,
  query: { since: Date } | { above: number },
): Promise<number[]> {
  const folder = dialogue.client.mailbox;
  const found = new Set<number>();
  for (let last = folder ? folder.exists : 0; last > 0; last -= most) {
    const seq = `${Math.max(1, last - most + 1)}:${last}`;
    const match = "since" in query ? { since: query.since } : { uid: `${query.above + 1}:*` };
    const uids = await dialogue.ask((client) => client.search({ seq, ...match }, { uid: true }));
    if (!uids) throw new Error("search refused");
    // « n:* » always names the last mail, even when it is below n (RFC 9051, section 9, seq-range).
    const fit = "since" in query ? uids : uids.filter((uid) => uid > query.above);
    for (const uid of fit) found.add(uid);
    // Numbers rise with the order of the folder: older pieces have none above that one.
    if ("above" in query && fit.length < Math.min(most, last)) break;
  }
  return [...found].sort((a, b) => a - b);
}

function reading(dialogue: Dialogue, validity: bigint, uidNext: number): Folder {
  let ahead: number[] = [];
  return {
    validity,
    startFrom: async (day) => ((await search(dialogue, { since: day }))[0] ?? uidNext) - 1,
    fetchAfter: async (after, limit, maxBytes) => {
      ahead = ahead.filter((uid) => uid > after);
      if (ahead.length === 0) ahead = await search(dialogue, { above: after });
      const uids = ahead.slice(0, limit);
      if (uids.length === 0) return [];
      return dialogue.ask((client) => fetched(client, uids, maxBytes), answerBytes + uids.length * maxBytes);
    },
    spent: dialogue.spent,
  };
}

/** When a server says that a mail came; one that says no date, or none of a calendar, means now. */
export function dateOf(said: Date | string | undefined): Date {
  const at = new Date(said ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? new Date() : at;
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
      mails.push({ uid: mail.uid, raw: mail.source, receivedAt: dateOf(mail.internalDate) });
  return mails.toSorted((a, b) => a.uid - b.uid);
}
