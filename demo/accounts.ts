/** One account for each role. Their passwords are made once and kept beside the database, for their reader only. */
import { randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Role } from "#db/enums";
import { db } from "#lib/machine/db";
import { env } from "#lib/machine/env";
import { createUser } from "#lib/office/users/command";
import { hashPassword, verifyPassword } from "#lib/office/users/password";

export type Account = { role: Role; name: string; email: string; password: string };

const people: Omit<Account, "password">[] = [
  { role: "administrator", name: "Maud Servant", email: "administration@src.example" },
  { role: "secretariat", name: "Nadège Roumieu", email: "secretariat@src.example" },
  { role: "teacher", name: "Yann Tarrade", email: "enseignant@src.example" },
  { role: "reader", name: "Solveig Amiel", email: "lecture@src.example" },
];

/** What a later run must find again: passwords, and the token the sites ask for. */
type Kept = { passwords: Record<string, string>; token: string };

export function keepSecrets(): { accounts: Account[]; token: string } {
  const path = join(env.dataDir, "demo.json");
  const kept: Kept = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as Kept)
    : { passwords: {}, token: "" };
  const accounts = people.map((person) => ({
    ...person,
    password: kept.passwords[person.role] || password(),
  }));
  const token = kept.token || secret(40);
  const passwords = Object.fromEntries(accounts.map((account) => [account.role, account.password]));
  mkdirSync(env.dataDir, { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify({ passwords, token } satisfies Kept, null, 2), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return { accounts, token };
}

/** Creates the accounts that are not there; an account whose password was kept elsewhere takes the one kept here. */
export async function ensureAccounts(accounts: Account[]): Promise<void> {
  for (const { role, name, email, password } of accounts) {
    const user = await db.user.findUnique({ where: { email }, select: { id: true, passwordHash: true } });
    if (!user) await createUser({ role, name, email }, password);
    else if (!(await verifyPassword(user.passwordHash, password)))
      await db.user.update({
        where: { id: user.id },
        data: { passwordHash: await hashPassword(password) },
        select: { id: true },
      });
  }
}

export const accountId = async (role: Role): Promise<number> =>
  (await db.user.findFirstOrThrow({ where: { role }, orderBy: { id: "asc" }, select: { id: true } })).id;

// Nothing that one could mistake for another when copying it from a terminal.
const letters = "abcdefghjkmnpqrstuvwxyz";
const digits = "23456789";

const draw = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");

/** Such as `kfhw-7392-pqrt-mzvs`: about 70 bits. */
const password = () => [draw(letters, 4), draw(digits, 4), draw(letters, 4), draw(letters, 4)].join("-");
const secret = (length: number) => draw(letters + digits, length);
