"use server";
import { publicAction } from "#lib/action";
import { readToken } from "#lib/tokens";
import { choosePreferences } from "#lib/unsubscribe/mutations";
import { preferencesInput } from "#lib/unsubscribe/schema";

/** A forged token gets the same answer as a good one, and does nothing. */
export const savePreferences = publicAction(preferencesInput, async ({ token, topics }) => {
  const deliveryId = readToken("preferences", token);
  const result = deliveryId === null ? null : await choosePreferences({ deliveryId, topicIds: topics });
  if (result && !result.ok) return result;
  const search = new URLSearchParams([["fait", "oui"], ...topics.map((id) => ["t", String(id)])]);
  return { ok: true, goTo: `/preferences/${encodeURIComponent(token)}?${search}` };
});
