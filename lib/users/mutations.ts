import { db } from "#lib/db";
import { sessionDays } from "./rules.ts";

/** Signs a browser in; the returned id is what its cookie names. */
export async function openSession(userId: number, userAgent: string): Promise<string> {
  const { id } = await db.userSession.create({
    data: {
      userId,
      userAgent: userAgent.slice(0, 400),
      expiresAt: new Date(Date.now() + sessionDays * 86_400_000),
    },
    select: { id: true },
  });
  return id;
}

/** Signs one browser out; `userId` limits it to that person's own. */
export async function revokeSession(sessionId: string, userId?: number): Promise<boolean> {
  const { count } = await db.userSession.updateMany({
    where: { id: sessionId, revokedAt: null, userId },
    data: { revokedAt: new Date() },
  });
  return count === 1;
}
