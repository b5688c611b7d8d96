/** Signing what leaves in a domain's name (RFC 6376, RFC 8301, RFC 8463): relaxed/relaxed, with one or two keys. */
import { createHash, createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import { promisify } from "node:util";
import { canonicalField, canonicalHeader, openBodyHash } from "#lib/letters/dkim/canonical";
import type { Algorithm } from "#lib/letters/dkim/schema";
import { type Message, preceded } from "#lib/letters/relays/message";
import { sql } from "#lib/machine/db";
import { unseal } from "#lib/machine/seal";

export type Signer = {
  domain: string;
  /** Of each key that signs; RSA first, which every receiver knows. */
  selectors: string[];
  /** The message with its signatures on top: CRLF lines, ended by one; its header is whole in the first piece. */
  sign(message: Message): Promise<Message>;
};

/** In a thread of libuv's: the event loop goes on while the key works. */
const signInThread = promisify<string, Buffer, KeyObject, Buffer>(signBytes);

/** Milliseconds a worker signs on without asking whether the key is still the one in use. */
const TRUSTED = 60_000;
const known = new Map<string, { signer: Promise<Signer | null>; until: number }>();

/** Signed when this installation holds the published key of the sender's domain. */
export async function signedAs(from: string, message: Message): Promise<Message> {
  const signer = await signerFor(from.slice(from.lastIndexOf("@") + 1));
  return signer ? signer.sign(message) : message;
}

/** `findSigner`, asked at most once a minute: a key that vanishes, or is replaced, soon signs no more. */
export function signerFor(domain: string): Promise<Signer | null> {
  const kept = known.get(domain);
  if (kept && performance.now() < kept.until) return kept.signer;
  const signer = findSigner(domain);
  known.set(domain, { signer, until: performance.now() + TRUSTED });
  // A database away for a moment is no answer.
  signer.catch(() => known.delete(domain));
  return signer;
}

/**
 * Who signs for this domain now: the keys in use, as long as DNS was last seen publishing them. Null: nobody.
 * @throws when a key cannot be unsealed any more.
 */
export async function findSigner(domain: string): Promise<Signer | null> {
  const keys = await sql<{ id: number; selector: string; algorithm: Algorithm; sealedPrivateKey: Buffer }>`
    select id, selector, algorithm, sealed_private_key as "sealedPrivateKey" from dkim_keys
    where domain = ${domain.toLowerCase()} and active and check_result = 'right' order by algorithm desc`;
  if (keys.length === 0) return null;
  const pairs = keys.map(({ id, selector, algorithm, sealedPrivateKey }) => ({
    selector,
    algorithm,
    privateKey: unseal(sealedPrivateKey, "dkim_keys.sealed_private_key", id),
  }));
  return signerOf(domain.toLowerCase(), pairs);
}

/** `privateKey`: PEM (PKCS #8). */
type Pair = { selector: string; algorithm: Algorithm; privateKey: string };

/** Signs with each key; neither signature covers the other, so that a receiver may know only one of them. */
export function signerOf(domain: string, pairs: readonly Pair[]): Signer {
  const keys = pairs.map(({ privateKey, ...named }) => ({ ...named, key: createPrivateKey(privateKey) }));
  return {
    domain,
    selectors: keys.map(({ selector }) => selector),
    sign: async (message) => {
      const { head, hash } = await readOnce(message.pieces());
      const header = canonicalHeader(head);
      const fields = await Promise.all(
        keys.map(async ({ selector, algorithm, key }) => {
          const unsigned = signatureField({ domain, selector, algorithm, hash, names: header.names });
          const canonical = Buffer.from(header.text + canonicalField(unsigned), "latin1");
          return `${unsigned}${folded((await signatures[algorithm](canonical, key)).toString("base64"))}\r\n`;
        }),
      );
      return preceded(Buffer.from(fields.join(""), "latin1"), message);
    },
  };
}

/** The header, and the hash of the body: a message with files is never held whole. */
async function readOnce(pieces: AsyncIterable<Buffer>): Promise<{ head: string; hash: string }> {
  const hash = openBodyHash();
  let head: string | undefined;
  for await (const piece of pieces) {
    if (head === undefined) {
      const end = piece.indexOf("\r\n\r\n") + 2;
      head = piece.toString("latin1", 0, end);
      hash.add(piece.subarray(end + 2));
    } else hash.add(piece);
  }
  return { head: head ?? "", hash: hash.digest() };
}

/** Ed25519 signs the hash and not the text (RFC 8463, section 3), and so fast that a thread would cost more. */
const signatures: Record<Algorithm, (text: Buffer, key: KeyObject) => Promise<Buffer> | Buffer> = {
  rsa: (text, key) => signInThread("RSA-SHA256", text, key),
  ed25519: (text, key) => signBytes(null, createHash("sha256").update(text).digest(), key),
};

type Signature = { domain: string; selector: string; algorithm: Algorithm; hash: string; names: string[] };

/** All of the field but the signature itself; lines below 78 characters. */
function signatureField({ domain, selector, algorithm, hash, names }: Signature): string {
  const listed = names.join(":").replace(/(.{1,60}:)(?=.)/g, "$1\r\n ");
  return [
    `DKIM-Signature: v=1; a=${algorithm}-sha256; c=relaxed/relaxed;`,
    ` d=${domain}; s=${selector}; q=dns/txt;`,
    ` h=${listed};`,
    ` bh=${hash};`,
    " b=",
  ].join("\r\n");
}

const folded = (base64: string) => base64.replace(/.{72}(?=.)/g, "$&\r\n ");
