"use server";
import { action } from "#lib/gates/action";
import {
  forgetLearned,
  forgetSlowDown,
  removeDomainLimits,
  setDomainLimits,
  setLimits,
  startWarmUp,
  stopWarmUp,
} from "#lib/letters/ledger/allowances";
import { domainInput, domainName, limitsInput, warmUpInput } from "#lib/letters/ledger/schema";
import { addFallback, moveFallback, removeFallback } from "#lib/letters/relays/fallbacks";
import { fallbackInput, moveInput, relayId } from "#lib/letters/relays/schema";

export const keepLimits = action("relays.edit", limitsInput, (input, user) => setLimits(input, user.id));
export const forget = action("relays.edit", relayId, ({ id }, user) => forgetLearned(id, user.id));

export const warmUp = action("relays.edit", warmUpInput, ({ id, from, days }, user) =>
  startWarmUp(id, from, days, user.id),
);
export const endWarmUp = action("relays.edit", relayId, ({ id }, user) => stopWarmUp(id, user.id));

export const keepDomain = action("relays.edit", domainInput, (input, user) =>
  setDomainLimits(input, user.id),
);
export const removeDomain = action("relays.edit", domainName, ({ id, domain }, user) =>
  removeDomainLimits(id, domain, user.id),
);
export const forgetDomain = action("relays.edit", domainName, ({ id, domain }, user) =>
  forgetSlowDown(id, domain, user.id),
);

export const standIn = action("relays.edit", fallbackInput, ({ id, relayId }, user) =>
  addFallback(id, relayId, user.id),
);
export const removeStandIn = action("relays.edit", fallbackInput, ({ id, relayId }, user) =>
  removeFallback(id, relayId, user.id),
);
export const moveStandIn = action("relays.edit", moveInput, ({ id, relayId, by }, user) =>
  moveFallback(id, relayId, by, user.id),
);
