"use server";
import { publicAction } from "#lib/action";
import { readToken } from "#lib/tokens";
import { resubscribe as bringBack, unsubscribe as leave } from "#lib/unsubscribe/mutations";
import { resubscribeInput, unsubscribeInput } from "#lib/unsubscribe/schema";

/** A forged token gets the same answer as a good one, and does nothing. */
export const unsubscribe = publicAction(unsubscribeInput, async ({ token, scope }) => {
  const deliveryId = readToken("unsubscribe", token);
  const result = deliveryId === null ? null : await leave({ deliveryId, scope, via: "page" });
  return result && !result.ok
    ? result
    : { ok: true, goTo: `/desabonnement/${encodeURIComponent(token)}?fait=${scope}` };
});

export const resubscribe = publicAction(resubscribeInput, async ({ token, scope }) => {
  const deliveryId = readToken("unsubscribe", token);
  const result = deliveryId === null ? null : await bringBack({ deliveryId, scope });
  return result && !result.ok
    ? result
    : { ok: true, goTo: `/desabonnement/${encodeURIComponent(token)}?fait=retour` };
});
