"use server";
import { publicAction } from "#lib/gates/action";
import { refused } from "#lib/machine/result";
import { readToken, signToken } from "#lib/machine/tokens";
import { resubscribe as bringBack, unsubscribe as leave } from "#lib/returns/unsubscribe/mutations";
import { resubscribeInput, unsubscribeInput } from "#lib/returns/unsubscribe/schema";

/** Only what was done is said to be done: a link that cannot be read is refused. */
export const unsubscribe = publicAction(unsubscribeInput, async ({ token, scope }) => {
  const deliveryId = readToken("unsubscribe", token);
  if (deliveryId === null) return refused("incomplete");
  const result = await leave({ deliveryId, scope, via: "page" });
  return result.ok ? { ok: true, goTo: page(deliveryId) } : result;
});

export const resubscribe = publicAction(resubscribeInput, async ({ token, scope }) => {
  const deliveryId = readToken("unsubscribe", token);
  if (deliveryId === null) return refused("incomplete");
  const result = await bringBack({ deliveryId, scope });
  return result.ok ? { ok: true, goTo: page(deliveryId) } : result;
});

const page = (deliveryId: number) => `/desabonnement/${signToken("unsubscribe", deliveryId)}`;
