/** One-time links: the address carries 32 random bytes, the database only their hash. Opening a link changes nothing. */
import { createHash, randomBytes } from "node:crypto";
import type { Role } from "#db/enums";
import { type Runner, sql, sqlOn } from "#lib/machine/db";
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
  await on`
    insert into user_tokens (purpose, user_id, token_hash, expires_at)
    values (${purpose}::"UserTokenPurpose", ${userId}, ${hashToken(token)}, now() + make_interval(hours => ${linkHours[purpose]}))`;
  return { token, url: linkUrl(baseUrl, purpose, token) };
}

/** Where a link leads. */
export const linkUrl = (baseUrl: string, purpose: LinkPurpose, token: string): string =>
  `${baseUrl.replace(/\/+$/, "")}/${places[purpose]}/${token}`;

export type LinkOwner = { name: string; email: string; role: Role };

/**
 * Whether a link still works and for whom: `owner` is null for the setup link. Null for a link that does not work: used,
 * too old, of another purpose, made before the password last changed or the account was closed.
 */
export async function findLink(
  purpose: LinkPurpose,
  token: string,
): Promise<{ owner: LinkOwner | null } | null> {
  const [row] = await sql<{ userId: number | null } & LinkOwner>`
    select t.user_id as "userId", u.name, u.email, u.role from user_tokens t left join users u on u.id = t.user_id
    where t.token_hash = ${hashToken(token)} and t.purpose = ${purpose}::"UserTokenPurpose" and t.used_at is null
      and t.expires_at > now()
      and case when t.user_id is null
        then not exists (select from users where role = 'administrator' and disabled_at is null)
        else u.disabled_at is null and t.created_at >= u.links_since end`;
  if (!row) return null;
  const { userId, ...owner } = row;
  return { owner: userId === null ? null : owner };
}
