"use server";
import { publicAction } from "#lib/gates/action";
import { refused } from "#lib/machine/result";
import { readToken, signToken } from "#lib/machine/tokens";
import { choosePreferences } from "#lib/returns/unsubscribe/mutations";
import { preferencesInput } from "#lib/returns/unsubscribe/schema";

/** Only what was written is said to be: a link that cannot be read is refused. */
export const savePreferences = publicAction(preferencesInput, async ({ token, topics }) => {
  const deliveryId = readToken("preferences", token);
  if (deliveryId === null) return refused("incomplete");
  const result = await choosePreferences({ deliveryId, topicIds: topics });
  return result.ok
    ? { ok: true, goTo: `/preferences/${signToken("preferences", deliveryId)}?fait=${topics.join(".")}` }
    : result;
});
