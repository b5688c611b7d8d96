/** Signing what leaves in a domain's name (RFC 6376, RFC 8301): rsa-sha256, relaxed/relaxed. */
import { createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import { promisify } from "node:util";
import RelaxedBody from "nodemailer/lib/dkim/relaxed-body";
import relaxed from "nodemailer/lib/dkim/sign";
import { sql } from "#lib/db";
import { unseal } from "#lib/seal";

export type Signer = {
  domain: string;
  selector: string;
  /** The message with its signature on top. `raw`: CRLF lines, ended by one. */
  sign(raw: Buffer): Promise<Buffer>;
};

/** Signed when present. From twice: a second From added on the way breaks the signature (section 8.15). */
const signedFields = [
  "from",
  "to",
  "reply-to",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "list-id",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "auto-submitted",
].join(":");

/** In a thread of libuv's: the event loop goes on while the key works. */
const signInThread = promisify<string, Buffer, KeyObject, Buffer>(signBytes);

/** Milliseconds a worker signs on without asking whether the key is still the one in use. */
const TRUSTED = 60_000;
const known = new Map<string, { signer: Promise<Signer | null>; until: number }>();

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
 * Who signs for this domain now: the key in use, as long as DNS was last seen publishing it. Null: nobody.
 * @throws when the key cannot be unsealed any more.
 */
export async function findSigner(domain: string): Promise<Signer | null> {
  const [key] = await sql<{ id: number; selector: string; sealed_private_key: Buffer }>`
    select id, selector, sealed_private_key from dkim_keys
    where domain = ${domain.toLowerCase()} and active and check_result = 'right'`;
  if (!key) return null;
  const privateKey = unseal(key.sealed_private_key, "dkim_keys.sealed_private_key", key.id);
  return signerOf(domain.toLowerCase(), key.selector, privateKey);
}

/** `privateKey`: PEM (PKCS #8). */
export function signerOf(domain: string, selector: string, privateKey: string): Signer {
  const key = createPrivateKey(privateKey);
  return {
    domain,
    selector,
    sign: async (raw) => {
      const end = raw.indexOf("\r\n\r\n") + 2;
      const { headers, fieldNames } = relaxed.relaxedHeaders(
        fieldsOf(raw.toString("latin1", 0, end)),
        signedFields,
      );
      // The second From names a field that must not exist: nothing is hashed for it (section 5.4.2).
      const unsigned = signatureField(
        domain,
        selector,
        bodyHash(raw.subarray(end + 2)),
        `${fieldNames}:from`,
      );
      const canonical = headers + canonicalField(unsigned);
      const signature = await signInThread("RSA-SHA256", Buffer.from(canonical, "latin1"), key);
      return Buffer.concat([
        Buffer.from(`${unsigned}${folded(signature.toString("base64"))}\r\n`, "latin1"),
        raw,
      ]);
    },
  };
}

/** Each field with its lower-case name, folded lines kept together. */
const fieldsOf = (head: string) =>
  head
    .split(/\r\n(?![ \t])/)
    .filter((line) => line !== "")
    .map((line) => ({ key: line.slice(0, line.indexOf(":")).trim().toLowerCase(), line }));

function bodyHash(body: Buffer): string {
  const relaxedBody = new RelaxedBody();
  relaxedBody.updateHash(body);
  relaxedBody.updateHash(Buffer.alloc(0), true);
  return relaxedBody.bodyHash.digest("base64");
}

/** All of the field but the signature itself; lines below 78 characters. */
function signatureField(domain: string, selector: string, hash: string, names: string): string {
  const listed = names.replace(/(.{1,60}:)(?=.)/g, "$1\r\n ");
  return [
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;",
    ` d=${domain}; s=${selector}; q=dns/txt;`,
    ` h=${listed};`,
    ` bh=${hash};`,
    " b=",
  ].join("\r\n");
}

/** Relaxed, without its line end (section 3.7). */
const canonicalField = (field: string) =>
  `dkim-signature:${field
    .slice(field.indexOf(":") + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim()}`;

const folded = (base64: string) => base64.replace(/.{72}(?=.)/g, "$&\r\n ");
