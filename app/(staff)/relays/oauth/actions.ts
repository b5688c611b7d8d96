"use server";
import { getHouse } from "#lib/department/settings/house";
import { action } from "#lib/gates/action";
import { beginAuthorization, finishAuthorization } from "#lib/letters/relays/authorization";
import { authorizationInput, relayId } from "#lib/letters/relays/schema";

/** Off to the provider's, where the account's owner agrees. */
export const connect = action("relays.edit", relayId, async ({ id }, user) => {
  const { publicUrl } = await getHouse();
  const begun = await beginAuthorization(id, user.id, publicUrl);
  return begun.ok ? { ok: true, goTo: begun.url } : begun;
});

/** Back from it, and confirmed. */
export const finish = action("relays.edit", authorizationInput, async (input, user) => {
  const { publicUrl } = await getHouse();
  const finished = await finishAuthorization(input, user.id, publicUrl);
  return finished.ok ? { ok: true, goTo: `/relays/${finished.relayId}` } : finished;
});
