"use server";
import { action } from "#lib/action";
import { recordAudit } from "#lib/audit/mutations";
import { checkRelay } from "#lib/relays/check";
import { archiveIdentity, makeDefault, saveIdentity } from "#lib/relays/identities";
import { archiveRelay, createRelay, pauseRelay, resumeRelay, updateRelay } from "#lib/relays/mutations";
import { checkInput, defaultInput, identityInput, relayId, relayInput } from "#lib/relays/schema";
import { tryRelay } from "#lib/relays/trial";

export const save = action("relays.edit", relayInput, async (input) => {
  const result = input.id === undefined ? await createRelay(input) : await updateRelay(input.id, input);
  return result.ok ? { ok: true, goTo: `/relays/${result.id}` } : result;
});

export const check = action("relays.edit", checkInput, ({ id, what }) => checkRelay(id, what));

/** A message to whoever asks. */
export const attempt = action("relays.edit", relayId, ({ id }, user) => tryRelay(id, user));

export const pause = action("relays.edit", relayId, async ({ id }, user) => {
  const result = await pauseRelay(id);
  if (result.ok)
    await recordAudit({ userId: user.id, action: "relay.paused", subject: "relay", subjectId: id });
  return result;
});
export const resume = action("relays.edit", relayId, async ({ id }, user) => {
  const result = await resumeRelay(id);
  if (result.ok)
    await recordAudit({ userId: user.id, action: "relay.resumed", subject: "relay", subjectId: id });
  return result;
});

export const archive = action("relays.edit", relayId, async ({ id }) => {
  const result = await archiveRelay(id);
  return result.ok ? { ok: true, goTo: "/relays" } : result;
});

export const keepIdentity = action("relays.edit", identityInput, (input) => saveIdentity(input));
export const removeIdentity = action("relays.edit", relayId, ({ id }) => archiveIdentity(id));
export const chooseDefault = action("relays.edit", defaultInput, ({ id, leave }) =>
  makeDefault(id, leave === "yes"),
);
