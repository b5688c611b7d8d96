"use server";
import { action } from "#lib/gates/action";
import { keepChoice, rememberBrowser } from "#lib/gates/session";
import { changePassword, changeProfile, revokeSession, revokeSessions } from "#lib/office/users/mutations";
import { nothingInput, passwordInput, profileInput, sessionInput } from "#lib/office/users/schema";

export const saveProfile = action("account.own", profileInput, async (input, user) => {
  const result = await changeProfile(user.id, input);
  await keepChoice("locale", input.locale);
  return result;
});

export const savePassword = action("account.own", passwordInput, async (input, user) => {
  const result = await changePassword(user.id, input.current, input.password, user.sessionId);
  // Browsers known until now are forgotten with the old password, but for this one.
  if (result.ok) await rememberBrowser(user.id);
  return result;
});

export const endSession = action("account.own", sessionInput, ({ sessionId }, user) =>
  revokeSession(sessionId, user.id),
);

export const endOtherSessions = action("account.own", nothingInput, (_, user) =>
  revokeSessions(user.id, user.id, user.sessionId),
);

export const signOut = action("account.own", nothingInput, async (_, user) => {
  await revokeSession(user.sessionId);
  return { ok: true, goTo: "/connexion" };
});
