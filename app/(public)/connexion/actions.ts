"use server";
import { publicAction } from "#lib/gates/action";
import { rememberBrowser, visitor } from "#lib/gates/session";
import { requestReset } from "#lib/office/users/invite";
import { createFirstAdministrator, setPassword } from "#lib/office/users/mutations";
import { forgottenInput, newPasswordInput, setupInput } from "#lib/office/users/schema";

type Answer = Awaited<ReturnType<typeof setPassword>>;
/** Whoever followed the link comes from the owner's mailbox: this browser is known from now on. */
async function signedUp(result: Answer) {
  if (!result.ok) return result;
  await rememberBrowser(result.userId);
  return { ok: true as const, goTo: "/connexion?done=password" };
}

/** Each carries a one-time token, but the last, which answers the same to everybody. */
export const setUp = publicAction(setupInput, async (input) =>
  signedUp(await createFirstAdministrator(input)),
);

export const acceptInvitation = publicAction(newPasswordInput, async ({ token, password }) =>
  signedUp(await setPassword("invitation", token, password)),
);

export const resetPassword = publicAction(newPasswordInput, async ({ token, password }) =>
  signedUp(await setPassword("reset", token, password)),
);

export const forget = publicAction(forgottenInput, async ({ email }) => {
  await requestReset(email, await visitor());
  return { ok: true, goTo: "/connexion?done=reset" };
});
