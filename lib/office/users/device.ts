/**
 * A browser that signed in to an account once is known to it for a year: a signed cookie says so. It opens nothing; it
 * gives its own tries to whoever mistypes, and spares its owner the letter about a new browser. Like a link, it is dead
 * once the password changed or the account was closed, even within the same millisecond.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { sql } from "#lib/machine/db";
import { sign } from "#lib/machine/seal";

export type Device = { userId: number; id: string };

export const deviceCookie = "src-device";
export const deviceDays = 365;

/** `<user>.<made at>.<random>.<signature>`, the first two in base 36. */
export function makeDevice(userId: number, at = new Date()): string {
  const id = randomBytes(16).toString("base64url");
  const payload = `${userId.toString(36)}.${at.getTime().toString(36)}.${id}`;
  return `${payload}.${signature(payload)}`;
}

/** The account this browser is known to, or null. */
export async function findDevice(cookie: string | undefined): Promise<Device | null> {
  const [, payload, user, at, id, given] =
    /^(([0-9a-z]{1,7})\.([0-9a-z]{1,9})\.([\w-]{22}))\.([\w-]{43})$/.exec(cookie ?? "") ?? [];
  if (!payload || !user || !at || !id || !given) return null;
  if (!timingSafeEqual(Buffer.from(signature(payload)), Buffer.from(given))) return null;
  const [userId, made] = [Number.parseInt(user, 36), new Date(Number.parseInt(at, 36))];
  const rows = await sql`
    select from users where id = ${userId} and disabled_at is null and links_since < ${made}
      and ${made}::timestamptz > now() - make_interval(days => ${deviceDays})`;
  return rows.length === 1 ? { userId, id } : null;
}

const signature = (payload: string) => sign("device", payload, "base64url");
