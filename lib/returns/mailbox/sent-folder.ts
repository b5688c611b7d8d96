/** An account's Sent folder as its reader sees it: which one it is, and the Message-IDs it holds. Read-only (EXAMINE), but for what it is given to keep. */
import type { ListResponse, MailboxObject } from "imapflow";
import addressparser from "nodemailer/lib/addressparser";
import { deliveryOf } from "#lib/letters/deliveries/message-id";
import type { DeliveryName } from "#lib/machine/tokens";
import { named, selectable, used } from "#lib/returns/mailbox/folders";
import { answerBytes, type Dialogue, dateOf, ordinary, search, signIn } from "#lib/returns/mailbox/imap";
import type { MailboxAccess } from "#lib/returns/mailbox/source";

/** One mail of the folder. `name`: of the delivery whose Message-ID it bears, null when it is none of ours. */
export type Copy = { uid: number; at: Date; name: DeliveryName | null; recipients: string[] };

export type SentFolder = {
  path: string;
  /** Numbers hold only as long as this does (RFC 9051, section 2.3.1.1). */
  validity: bigint;
  uidNext: number;
  /** UIDs, rising, of what was filed since that day (its time is not looked at: RFC 9051, section 6.4.4). */
  since(day: Date): Promise<number[]>;
  /** UIDs, rising, above that one. */
  after(uid: number): Promise<number[]>;
  /** Mails expunged meanwhile are missing from the answer. */
  read(uids: number[]): Promise<Copy[]>;
  /** Files a mail there, read already. @throws when the server does not take it. */
  append(raw: Buffer, at: Date): Promise<void>;
  close(): Promise<void>;
};

/** `access.folder` names the folder; empty: the one the server says, or a well-known name. @throws what `failureOf` names. */
export async function openSentFolder(access: MailboxAccess, patience = ordinary): Promise<SentFolder> {
  const dialogue = await signIn(access, patience);
  try {
    const path = pathOf(await dialogue.ask((client) => client.list()), access.folder);
    if (!path) throw Object.assign(new Error("no Sent folder"), { mailboxMissing: true });
    return reading(dialogue, await dialogue.ask((client) => client.mailboxOpen(path, { readOnly: true })));
  } catch (error) {
    dialogue.client.close();
    throw error;
  }
}

/** As Gmail, Exchange, Dovecot, Cyrus and French programs name it; the last part of the path, case and accents aside. */
const wellKnown =
  /^(?:sent|sent (?:mail|messages?|items|e-?mails)|envoyes|(?:messages?|mails?|e-?mails|courriers?|elements?|objets?) envoyes?|envoi|envois)$/;

/** By hand; else by its attribute \Sent (RFC 6154); else by name. */
function pathOf(listed: ListResponse[], chosen: string): string | undefined {
  const folders = selectable(listed);
  if (chosen) return named(folders, chosen)?.path ?? chosen;
  return used(folders, "\\Sent", wellKnown)?.path;
}

/** Providers that give a message their own Message-ID keep ours beside it. */
const idFields = ["message-id", "x-google-original-message-id", "x-microsoft-original-message-id"];
const toFields = ["to", "cc", "bcc"];
/** Of a mail's fields on average. */
const headerBytes = 8 * 1024;

function reading(dialogue: Dialogue, folder: MailboxObject): SentFolder {
  return {
    path: folder.path,
    validity: folder.uidValidity,
    uidNext: folder.uidNext,
    since: (day) => search(dialogue, { since: day }),
    after: (uid) => search(dialogue, { above: uid }),
    read: async (uids) => {
      const headers = [...idFields, ...toFields];
      const mails = await dialogue.ask(
        (client) =>
          client.fetchAll(uids.join(","), { uid: true, internalDate: true, headers }, { uid: true }),
        answerBytes + uids.length * headerBytes,
      );
      return mails.map(({ uid, internalDate, headers }) => ({
        uid,
        at: dateOf(internalDate),
        ...read(headers ?? Buffer.alloc(0)),
      }));
    },
    append: async (raw, at) => {
      if (!(await dialogue.ask((client) => client.append(folder.path, raw, ["\\Seen"], at))))
        throw new Error("copy not taken");
    },
    close: dialogue.close,
  };
}

/** Our name for it, whichever field kept it, and everybody the mail is to. */
function read(headers: Buffer): Pick<Copy, "name" | "recipients"> {
  const fields = headers
    .toString("latin1")
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/)
    .map((line) => ({
      name: line.slice(0, line.indexOf(":")).toLowerCase(),
      value: line.slice(line.indexOf(":") + 1),
    }));
  const all = (names: string[]) =>
    fields.filter(({ name }) => names.includes(name)).map(({ value }) => value);
  return {
    name:
      all(idFields)
        .map(deliveryOf)
        .find((name) => name !== null) ?? null,
    recipients: all(toFields)
      .flatMap((field) => addressparser(field, { flatten: true }))
      .map(({ address }) => address.toLowerCase())
      .filter((address) => address.includes("@")),
  };
}
