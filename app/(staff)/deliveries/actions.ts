"use server";
import { action } from "#lib/gates/action";
import { settleInput } from "#lib/letters/deliveries/schema";
import { settleUnknown } from "#lib/letters/deliveries/unknown";

/** One decision for every letter of unknown outcome, or for one of them. */
export const settleLetters = action("deliveries.settle", settleInput, ({ decision, deliveryId }, user) =>
  settleUnknown(null, decision, user.id, deliveryId),
);
