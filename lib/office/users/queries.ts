import type { Role } from "#db/enums";
import { db, sql } from "#lib/machine/db";

/** `sessionId` names the row in user_sessions, so that one browser can be signed out. */
export type SessionUser = {
  id: number;
  name: string;
  email: string;
  role: Role;
  locale: string;
  sessionId: string;
};

/**
 * The person behind a session, or null when it was revoked or expired or the account is disabled.
 * Notes the visit, at most once a minute, in the same statement.
 */
export async function findSessionUser(sessionId: string): Promise<SessionUser | null> {
  if (!/^[0-9a-f-]{36}$/.test(sessionId)) return null;
  const [user] = await sql<SessionUser>`
    with live as (
      select s.id, s.user_id, s.last_seen_at from user_sessions s
      where s.id = ${sessionId} and s.revoked_at is null and s.expires_at > now()
    ), seen as (
      update user_sessions s set last_seen_at = now() from live
      where s.id = live.id and live.last_seen_at < now() - interval '1 minute'
    )
    select u.id, u.name, u.email, u.role, u.locale, live.id as "sessionId"
    from live join users u on u.id = live.user_id where u.disabled_at is null`;
  return user ?? null;
}

/** What a sign-in needs: the account that may enter, with its hash. */
export async function findAccount(email: string) {
  return db.user.findFirst({
    where: { email, disabledAt: null },
    select: { id: true, passwordHash: true, locale: true, name: true, email: true },
  });
}

export type UserRow = {
  id: number;
  name: string;
  email: string;
  role: Role;
  createdAt: Date;
  disabledAt: Date | null;
  /** Null for someone invited who has not come yet. */
  lastSeenAt: Date | null;
  invited: boolean;
  sessions: number;
};

/** Everybody with an account: a department has tens of them, so they fit one page. */
export async function listUsers(): Promise<UserRow[]> {
  return sql<UserRow>`
    select u.id, u.name, u.email, u.role, u.created_at as "createdAt", u.disabled_at as "disabledAt",
      s.seen as "lastSeenAt", u.password_hash is null as invited, coalesce(s.live, 0)::int as sessions
    from users u left join lateral (
      select max(last_seen_at) as seen, count(*) filter (where revoked_at is null and expires_at > now()) as live
      from user_sessions where user_id = u.id
    ) s on true
    order by u.disabled_at is not null, u.name, u.id limit 500`;
}

/** The browsers a person is signed in with, latest first. */
export async function listSessions(userId: number) {
  return db.userSession.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: new Date() } },
    select: { id: true, createdAt: true, lastSeenAt: true, userAgent: true, network: true },
    orderBy: { lastSeenAt: "desc" },
    take: 100,
  });
}

/** Whether somebody can administer this installation already. */
export async function hasAdministrator(): Promise<boolean> {
  const [row] = await sql`select 1 from users where role = 'administrator' and disabled_at is null limit 1`;
  return Boolean(row);
}
