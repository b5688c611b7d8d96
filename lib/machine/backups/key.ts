/** The installation's key, sealed by a passphrase for a backup. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import type { SealedKey } from "./format.ts";

/** A tenth of a second for us, and for whoever guesses. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
export const shortestPassphrase = 12;

/** @throws Explained when the passphrase is too short. */
export function sealKey(passphrase: string): SealedKey {
  if (passphrase.length < shortestPassphrase)
    throw new Explained(
      `Phrase secrète trop courte : ${shortestPassphrase} caractères au moins.`,
      `Passphrase too short: at least ${shortestPassphrase} characters.`,
    );
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv(
    "aes-256-gcm",
    scryptSync(passphrase.normalize("NFC"), salt, 32, cost),
    nonce,
  );
  const sealed = Buffer.concat([cipher.update(env.secret), cipher.final()]);
  const hex = (bytes: Buffer) => bytes.toString("hex");
  return { salt: hex(salt), nonce: hex(nonce), tag: hex(cipher.getAuthTag()), sealed: hex(sealed) };
}

/** @throws Explained when the passphrase is not the one. */
export function openKey({ salt, nonce, tag, sealed }: SealedKey, passphrase: string): Buffer {
  const bytes = (hex: string) => Buffer.from(hex, "hex");
  try {
    const key = scryptSync(passphrase.normalize("NFC"), bytes(salt), 32, cost);
    const decipher = createDecipheriv("aes-256-gcm", key, bytes(nonce), { authTagLength: 16 });
    decipher.setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]);
  } catch (error) {
    throw new Explained(
      "Ce n’est pas la phrase secrète de cette sauvegarde. Rien n’a été écrit.",
      "This is not the passphrase of this backup. Nothing was written.",
      error,
    );
  }
}
