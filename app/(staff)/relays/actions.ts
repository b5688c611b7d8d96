"use server";
import { action } from "#lib/gates/action";
import { tryRelay } from "#lib/letters/deliveries/trial";
import { archiveIdentity, makeDefault, saveIdentity } from "#lib/letters/relays/identities";
import {
  archiveRelay,
  createRelay,
  pauseRelay,
  resumeRelay,
  updateRelay,
} from "#lib/letters/relays/mutations";
import { checkInput, defaultInput, identityInput, relayId, relayInput } from "#lib/letters/relays/schema";
import { checkRelay } from "#lib/returns/mailbox/check";

export const save = action("relays.edit", relayInput, async (input, user) => {
  const result =
    input.id === undefined ? await createRelay(input, user.id) : await updateRelay(input.id, input, user.id);
  return result.ok ? { ok: true, goTo: `/relays/${result.id}` } : result;
});

export const check = action("relays.edit", checkInput, ({ id, what }, user) => checkRelay(id, what, user.id));

/** A message to whoever asks. */
export const attempt = action("relays.edit", relayId, ({ id }, user) => tryRelay(id, user));

export const pause = action("relays.edit", relayId, ({ id }, user) => pauseRelay(id, user.id));
export const resume = action("relays.edit", relayId, ({ id }, user) => resumeRelay(id, user.id));

export const archive = action("relays.edit", relayId, async ({ id }, user) => {
  const result = await archiveRelay(id, user.id);
  return result.ok ? { ok: true, goTo: "/relays" } : result;
});

export const keepIdentity = action("relays.edit", identityInput, (input, user) =>
  saveIdentity(input, user.id),
);
export const removeIdentity = action("relays.edit", relayId, ({ id }, user) => archiveIdentity(id, user.id));
export const chooseDefault = action("relays.edit", defaultInput, ({ id, leave }, user) =>
  makeDefault(id, leave === "yes", user.id),
);
