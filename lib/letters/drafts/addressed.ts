/** Whom a mail that came asks to be answered, by its own header (RFC 5322, sections 3.6.2 and 3.6.3). */
import addressparser from "nodemailer/lib/addressparser";
import { z } from "zod";
import { type Runner, sqlOn } from "#lib/machine/db";
import { readHead } from "#lib/machine/mime/head";
import type { Headers } from "#lib/machine/mime/mail";
import { foldAddress } from "#lib/machine/seal";

/** Addresses read of one mail; more is no conversation. */
const MOST = 1_000;

/** `replyTo`: where answers are wanted, when it says so. `others`: everybody else it is to, each once, folded. */
export type Addressed = { replyTo: string[]; others: string[] };

export function readAddressed(raw: Uint8Array): Addressed {
  const headers = readHead(raw);
  return {
    replyTo: addressesOf(headers, ["reply-to"]),
    others: addressesOf(headers, ["to", "cc"]),
  };
}

const addressesOf = (headers: Headers, names: string[]): string[] => {
  const found = names
    .flatMap((name) => headers.get(name) ?? [])
    .flatMap((field) => addressparser(field.slice(0, 40_000), { flatten: true }))
    .filter(({ address }) => address.length <= 254 && z.email().safeParse(address).success)
    .map(({ address }) => foldAddress(address));
  return [...new Set(found)].slice(0, MOST);
};

/**
 * The same of a mail that is here, without ourselves: the addresses we write from, are answered at and read, and this
 * author’s own. Nobody when its text is purged.
 */
export async function addressedOf(client: Runner, receivedMailId: number, by: number): Promise<Addressed> {
  const query = sqlOn(client);
  const [mail] = await query<{ raw: Buffer }>`
    select substring(raw for 65536) as raw from received_mails where id = ${receivedMailId}`;
  const { replyTo, others } = readAddressed(mail?.raw ?? Buffer.alloc(0));
  const own = await query<{ address: string }>`
    select lower(o.address) as address from (
      select address from identities union all select reply_to from identities union all select username from relays
      union all select username from mailboxes union all select email from users where id = ${by}) o
    where lower(o.address) = any(${[...replyTo, ...others]}::text[])`;
  const ours = new Set(own.map(({ address }) => address));
  const theirs = (addresses: string[]) => addresses.filter((address) => !ours.has(address));
  return { replyTo: theirs(replyTo), others: theirs(others) };
}
