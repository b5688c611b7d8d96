/** What reading a mailbox needs, whoever keeps it. Nothing here deletes, moves or marks. */

import type { TokenLogin } from "#lib/letters/relays/connection";
import { openImap } from "#lib/returns/mailbox/imap";
import { openSandboxMailbox } from "#lib/returns/mailbox/sandbox";

export type Fetched = { uid: number; raw: Buffer; receivedAt: Date };

export type Mailbox = {
  /** Numbers hold only as long as this does (RFC 9051, section 2.3.1.1). */
  validity: bigint;
  /** The cursor from which every mail received since that day is ahead. */
  startFrom(day: Date): Promise<number>;
  /** Up to `limit` mails numbered above `after`, in order, each cut at `maxBytes`. */
  fetchAfter(after: number, limit: number, maxBytes: number): Promise<Fetched[]>;
  /** Whether this reader has had its turn: the rest is read another time. */
  spent(): boolean;
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
