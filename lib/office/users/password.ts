/** Passwords: argon2id with OWASP's first recommended setting (19 MiB, two passes). */
import { hash, verify } from "@node-rs/argon2";

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password.normalize("NFKC"), cost);

let decoy: Promise<string> | undefined;

/** An account without a password (unknown, invited) costs the same time as one with a wrong password. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword("no account has this password");
  const matches = await verify(stored ?? (await decoy), password.normalize("NFKC"));
  return matches && Boolean(stored);
}
