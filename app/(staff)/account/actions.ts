"use server";
import { z } from "zod";
import { action } from "#lib/action";
import { revokeSession } from "#lib/users/mutations";

export const signOut = action("account.own", z.object({}), async (_, user) => {
  await revokeSession(user.sessionId);
  return { ok: true, goTo: "/connexion" };
});
