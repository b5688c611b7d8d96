"use server";
import { publicAction } from "#lib/action";
import { refused } from "#lib/result";
import { readToken, signToken } from "#lib/tokens";
import { choosePreferences } from "#lib/unsubscribe/mutations";
import { preferencesInput } from "#lib/unsubscribe/schema";

/** Only what was written is said to be: a link that cannot be read is refused. */
export const savePreferences = publicAction(preferencesInput, async ({ token, topics }) => {
  const deliveryId = readToken("preferences", token);
  if (deliveryId === null) return refused("incomplete");
  const result = await choosePreferences({ deliveryId, topicIds: topics });
  return result.ok
    ? { ok: true, goTo: `/preferences/${signToken("preferences", deliveryId)}?fait=oui` }
    : result;
});
