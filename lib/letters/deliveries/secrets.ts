/**
 * One-time links in letters. The frozen content holds a slot; the secret is sealed in its own column and put in when the
 * letter is composed. Whatever is shown of the letter is made from the content: nothing needs to be cut out of a text.
 */
import { createHash } from "node:crypto";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
import { log } from "#lib/machine/log";
import { readMail } from "#lib/machine/mime/mail";
import { seal, unseal } from "#lib/machine/seal";
import { tokenShape } from "#lib/machine/tokens";

/** Stands for the secret in a content's HTML and text; made of what a URL and HTML leave alone. */
export const secretSlot = "__secret__";

const column = "contents.sealed_secret";
const hashSecret = (secret: string) => createHash("sha256").update(secret).digest();

/** The two columns of a content that carries a secret: sealed for as long as the letter may leave, and its hash. */
export const secretColumns = (secret: string | undefined, contentId: number) =>
  secret === undefined
    ? { sealed: null, hash: null }
    : { sealed: Buffer.from(seal(secret, column, contentId)), hash: hashSecret(secret) };

/** The secret of a content, null when it has none. A key that was lost leaves the letter with a dead link. */
export function openSecret(contentId: number, sealed: Uint8Array | null): string | null {
  if (!sealed) return null;
  try {
    return unseal(sealed, column, contentId);
  } catch (error) {
    log.warn({ err: error, content: contentId }, "secret of a letter not readable");
    return null;
  }
}

export const fillSecret = (text: string, secret: string | null): string =>
  secret === null ? text : text.replaceAll(secretSlot, secret);

/** What a server says, without the secrets of the letter it may quote. */
export const withoutSecrets = (text: string, secrets: string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);

const hidden = "…";

/** The letter of a delivery as it may be shown to anybody: null when it carries no secret, or is gone. */
export async function findLetterWithoutSecret(
  deliveryId: number,
): Promise<{ html: string; text: string } | null> {
  const [row] = await sql<{ html: string; text: string }>`
    select ct.html, ct.text from deliveries d join contents ct on ct.id = d.content_id
    where d.id = ${deliveryId} and ct.secret_hash is not null`;
  return row
    ? { html: row.html.replaceAll(secretSlot, hidden), text: row.text.replaceAll(secretSlot, hidden) }
    : null;
}

/** Which of these deliveries carry a secret. */
export async function carryingSecret(client: Runner, deliveryIds: number[]): Promise<Set<number>> {
  if (deliveryIds.length === 0) return new Set();
  const rows = await sqlOn(client)<{ id: number }>`
    select d.id from deliveries d join contents ct on ct.id = d.content_id
    where d.id = any(${deliveryIds}::int[]) and ct.secret_hash is not null`;
  return new Set(rows.map(({ id }) => id));
}

/** A link made by chance, or the signed one of a promise. */
const secretShape = new RegExp(`(?:/|%2F)(?=([\\w-]{43}|${tokenShape}))`, "gi");

/** What may be a secret of ours in a text: what follows a slash in an address, written out or encoded, broken or not. */
function* candidates(text: string): Generator<string> {
  for (const reading of [text, text.replace(/=?[\r\n]+[>\s]*/g, "")])
    for (const [, found] of reading.matchAll(secretShape)) if (found) yield found;
}

/** The secrets of ours that these texts quote, by their hashes: a guess is none. */
export async function secretsIn(client: Runner, texts: string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const text of texts)
    for (const secret of candidates(text)) {
      found.set(hashSecret(secret).toString("hex"), secret);
      if (found.size >= MOST) break;
    }
  if (found.size === 0) return [];
  const hashes = [...found.keys()].map((hash) => Buffer.from(hash, "hex"));
  const rows = await sqlOn(client)<{ secretHash: Buffer }>`
    select secret_hash as "secretHash" from contents where secret_hash = any(${hashes}::bytea[])`;
  return rows.flatMap((row) => found.get(row.secretHash.toString("hex")) ?? []);
}

const MOST = 5_000;

/** All that a mail says, decoded: its fields and parts, and those of the mails inside. */
export function textsOf(raw: Buffer): string[] {
  const mail = readMail(raw);
  const fields = [mail.headers, ...mail.parts.map((part) => part.headers)].flatMap((headers) =>
    [...headers.values()].flat(),
  );
  return [...fields, ...mail.parts.map((part) => part.text), raw.toString("latin1")];
}

/** For the worker: secrets whose links are long dead. Their hashes stay, so that old copies stay hidden. */
export async function eraseSecrets(): Promise<void> {
  await sql`update contents set sealed_secret = null where sealed_secret is not null and created_at < now() - interval '8 days'`;
}
