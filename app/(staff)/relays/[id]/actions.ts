"use server";
import { action } from "#lib/action";
import type { ActsOn } from "#lib/audit/actions";
import { recordAudit } from "#lib/audit/mutations";
import {
  forgetLearned,
  forgetSlowDown,
  removeDomainLimits,
  setDomainLimits,
  setLimits,
  startWarmUp,
  stopWarmUp,
} from "#lib/relays/allowances";
import { addFallback, moveFallback, removeFallback } from "#lib/relays/fallbacks";
import {
  domainInput,
  domainName,
  fallbackInput,
  limitsInput,
  moveInput,
  warmUpInput,
} from "#lib/relays/limits-schema";
import { relayId } from "#lib/relays/schema";
import type { Result } from "#lib/result";
import type { SessionUser } from "#lib/session";

/** Writes down who changed the pace or the route of a relay's mail. */
async function noted<R extends Result>(
  result: R,
  verb: ActsOn<"relay">,
  id: number,
  user: SessionUser,
  data = {},
): Promise<R> {
  if (result.ok)
    await recordAudit({ userId: user.id, action: `relay.${verb}`, subject: "relay", subjectId: id, data });
  return result;
}

export const keepLimits = action("relays.edit", limitsInput, async (input, user) => {
  const { id, ...limits } = input;
  return noted(await setLimits(input), "limits", id, user, limits);
});
export const forget = action("relays.edit", relayId, async ({ id }, user) =>
  noted(await forgetLearned(id), "forgot", id, user),
);

export const warmUp = action("relays.edit", warmUpInput, async ({ id, from, days }, user) =>
  noted(await startWarmUp(id, from, days), "warmUpStarted", id, user, { from, days }),
);
export const endWarmUp = action("relays.edit", relayId, async ({ id }, user) =>
  noted(await stopWarmUp(id), "warmUpStopped", id, user),
);

export const keepDomain = action("relays.edit", domainInput, async (input, user) => {
  const { id, ...limits } = input;
  return noted(await setDomainLimits(input), "domainLimits", id, user, limits);
});
export const removeDomain = action("relays.edit", domainName, async ({ id, domain }, user) =>
  noted(await removeDomainLimits(id, domain), "domainRemoved", id, user, { domain }),
);
export const forgetDomain = action("relays.edit", domainName, async ({ id, domain }, user) =>
  noted(await forgetSlowDown(id, domain), "domainForgot", id, user, { domain }),
);

export const standIn = action("relays.edit", fallbackInput, async ({ id, relayId }, user) =>
  noted(await addFallback(id, relayId), "fallbackAdded", relayId, user, { identityId: id }),
);
export const standDown = action("relays.edit", fallbackInput, async ({ id, relayId }, user) =>
  noted(await removeFallback(id, relayId), "fallbackRemoved", relayId, user, { identityId: id }),
);
export const moveStandIn = action("relays.edit", moveInput, async ({ id, relayId, by }, user) =>
  noted(await moveFallback(id, relayId, by), "fallbackMoved", relayId, user, { identityId: id, by }),
);
