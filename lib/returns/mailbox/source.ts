/** What reading a mailbox needs, whoever keeps it. Nothing here deletes, moves or marks. */

import type { TokenLogin } from "#lib/letters/relays/connection";
import type { Chosen, Others } from "#lib/returns/mailbox/folders";
import { openImap } from "#lib/returns/mailbox/imap";
import { openSandboxMailbox } from "#lib/returns/mailbox/sandbox";

export type Fetched = { uid: number; raw: Buffer; receivedAt: Date };

export type Folder = {
  /** Numbers hold only as long as this does (RFC 9051, section 2.3.1.1). */
  validity: bigint;
  /** The cursor from which every mail received since that day is ahead. */
  startFrom(day: Date): Promise<number>;
  /** Up to `limit` mails numbered above `after`, in order, each cut at `maxBytes`. */
  fetchAfter(after: number, limit: number, maxBytes: number): Promise<Fetched[]>;
  /** Whether this reader has had its turn: the rest is read another time. */
  spent(): boolean;
};

/** Signed in, its main folder open. One folder is open at a time. */
export type Mailbox = Folder & {
  /** What else there is to read, as the server has it now. */
  others(chosen: Chosen): Promise<Others>;
  /** Opens another folder, and closes the one before. @throws when the server will not. */
  turnTo(path: string): Promise<Folder>;
  close(): Promise<void>;
};

export type MailboxAccess = {
  kind: "sandbox" | "smtp";
  relayId: number;
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  username: string;
  folder: string;
} & ({ password: string } | TokenLogin);

/** @throws whatever the network or the server says; `failureOf` names it. */
export const openMailbox = (access: MailboxAccess): Promise<Mailbox> =>
  access.kind === "sandbox" ? openSandboxMailbox(access.relayId) : openImap(access);
