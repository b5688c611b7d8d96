"use server";
import { publicAction } from "#lib/gates/action";
import { signToken } from "#lib/machine/tokens";
import { followLink } from "#lib/returns/unsubscribe/link";
import { choosePreferences } from "#lib/returns/unsubscribe/mutations";
import { preferencesInput } from "#lib/returns/unsubscribe/schema";

/** Only what was written is said to be: a link that cannot be read is refused. */
export const savePreferences = publicAction(preferencesInput, async ({ token, topics }) => {
  const link = await followLink("preferences", token);
  if (!link.ok) return link;
  const result = await choosePreferences({ deliveryId: link.deliveryId, topicIds: topics });
  return result.ok
    ? { ok: true, goTo: `/preferences/${signToken("preferences", link.delivery)}?fait=${topics.join(".")}` }
    : result;
});
