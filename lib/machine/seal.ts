/** Keys derived from the installation's secret: sealing of stored secrets, keyed hashing of addresses. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { env } from "#lib/machine/env";

const keys = new Map<string, Buffer>();

/** A 32-byte key of one purpose; two purposes never share a key. */
export function keyFor(purpose: string): Buffer {
  let key = keys.get(purpose);
  if (!key) {
    key = Buffer.from(hkdfSync("sha256", env.secret, "src-crm", purpose, 32));
    keys.set(purpose, key);
  }
  return key;
}

/** Every column that holds a sealed value, and the column that numbers its rows. */
export const sealedColumns = {
  "contents.sealed_secret": "id",
  "dkim_keys.sealed_private_key": "id",
  "mailboxes.sealed_password": "relay_id",
  "relay_oauth.sealed_access_token": "relay_id",
  "relay_oauth.sealed_client_secret": "relay_id",
  "relay_oauth.sealed_refresh_token": "relay_id",
  "relays.sealed_password": "id",
  "source_secrets.sealed_secret": "id",
  "sources.sealed_token": "id",
} as const;
export type SealedColumn = keyof typeof sealedColumns;

/**
 * AES-256-GCM: 12 bytes nonce, 16 bytes tag, then the ciphertext. It opens in this column of this row only: whoever
 * writes in the database cannot have a password used in another's place.
 */
export function seal(plain: string, column: SealedColumn, row: number): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor("sealed"), nonce).setAAD(place(column, row));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), body]));
}

/** @throws when the bytes were not sealed for this place with this installation's key. */
export const unseal = (sealed: Uint8Array, column: SealedColumn, row: number): string =>
  open(sealed, keyFor("sealed"), place(column, row));

/** Where a column was when its secrets were bound: a row kept its number. */
const formerColumns: { [column in SealedColumn]?: string } = {
  "mailboxes.sealed_password": "relays.sealed_imap_password",
};

/** As sealed before its column moved: read once, to be sealed again. @throws as unseal, and when it never moved */
export function unsealMoved(sealed: Uint8Array, column: SealedColumn, row: number): string {
  const former = formerColumns[column];
  if (!former) throw new Error(`${column} never moved`);
  return open(sealed, keyFor("sealed"), place(former, row));
}

/** As sealed before it was bound to a place: read once, to be sealed again (lib/machine/migrations/bind-secrets.ts). */
export const unsealUnbound = (sealed: Uint8Array): string => open(sealed, keyFor("seal"), Buffer.alloc(0));

function open(sealed: Uint8Array, key: Buffer, aad: Buffer): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(aad).setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("utf8");
}

const place = (column: string, row: number) => Buffer.from(`${column}:${row}`);

/** The address as stored: trimmed, lower-cased, domain in ASCII (punycode). Not validated. */
export function foldAddress(address: string): string {
  const folded = address.trim().normalize("NFC").toLowerCase();
  const at = folded.lastIndexOf("@");
  const domain = folded.slice(at + 1);
  if (at < 1 || !/[^\x20-\x7e]/.test(domain)) return folded;
  const ascii = URL.parse(`http://${domain}`)?.hostname ?? domain;
  return `${folded.slice(0, at)}@${ascii}`;
}

// Made once: importing a key costs more than the hash, and an import hashes every row, a campaign every link.
const imported = new Map<string, KeyObject>();

function importedKey(purpose: string): KeyObject {
  let key = imported.get(purpose);
  if (!key) {
    key = createSecretKey(keyFor(purpose));
    imported.set(purpose, key);
  }
  return key;
}

/** HMAC-SHA-256 of a text with the key of one purpose. */
export const sign = (purpose: string, text: string, encoding: "hex" | "base64url"): string =>
  createHmac("sha256", importedKey(purpose)).update(text).digest(encoding);

/** Sixteen letters that tell one key from another and nothing else of it. */
export const fingerprint = (): string => sign("fingerprint", "src-crm", "hex").slice(0, 16);

/** Keyed hash of a folded address: what a suppression keeps, and outlives the address by (32 bytes). */
export function hashAddress(address: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    createHmac("sha256", importedKey("suppression")).update(foldAddress(address)).digest(),
  );
}
