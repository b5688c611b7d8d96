"use server";
import { action } from "#lib/gates/action";
import { inviteAgain, inviteUser } from "#lib/office/users/invite";
import { changeRole, disableUser, enableUser, revokeSessions } from "#lib/office/users/mutations";
import { invitationInput, roleInput, userInput } from "#lib/office/users/schema";

export const invite = action("users.edit", invitationInput, async (input, user) => {
  const result = await inviteUser(input, user);
  // The link stays in the letter: an administrator's screen never shows a key to somebody else's account.
  return result.ok ? { ok: true } : result;
});

export const resendInvitation = action("users.edit", userInput, ({ id }, user) => inviteAgain(id, user));

export const setRole = action("users.edit", roleInput, ({ id, role }, user) => changeRole(id, role, user.id));

export const disable = action("users.edit", userInput, ({ id }, user) => disableUser(id, user.id));

export const enable = action("users.edit", userInput, ({ id }, user) => enableUser(id, user.id));

export const endSessions = action("users.edit", userInput, ({ id }, user) => revokeSessions(id, user.id));
