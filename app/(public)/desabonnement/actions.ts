"use server";
import { publicAction } from "#lib/gates/action";
import { type DeliveryName, signToken } from "#lib/machine/tokens";
import { followLink } from "#lib/returns/unsubscribe/link";
import { resubscribe as bringBack, unsubscribe as leave } from "#lib/returns/unsubscribe/mutations";
import { resubscribeInput, unsubscribeInput } from "#lib/returns/unsubscribe/schema";

/** Only what was done is said to be done: a link that cannot be read is refused. */
export const unsubscribe = publicAction(unsubscribeInput, async ({ token, scope }) => {
  const link = await followLink("unsubscribe", token);
  if (!link.ok) return link;
  const result = await leave({ deliveryId: link.deliveryId, scope, via: "page" });
  return result.ok ? { ok: true, goTo: page(link.delivery) } : result;
});

export const resubscribe = publicAction(resubscribeInput, async ({ token, scope }) => {
  const link = await followLink("unsubscribe", token);
  if (!link.ok) return link;
  const result = await bringBack({ deliveryId: link.deliveryId, scope });
  return result.ok ? { ok: true, goTo: page(link.delivery) } : result;
});

const page = (delivery: DeliveryName) => `/desabonnement/${signToken("unsubscribe", delivery)}`;
