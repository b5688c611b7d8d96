import type { Role } from "#db/enums";
import { actOn, audited, auditedRows, type By } from "#lib/department/audit/mutations";
import { may } from "#lib/department/permissions";
import { withdrawAll } from "#lib/letters/drafts/withdraw";
import { db, pool, type Runner, sqlOn, transaction } from "#lib/machine/db";
import { ok, type Result, refused } from "#lib/machine/result";
import { foldAddress } from "#lib/machine/seal";
import { findLink, hashToken, makeLink } from "./links.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { hasAdministrator } from "./queries.ts";
import { passwordFault, sessionDays } from "./rules.ts";
import { forgetPasswordTries, mayTryPassword } from "./throttle.ts";

/**
 * Signs a browser in from a network address; the returned id is what its cookie names.
 * @unaudited signIn, which calls it, writes its entry in the same transaction.
 */
export async function openSession(
  userId: number,
  userAgent: string,
  network = "",
  runner: Runner = pool(),
): Promise<string> {
  const [session] = await sqlOn(runner)<{ id: string }>`
    insert into user_sessions (id, user_id, user_agent, network, expires_at)
    values (gen_random_uuid(), ${userId}, ${userAgent.slice(0, 400)}, ${network}, now() + make_interval(days => ${sessionDays}))
    returning id`;
  if (!session) throw new Error("the session was not written");
  return session.id;
}

/**
 * Signs one browser out; `userId` limits it to that person's own.
 * @unaudited Whoever leaves, or closes a browser of their own, changes nothing for others; the session says when.
 */
export async function revokeSession(sessionId: string, userId?: number) {
  const { count } = await db.userSession.updateMany({
    where: { id: sessionId, revokedAt: null, userId },
    data: { revokedAt: new Date() },
  });
  return count === 1 ? ok : refused("notFound");
}

/** Signs a person out everywhere, but for the browser named by `except`. */
export const revokeSessions = (userId: number, by: By, except: string | null = null) =>
  audited(
    ({ sessions }: { sessions: number }) => actOn("user.signedOut", userId, by, { sessions }),
    async (client) => ({ ...ok, sessions: await signOutOf(client, userId, except) }),
  );

async function signOutOf(client: Runner, userId: number, except: string | null): Promise<number> {
  const rows = await sqlOn(client)`
    update user_sessions set revoked_at = now()
    where user_id = ${userId} and revoked_at is null and id is distinct from ${except}::uuid returning id`;
  return rows.length;
}

/**
 * Changes a role, never the last administrator's. The administrators are locked in the order of their ids, so two
 * who demote each other are taken one after the other and the second is refused.
 */
export const changeRole = (
  userId: number,
  role: Role,
  by: By,
): Promise<Result<object, "lastAdministrator">> =>
  audited(actOn("user.role", userId, by, { role }), async (client) => {
    const [changed] = await sqlOn(client)`
      with administrators as materialized (
        select id from users where role = 'administrator' and disabled_at is null order by id for update
      )
      update users set role = ${role}::"Role" where id = ${userId} and (
        role <> 'administrator' or disabled_at is not null or ${role} = 'administrator'
        or (select count(*) from administrators where id <> ${userId}) > 0
      ) returning id`;
    if (!changed) return refused("lastAdministrator");
    if (!may(role, "letters.send")) await withdrawAll(client, userId);
    return ok;
  });

/** Closes an account and all its sessions, and takes back what waits to leave in its name; the last administrator's stays open. */
export const disableUser = (userId: number, by: By): Promise<Result<object, "lastAdministrator">> =>
  audited(actOn("user.disabled", userId, by), async (client) => {
    const [changed] = await sqlOn(client)`
      with administrators as materialized (
        select id from users where role = 'administrator' and disabled_at is null order by id for update
      )
      update users set disabled_at = now(), links_since = now() where id = ${userId} and disabled_at is null and (
        role <> 'administrator' or (select count(*) from administrators where id <> ${userId}) > 0
      ) returning id`;
    if (!changed) return refused("lastAdministrator");
    await signOutOf(client, userId, null);
    await withdrawAll(client, userId);
    return ok;
  });

export const enableUser = (userId: number, by: By): Promise<Result<object, "notFound">> =>
  auditedRows(actOn("user.enabled", userId, by), async (rows) => {
    const { count } = await rows.user.updateMany({
      where: { id: userId, disabledAt: { not: null } },
      data: { disabledAt: null },
    });
    return count === 1 ? ok : refused("notFound");
  });

/** A person's own name and language. */
export const changeProfile = (userId: number, profile: { name: string; locale: "fr" | "en" }) =>
  auditedRows(actOn("user.updated", userId, userId), async (rows) => {
    await rows.user.update({ where: { id: userId }, data: profile, select: { id: true } });
    return ok;
  });

/** A person's own password; every other browser of theirs is signed out by the same statement. */
export async function changePassword(userId: number, current: string, password: string, sessionId: string) {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { passwordHash: true, email: true, name: true },
  });
  if (!(await mayTryPassword(userId))) return refused("throttled");
  if (!(await verifyPassword(user.passwordHash, current))) return refused("currentPassword");
  await forgetPasswordTries(userId);
  const fault = passwordFault(password, user);
  if (fault) return { ok: false as const, fields: { password: fault } };
  const hash = await hashPassword(password);
  return audited(actOn("user.password", userId, userId), async (client) => {
    const [changed] = await sqlOn(client)`
      update users set password_hash = ${hash}, links_since = now()
      where id = ${userId} and password_hash = ${user.passwordHash} returning id`;
    if (!changed) return refused("conflict");
    await signOutOf(client, userId, sessionId);
    return ok;
  });
}

/**
 * Link that creates the first administrator, replacing the former one; null when there is an administrator.
 * @unaudited Nobody is there yet; using it is audited.
 */
export async function setupLink(baseUrl: string): Promise<string | null> {
  if (await hasAdministrator()) return null;
  const { url } = await transaction((client) => makeLink(client, "setup", null, baseUrl));
  return url;
}

type First = { token: string; name: string; email: string; password: string };

/** Uses the setup link up and makes the administrator, in one statement; refused once there is one, made meanwhile too. */
export async function createFirstAdministrator({ token, name, email, password }: First) {
  if (!(await findLink("setup", token))) return refused("deadLink");
  const fault = passwordFault(password, { email, name });
  if (fault) return { ok: false as const, fields: { password: fault } };
  const hash = await hashPassword(password);
  return audited(own("user.created"), async (client): Promise<Owner> => {
    const [user] = await sqlOn(client)<{ id: number }>`
      with used as (
        update user_tokens set used_at = now()
        where token_hash = ${hashToken(token)} and used_at is null
          and not exists (select 1 from users where role = 'administrator' and disabled_at is null)
        returning id
      )
      insert into users (name, email, role, password_hash)
      select ${name}, ${foldAddress(email)}, 'administrator', ${hash} from used
      on conflict (email) do update set name = excluded.name, role = excluded.role,
        password_hash = excluded.password_hash, disabled_at = null
      returning id`;
    return user ? { ...ok, userId: user.id } : refused("deadLink");
  });
}

type Owner = Result<{ userId: number }, "deadLink">;
/** What the owner of an account did to it before being signed in. */
const own =
  (action: "user.created" | "user.password") =>
  ({ userId }: { userId: number }) =>
    actOn(action, userId, userId);

/** Uses an invitation or a reset link up and sets the password; whoever was signed in with the old one is out. */
export async function setPassword(purpose: "invitation" | "reset", token: string, password: string) {
  const link = await findLink(purpose, token);
  // Before the hash, which is dear: whoever makes links up must not keep the processor busy.
  if (!link?.owner) return refused("deadLink");
  const fault = passwordFault(password, link.owner);
  if (fault) return { ok: false as const, fields: { password: fault } };
  const hash = await hashPassword(password);
  return audited(own("user.password"), async (client): Promise<Owner> => {
    const [user] = await sqlOn(client)<{ id: number }>`
    with used as (
      update user_tokens t set used_at = now() from users u
      where t.token_hash = ${hashToken(token)} and t.used_at is null and u.id = t.user_id
        and u.disabled_at is null and t.created_at >= u.links_since
      returning t.user_id
    ), changed as (
      update users set password_hash = ${hash}, links_since = now() from used where users.id = used.user_id
      returning users.id
    ), out as (
      update user_sessions s set revoked_at = now() from changed where s.user_id = changed.id and s.revoked_at is null
    )
    select id from changed`;
    return user ? { ...ok, userId: user.id } : refused("deadLink");
  });
}
