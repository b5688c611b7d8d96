/** One-time links: the address carries 32 random bytes, the database only their hash. Opening a link changes nothing. */
import { createHash, randomBytes } from "node:crypto";
import type { Role } from "#db/enums";
import { db, type Runner, sqlOn } from "#lib/db";
import { linkHours } from "./rules.ts";

export type LinkPurpose = keyof typeof linkHours;

export const hashToken = (token: string): Buffer => createHash("sha256").update(token).digest();

const places: Record<LinkPurpose, string> = {
  setup: "bienvenue",
  invitation: "invitation",
  reset: "reinitialisation",
};

/**
 * Makes a link and takes back the former ones of the same purpose and person.
 * `userId` is null only for the setup link. The runner is a transaction's when the link goes with something else.
 */
export async function makeLink(runner: Runner, purpose: LinkPurpose, userId: number | null, baseUrl: string) {
  const token = randomBytes(32).toString("base64url");
  const on = sqlOn(runner);
  await on`
    update user_tokens set used_at = now()
    where purpose = ${purpose}::"UserTokenPurpose" and user_id is not distinct from ${userId}::int and used_at is null`;
  const [row] = await on<{ expires_at: Date }>`
    insert into user_tokens (purpose, user_id, token_hash, expires_at)
    values (${purpose}::"UserTokenPurpose", ${userId}, ${hashToken(token)}, now() + make_interval(hours => ${linkHours[purpose]}))
    returning expires_at`;
  if (!row) throw new Error("the link was not written");
  return { url: `${baseUrl.replace(/\/+$/, "")}/${places[purpose]}/${token}`, expiresAt: row.expires_at };
}

export type LinkOwner = { name: string; email: string; role: Role } | null;

/** Whether a link still works and for whom: `owner` is null for the setup link. Null for a link that does not work. */
export async function findLink(purpose: LinkPurpose, token: string): Promise<{ owner: LinkOwner } | null> {
  const row = await db.userToken.findFirst({
    where: {
      purpose,
      tokenHash: new Uint8Array(hashToken(token)),
      usedAt: null,
      expiresAt: { gt: new Date() },
    },
    select: { user: { select: { name: true, email: true, role: true, disabledAt: true } } },
  });
  if (!row || row.user?.disabledAt) return null;
  return { owner: row.user && { name: row.user.name, email: row.user.email, role: row.user.role } };
}
