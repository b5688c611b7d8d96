"use server";
import { publicAction } from "#lib/action";
import { requestReset } from "#lib/users/invite";
import { createFirstAdministrator, setPassword } from "#lib/users/mutations";
import { forgottenInput, newPasswordInput, setupInput } from "#lib/users/schema";

type Answer = Awaited<ReturnType<typeof setPassword>>;
const signedUp = (result: Answer) =>
  result.ok ? { ok: true as const, goTo: "/connexion?done=password" } : result;

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
  await requestReset(email);
  return { ok: true, goTo: "/connexion?done=reset" };
});
